"""`rapport export`: people or organisations as a file, through the front door."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rapport_contact.importing.command import Resource


class Format(StrEnum):
    """What file is made."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    VCARD = "vcard"


def register(app: typer.Typer) -> None:
    """Adds the command; the entry point group `rapport.commands` leads here."""
    app.command("export", rich_help_panel="Resources")(export)


def export(
    resource: Annotated[Resource, typer.Argument(help="What is exported.")],
    file_format: Annotated[Format, typer.Option("--format", help="vcard is for people.")] = Format.CSV,
    filter_: Annotated[str, typer.Option("--filter", help='AIP-160, such as `family_name = "Bell"`.')] = "",
    order_by: Annotated[str, typer.Option(help="Such as `family_name, create_time desc`.")] = "",
    columns: Annotated[
        str, typer.Option(metavar="PATH,PATH…", help="As an import maps them, such as `given_name,email[work]`.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", dir_okay=False, help="A file instead of standard output.")
    ] = None,
) -> None:
    """Write what may be listed to a file that `rapport import` takes back."""
    from rapport_contact.exporting.file import Wish, give_out

    wanted = tuple(part.strip() for part in columns.split(",") if part.strip())
    asyncio.run(give_out(Wish(resource.value, file_format.name, filter_, order_by, wanted), output))
