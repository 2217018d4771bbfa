"""What `rapport export` does: ask, write, tell."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from rapport.contact.v1 import exports_pb2 as pb
from rapport_kit.door.connection import Connection
from rapport_kit.door.output import whole_file

LONGEST: Final = 3600.0
"""Seconds that an export may take."""
_SERVICE: Final = pb.DESCRIPTOR.services_by_name["ExportService"]


@dataclass(frozen=True)
class Wish:
    """What is to be exported, and how; without `columns` all that an import takes back."""

    resource: str
    file_format: str
    filter: str
    order_by: str
    columns: tuple[str, ...]


async def give_out(wish: Wish, output: Path | None) -> None:
    """Write the file to `output`, or to standard output; what was broken off leaves no file."""
    connection = Connection()
    told = Console(stderr=True)
    async with connection.client(_SERVICE, await connection.access_token()) as client:
        writing = nullcontext(sys.stdout.buffer) if output is None else whole_file(output)
        with told.status(f"exporting {wish.resource}") as status, writing as target:
            size = 0
            async for piece in _pieces(client, wish):
                target.write(piece.data)
                size += len(piece.data)
                status.update(f"exporting {wish.resource}: {size:,} bytes")
    told.print(f"{output or wish.resource}: {size:,} bytes", markup=False, highlight=False)


def _pieces(client: Any, wish: Wish) -> AsyncIterator[Any]:
    asked: dict[str, Any] = {
        "file_format": f"FILE_FORMAT_{wish.file_format}",
        "filter": wish.filter,
        "order_by": wish.order_by,
        "columns": wish.columns,
    }
    if wish.resource == "people":
        pieces = client.export_people(pb.ExportPeopleRequest(**asked), timeout=LONGEST)
    else:
        pieces = client.export_organisations(pb.ExportOrganisationsRequest(**asked), timeout=LONGEST)
    found: AsyncIterator[Any] = pieces
    return found
