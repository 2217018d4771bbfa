"""`rapport receipt` and `rapport keys`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from google.protobuf.descriptor import ServiceDescriptor

    from rapport_kit.rpc.client import Client


def register(app: typer.Typer) -> None:
    """Adds the commands; the entry point group `rapport.commands` leads here."""
    receipt = typer.Typer(help="Receipts of erasure.", no_args_is_help=True)
    receipt.command("verify")(verify)
    receipt.command("keys")(receipt_keys)
    receipt.command("reapply")(reapply)
    keys = typer.Typer(help="The keys of people.", no_args_is_help=True)
    keys.callback()(lambda: None)
    keys.command("rotate")(rotate)
    app.add_typer(receipt, name="receipt")
    app.add_typer(keys, name="keys")


def verify(
    file: Annotated[Path, typer.Argument(help="The answer of ErasePerson as JSON, or its token alone.")],
    key: Annotated[Path | None, typer.Option(help="Public keys as `rapport receipt keys` prints them.")] = None,
    fingerprint: Annotated[str, typer.Option(help="The thumbprint of the key that must have signed it.")] = "",
) -> None:
    """Check a receipt offline, and print what it says; exit code 1 when it is not what it should be."""
    (claims,) = _verified([_token(file.read_text())], key, fingerprint)
    typer.echo(json.dumps(claims, indent=2))


def reapply(
    file: Annotated[Path, typer.Argument(help="Receipts, one a line, as they were kept outside the database.")],
    key: Annotated[Path | None, typer.Option(help="Public keys as `rapport receipt keys` prints them.")] = None,
    fingerprint: Annotated[str, typer.Option(help="The thumbprint of the key that must have signed them.")] = "",
) -> None:
    """Erase everybody again whom receipts name, after a backup from before the erasures was restored.

    Nobody is erased unless every receipt is valid. Who is gone still stays so; it may be run as often as one likes.
    """
    from rapport.contact.v1 import people_pb2
    from rapport_kit.errors import NotFound

    tokens = [_token(line) for line in file.read_text().splitlines() if line.strip()]
    claims = _verified(tokens, key, fingerprint)

    async def ask(client: Client) -> None:
        for token, each in zip(tokens, claims, strict=True):
            try:
                answer: Any = await client.erase_person(people_pb2.ErasePersonRequest(id=each["person_id"]))
                word = "gone already" if answer.token == token else "held in part" if answer.refusals else "erased"
            except NotFound:
                word = "not known"
            typer.echo(f"{each['person_id']} {word}")

    asyncio.run(_asked(ask, people_pb2.DESCRIPTOR.services_by_name["PersonService"]))


def receipt_keys() -> None:
    """Print the public keys of this installation's receipts, as a JWK set."""
    from google.protobuf import json_format

    from rapport.contact.v1 import privacy_pb2 as pb

    async def ask(client: Client) -> Any:
        return await client.get_receipt_keys(pb.GetReceiptKeysRequest())

    service = pb.DESCRIPTOR.services_by_name["PrivacyService"]
    typer.echo(json_format.MessageToJson(asyncio.run(_asked(ask, service, public=True))))


def rotate() -> None:
    """Make a new key for the tenant and have the keys of all its people wrapped with it, while work goes on."""
    from rapport.contact.v1 import privacy_pb2 as pb

    async def ask(client: Client) -> Any:
        return await client.rotate_subject_keys(pb.RotateSubjectKeysRequest())

    asyncio.run(_asked(ask, pb.DESCRIPTOR.services_by_name["PrivacyService"]))
    typer.echo("a new key is in use; the keys of people are being wrapped with it")


async def _asked(ask: Any, service: ServiceDescriptor, *, public: bool = False) -> Any:
    from rapport_kit.door.connection import Connection

    connection = Connection()
    token = "" if public else await connection.access_token()
    async with connection.client(service, token) as client:
        return await ask(client)


def _verified(tokens: Sequence[str], key: Path | None, fingerprint: str) -> list[dict[str, Any]]:
    """What receipts say; exit code 1 when one of them is not what it should be."""
    from rapport_contact.crypto.receipts import Forged, fingerprint_of, verify

    if not key and not fingerprint:
        raise typer.BadParameter("say whose receipt it must be: --key FILE or --fingerprint THUMBPRINT")
    try:
        given = [fingerprint] if fingerprint else []
        known = [fingerprint_of(each) for each in json.loads(key.read_text())["keys"]] if key else []
        return [verify(token, [*given, *known]) for token in tokens]
    except (Forged, ValueError, KeyError) as error:
        typer.secho(f"not valid: {error}", fg="red", err=True)
        raise typer.Exit(1) from None


def _token(text: str) -> str:
    """The token in an answer, or the text itself."""
    return str(json.loads(text)["token"]) if text.lstrip().startswith("{") else text.strip()
