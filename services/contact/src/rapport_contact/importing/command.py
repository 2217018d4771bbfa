"""`rapport import`: files of people or organisations, through the front door."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Resource(StrEnum):
    """What the rows of a file are."""

    PEOPLE = "people"
    ORGANISATIONS = "organisations"


class Policy(StrEnum):
    """What happens to a row that matches a record."""

    SKIP = "skip"
    FILL_BLANKS = "fill-blanks"
    OVERWRITE = "overwrite"
    LINK_BY_EXTERNAL_ID = "link-by-external-id"


def register(app: typer.Typer) -> None:
    """Adds the command; the entry point group `rapport.commands` leads here."""
    app.command("import", rich_help_panel="Resources")(import_)


def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False, help="CSV, XLSX, Parquet or vCard.")
    ],
    resource: Annotated[Resource, typer.Option("--as", help="What the rows are.")] = Resource.PEOPLE,
    mapped: Annotated[
        list[str],
        typer.Option("--map", metavar="COLUMN=TARGET", help="Such as `No=external_id[erp]`; the rest is guessed."),
    ] = [],  # noqa: B006 - typer reads the default, nobody changes it
    policy: Annotated[Policy, typer.Option(help="What happens to a row that matches a record.")] = Policy.SKIP,
    source: Annotated[str, typer.Option(help="Where the file is from: names its ids.")] = "",
    leave_out: Annotated[
        bool, typer.Option("--leave-out-bad-values", help="Import a row without a value that is none of its kind.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check everything, and write nothing.")] = False,
) -> None:
    """Import files; each is a job that can be undone. Ends with 1 when a file or a row was refused."""
    from rapport_contact.importing.file import Wish, bring_in

    targets = dict(_pair(each) for each in mapped)
    wish = Wish(resource.value, targets, policy.value.replace("-", "_").upper(), source, leave_out, dry_run)
    clean = [asyncio.run(bring_in(file, wish)) for file in files]
    if not all(clean):
        raise typer.Exit(1)


def _pair(text: str) -> tuple[str, str]:
    column, equals, target = text.rpartition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not COLUMN=TARGET", param_hint="--map")
    return column, target
