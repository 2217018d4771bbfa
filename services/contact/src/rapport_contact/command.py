"""`rapport receipt` and `rapport keys`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from google.protobuf.descriptor import ServiceDescriptor

    from rapport_kit.rpc.client import Client


READABLE: Final[Mapping[str, Any]] = {"exists": True, "dir_okay": False, "readable": True}
KeyFile = Annotated[Path | None, typer.Option(help="Public keys as `rapport receipt keys` prints them.", **READABLE)]


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
    file: Annotated[Path, typer.Argument(help="The answer of ErasePerson as JSON, or its token alone.", **READABLE)],
    key: KeyFile = None,
    fingerprint: Annotated[str, typer.Option(help="The thumbprint of the key that must have signed it.")] = "",
) -> None:
    """Check a receipt offline, and print what it says; exit code 1 when it is not what it should be."""
    ((_, claims),) = _verified([file.read_text(errors="replace")], key, fingerprint)
    typer.echo(json.dumps(claims, indent=2))


def reapply(
    file: Annotated[
        Path, typer.Argument(help="Receipts, one a line, as they were kept outside the database.", **READABLE)
    ],
    key: KeyFile = None,
    fingerprint: Annotated[str, typer.Option(help="The thumbprint of the key that must have signed them.")] = "",
) -> None:
    """Erase everybody again whom receipts name, after a backup from before the erasures was restored.

    Nobody is erased unless every receipt is valid. Who is gone still stays so; it may be run as often as one likes.
    """
    from rapport.contact.v1 import people_pb2
    from rapport_contact.crypto.receipts import outcome
    from rapport_kit.errors import NotFound

    lines = file.read_text(errors="replace").splitlines()
    receipts = _verified([line for line in lines if line.strip()], key, fingerprint)

    async def ask(client: Client) -> None:
        for token, each in receipts:
            try:
                word = outcome(token, await client.erase_person(people_pb2.ErasePersonRequest(id=each["person_id"])))
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


def _verified(texts: Sequence[str], key: Path | None, fingerprint: str) -> list[tuple[str, dict[str, Any]]]:
    """The token of each receipt and what it says; exit code 1 when one of them is not what it should be."""
    from rapport_contact.crypto.receipts import Forged, fingerprint_of, read_receipts

    if not key and not fingerprint:
        raise typer.BadParameter("say whose receipt it must be: --key FILE or --fingerprint THUMBPRINT")
    try:
        given = [fingerprint] if fingerprint else []
        known = [fingerprint_of(each) for each in json.loads(key.read_text())["keys"]] if key else []
        return read_receipts(texts, [*given, *known])
    except (Forged, ValueError, KeyError, TypeError) as error:
        typer.secho(f"not valid: {error}", fg="red", err=True)
        raise typer.Exit(1) from None
