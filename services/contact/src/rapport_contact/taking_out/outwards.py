"""What `rapport take-out` does: ask for all records, fetch the contents of files, tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console

from rapport.contact.v1 import files_pb2
from rapport.contact.v1 import records_pb2 as pb
from rapport_contact.taking_out.door import LONGEST, Door
from rapport_contact.taking_out.writer import Writer
from rapport_kit.door.output import whole_file
from rapport_kit.errors import NotFound, Refused


async def write_archive(path: Path) -> bool:
    """Write the archive; false when the content of a file could not be had. What was broken off leaves none."""
    told = Console(stderr=True)
    left_out: list[str] = []
    with told.status("taking out") as status, whole_file(path) as target, Writer(target) as writer:
        files, count = list[dict[str, Any]](), 0
        async with Door() as door:
            async for kind, record in door.every_record():
                if kind != "file":
                    _add(files, writer)
                    writer.add(kind, record)
                elif "deleteTime" in record:
                    continue  # nothing is kept of its content
                elif await _fetched(record, door, writer):
                    files.append(record)
                else:
                    left_out.append(record["id"])
                count += 1
                status.update(f"taking out: {count:,} records")
        _add(files, writer)
        checksums = writer.finish()
    for kind, each in checksums.items():
        told.print(f"{kind}: {each.count:,}", highlight=False)
    for id_ in left_out:
        told.print(f"left out: files/{id_}, whose content is not given out", highlight=False)
    return not left_out


async def write_person(path: Path, person_id: str) -> None:
    """Write what is kept about one person. What was broken off leaves no archive."""
    with whole_file(path) as target:
        async with Door() as door:
            request = pb.TakeOutPersonRequest(id=person_id)
            async for piece in (await door.records()).take_out_person(request, timeout=LONGEST):
                target.write(piece.data)


def _add(files: list[dict[str, Any]], writer: Writer) -> None:
    """Add the records of files once the contents of all of them are there."""
    for file in files:
        writer.add("file", file)
    files.clear()


async def _fetched(file: dict[str, Any], door: Door, writer: Writer) -> bool:
    """Have the content in the archive; false when it is not given out: infected, not scanned yet, or just deleted."""
    if writer.has_content(file["sha256"]):
        return True
    pieces = (await door.files()).download_file(files_pb2.DownloadFileRequest(id=file["id"]), timeout=LONGEST)
    try:
        first = await anext(pieces)
    except (Refused, NotFound):
        return False
    with writer.content(file["sha256"]) as target:
        target.write(first.data)
        async for piece in pieces:
            target.write(piece.data)
    return True
