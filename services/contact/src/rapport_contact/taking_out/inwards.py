"""What `rapport restore` does: check the archive, restore its records the last first, compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, Final

from google.protobuf import json_format
from rich.console import Console

from rapport.contact.v1 import records_pb2 as pb
from rapport_contact.taking_out.archive import Archive, Checksum
from rapport_contact.taking_out.door import LONGEST, PAGE, Door
from rapport_kit.door.output import share
from rapport_kit.errors import Invalid

PIECE: Final = 256 * 1024
MOST_BYTES: Final = 1024 * 1024
"""Of the records of one call, but for one that is longer."""
OF_ITS_KIND: Final = ("parentId", "mergedInto")
"""Fields by which a record names another of its kind, which must be there before."""
Record = dict[str, Any]


async def read_archive(path: Path) -> bool:
    """Restore the archive; whether the tenant's records are now those of it."""
    archive = Archive(path)
    archive.check()
    told = Console(stderr=True)
    async with Door() as door:
        restoring = Restoring(archive, door)
        with share(path.name, archive.count) as move:
            for kind in reversed(archive.kinds):
                await restoring.bring_in(kind, move)
        told.print(f"{restoring.restored:,} restored, {restoring.kept:,} were there", highlight=False)
        found = await _checksums(door)
    equal = {kind: str(found[kind]) == checksum for kind, (_, checksum) in archive.kinds.items()}
    for kind, same in equal.items():
        word = "equal" if same else f"not equal to the {archive.kinds[kind][0]:,} of the archive"
        told.print(f"{kind}: {found[kind].count:,}, {word}", highlight=False)
    return all(equal.values())


class Restoring:
    """Counts what becomes of the records of an archive."""

    def __init__(self, archive: Archive, door: Door) -> None:
        self._archive = archive
        self._door = door
        self.restored = 0
        self.kept = 0

    async def bring_in(self, kind: str, move: Callable[[int, str], None]) -> None:
        """Restore all records of a kind; `move` is told how far it has come, and with what."""
        if kind == "file":
            for record in self._archive.records(kind):
                await self._restore_file(record)
                move(self.restored + self.kept, kind)
            return
        for batch in _batches(kind, _in_order(self._archive.records(kind))):
            self._count(await (await self._door.records()).restore_records(batch, timeout=LONGEST))
            move(self.restored + self.kept, kind)

    async def _restore_file(self, record: Record) -> None:
        request = pb.UploadFileRecordRequest(file=_parsed("file", record).file)
        self._count(await (await self._door.records()).upload_file_record(self._pieces(request), timeout=LONGEST))

    async def _pieces(self, request: pb.UploadFileRecordRequest) -> AsyncIterator[pb.UploadFileRecordRequest]:
        with self._archive.content(request.file.sha256) as content:
            piece = content.read(PIECE)
            while True:
                following = content.read(PIECE)
                request.content.data, request.content.last = piece, not following
                yield request
                if not following:
                    return
                request, piece = pb.UploadFileRecordRequest(), following

    def _count(self, answer: pb.RestoreRecordsResponse) -> None:
        self.restored += answer.restored_count
        self.kept += answer.kept_count


def _in_order(records: Iterator[Record]) -> Iterator[Record]:
    """Those that name others of their kind come after these.

    Raises:
        Invalid: some name each other, or one that there is none of.
    """
    aside: dict[str, Record] = {}
    for record in records:
        if any(record.get(name) for name in OF_ITS_KIND):
            aside[record["id"]] = record
        else:
            yield record
    while aside:
        ready = [each for each in aside.values() if not any(each.get(name) in aside for name in OF_ITS_KIND)]
        if not ready:
            raise Invalid("ARCHIVE_DAMAGED", f"records name each other: {', '.join(sorted(aside))}")
        for each in ready:
            del aside[each["id"]]
            yield each


def _batches(kind: str, records: Iterator[Record]) -> Iterator[pb.RestoreRecordsRequest]:
    batch, size = pb.RestoreRecordsRequest(), 0
    for record in records:
        entry = _parsed(kind, record)
        grown = size + entry.ByteSize()
        if batch.records and (len(batch.records) == PAGE or grown > MOST_BYTES):
            yield batch
            batch, grown = pb.RestoreRecordsRequest(), entry.ByteSize()
        batch.records.append(entry)
        size = grown
    if batch.records:
        yield batch


def _parsed(kind: str, record: Record) -> pb.Record:
    try:
        return json_format.ParseDict({kind: record}, pb.Record())
    except json_format.ParseError as error:
        raise Invalid("ARCHIVE_DAMAGED", f"{kind} {record.get('id')}: {error}") from error


async def _checksums(door: Door) -> dict[str, Checksum]:
    found: dict[str, Checksum] = defaultdict(Checksum)
    async for kind, record in door.every_record():
        found[kind].add(record)
    return found
