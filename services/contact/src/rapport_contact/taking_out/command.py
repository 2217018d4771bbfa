"""`rapport take-out` and `rapport restore`: all records of a tenant as one archive, through the front door."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the commands; the entry point group `rapport.commands` leads here."""
    app.command("take-out", rich_help_panel="Resources")(take_out)
    app.command("restore", rich_help_panel="Resources")(restore)


def take_out(
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE", dir_okay=False, help="A ZIP file, which is made.")],
    person: Annotated[str, typer.Option(metavar="ID", help="Only what is kept about this person, to be read.")] = "",
) -> None:
    """Write all records of the tenant, with the contents of files, to an archive that `rapport restore` takes back.

    Ends with 1 when the content of a file is not given out, as that of one that is infected; the archive is whole but
    for that file.
    """
    from rapport_contact.taking_out.outwards import write_archive, write_person

    if person:
        asyncio.run(write_person(archive, person))
    elif not asyncio.run(write_archive(archive)):
        raise typer.Exit(1)


def restore(
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE", exists=True, dir_okay=False)],
) -> None:
    """Bring all records of an archive into this tenant, as they were; what is there stays as it is.

    It may be run again after it was broken off. Ends with 1 when the tenant's records are not those of the archive at
    the end, as when it had others before.
    """
    from rapport_contact.taking_out.inwards import read_archive

    if not asyncio.run(read_archive(archive)):
        raise typer.Exit(1)
