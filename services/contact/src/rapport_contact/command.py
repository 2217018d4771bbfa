"""`rapport receipt` and `rapport keys`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rapport_kit.rpc.client import Client


def register(app: typer.Typer) -> None:
    """Adds the commands; the entry point group `rapport.commands` leads here."""
    receipt = typer.Typer(help="Receipts of erasure.", no_args_is_help=True)
    receipt.command("verify")(verify)
    receipt.command("keys")(receipt_keys)
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
    from rapport_contact.crypto.receipts import Forged, fingerprint_of
    from rapport_contact.crypto.receipts import verify as verified

    if not key and not fingerprint:
        raise typer.BadParameter("say whose receipt it must be: --key FILE or --fingerprint THUMBPRINT")
    try:
        given = [fingerprint] if fingerprint else []
        known = [fingerprint_of(each) for each in json.loads(key.read_text())["keys"]] if key else []
        claims = verified(_token(file.read_text()), [*given, *known])
    except (Forged, ValueError, KeyError) as error:
        typer.secho(f"not valid: {error}", fg="red", err=True)
        raise typer.Exit(1) from None
    typer.echo(json.dumps(claims, indent=2))


def receipt_keys() -> None:
    """Print the public keys of this installation's receipts, as a JWK set."""
    from google.protobuf import json_format

    from rapport.contact.v1 import privacy_pb2 as pb

    async def ask(client: Client) -> Any:
        return await client.get_receipt_keys(pb.GetReceiptKeysRequest())

    typer.echo(json_format.MessageToJson(asyncio.run(_asked(ask, public=True))))


def rotate() -> None:
    """Make a new key for the tenant and have the keys of all its people wrapped with it, while work goes on."""
    from rapport.contact.v1 import privacy_pb2 as pb

    async def ask(client: Client) -> Any:
        return await client.rotate_subject_keys(pb.RotateSubjectKeysRequest())

    asyncio.run(_asked(ask))
    typer.echo("a new key is in use; the keys of people are being wrapped with it")


async def _asked(ask: Any, *, public: bool = False) -> Any:
    from rapport.contact.v1 import privacy_pb2 as pb
    from rapport_kit.door.connection import Connection

    connection = Connection()
    token = "" if public else await connection.access_token()
    async with connection.client(pb.DESCRIPTOR.services_by_name["PrivacyService"], token) as client:
        return await ask(client)


def _token(text: str) -> str:
    """The token in an answer, or the text itself."""
    return str(json.loads(text)["token"]) if text.lstrip().startswith("{") else text
