"""What `rapport restore` does: check the archive, restore its records the last first, compare."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from rapport.contact.v1 import records_pb2 as pb
from rapport_contact.taking_out.archive import Checksum
from rapport_contact.taking_out.door import LONGEST, PAGE, Door
from rapport_contact.taking_out.reader import Reader
from rapport_kit.door.output import share
from rapport_kit.door.uploads import pieces
from rapport_kit.errors import DomainError, Invalid

MOST_BYTES: Final = 1024 * 1024
"""Of the records of one call, but for one that is longer."""
OF_ITS_KIND: Final = ("parent_id", "merged_into")
"""Fields by which a record names another of its kind, which must be there before."""
_PLACE: Final = re.compile(r"\brecords\[(\d+)\]\.(\w+)[.:]? ?")


async def read_archive(path: Path) -> bool:
    """Restore the archive; whether the tenant's records are now those of it, and no others."""
    told = Console(stderr=True)
    with Reader(path) as archive:
        archive.check()
        async with Door() as door:
            restoring = Restoring(archive, door)
            with share(path.name, archive.count) as move:
                for kind in reversed(archive.kinds):
                    await restoring.bring_in(kind, move)
            told.print(f"{restoring.restored:,} restored, {restoring.kept:,} were there", highlight=False)
            found = await _checksums(door)
    equal = True
    for kind in dict.fromkeys([*archive.kinds, *found]):
        count, checksum = archive.kinds.get(kind, (0, ""))
        same = str(found[kind]) == checksum
        equal = equal and same
        word = "equal" if same else f"not equal to the {count:,} of the archive"
        told.print(f"{kind}: {found[kind].count:,}, {word}", highlight=False)
    return equal


class Restoring:
    """Counts what becomes of the records of an archive."""

    def __init__(self, archive: Reader, door: Door) -> None:
        self._archive = archive
        self._door = door
        self.restored = 0
        self.kept = 0

    async def bring_in(self, kind: str, move: Callable[[int, str], None]) -> None:
        """Restore all records of a kind; `move` is told how far it has come, and with what."""
        records = self._archive.records(kind)
        if kind == "file":
            for record in records:
                with self._archive.content(record.file.sha256) as content:
                    sent = pieces(pb.UploadFileRecordRequest(file=record.file), content)
                    self._count(await (await self._door.records()).upload_file_record(sent, timeout=LONGEST))
                move(self.restored + self.kept, kind)
            return
        for batch in _batches(_in_order(kind, records)):
            try:
                self._count(await (await self._door.records()).restore_records(batch, timeout=LONGEST))
            except DomainError as error:
                raise _of_archive(error, batch) from error
            move(self.restored + self.kept, kind)

    def _count(self, answer: pb.RestoreRecordsResponse) -> None:
        self.restored += answer.restored_count
        self.kept += answer.kept_count


def _of_archive(error: DomainError, batch: pb.RestoreRecordsRequest) -> DomainError:
    """The error in terms of the archive: the record that a service names by its place has a kind and an id."""

    def named(place: re.Match[str]) -> str:
        record: Any = getattr(batch.records[int(place[1])], place[2])
        return f"{place[2]} {record.id}: "

    told = _PLACE.sub(named, error.message)
    return type(error)(error.reason, told, violations=error.violations, **error.metadata)


def _in_order(kind: str, records: Iterator[pb.Record]) -> Iterator[pb.Record]:
    """Those that name others of their kind come after these.

    Raises:
        Invalid: some name each other.
    """
    aside: dict[str, tuple[set[str], pb.Record]] = {}
    for record in records:
        said: Any = getattr(record, str(record.WhichOneof("record")))
        named = {getattr(said, name, "") for name in OF_ITS_KIND} - {""}
        if named:
            aside[said.id] = named, record
        else:
            yield record
    while aside:
        ready = [id_ for id_, (named, _) in aside.items() if named.isdisjoint(aside)]
        if not ready:
            raise Invalid("ARCHIVE_DAMAGED", f"{kind}: {len(aside)} records name each other, such as {min(aside)}")
        for id_ in ready:
            yield aside.pop(id_)[1]


def _batches(records: Iterator[pb.Record]) -> Iterator[pb.RestoreRecordsRequest]:
    batch, size = pb.RestoreRecordsRequest(), 0
    for record in records:
        if batch.records and (len(batch.records) == PAGE or size + record.ByteSize() > MOST_BYTES):
            yield batch
            batch, size = pb.RestoreRecordsRequest(), 0
        batch.records.append(record)
        size += record.ByteSize()
    if batch.records:
        yield batch


async def _checksums(door: Door) -> dict[str, Checksum]:
    """Of all records that are to be compared: a file in the trash has left its content where it was."""
    found: dict[str, Checksum] = defaultdict(Checksum)
    async for kind, record in door.every_record():
        if kind != "file" or "deleteTime" not in record:
            found[kind].add(record)
    return found
