"""Writes an archive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import RawIOBase
from types import TracebackType
from typing import IO, Any, Self, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from rapport.contact.v1 import records_pb2 as pb
from rapport_contact.taking_out.archive import CONTRACT, FORMAT, MANIFEST, Checksum, content_file, records_file


class Writer:
    """Writes an archive, of one person if `person_id` says whose; records of one kind come one after another."""

    def __init__(self, target: IO[bytes] | RawIOBase, *, person_id: str = "") -> None:
        self._whose = {"personId": person_id} if person_id else {}
        self._zip = ZipFile(cast(IO[bytes], target), "w", ZIP_DEFLATED)
        self._checksums: dict[str, Checksum] = {}
        self._lines: IO[bytes] | None = None
        self._contents: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        self._zip.close()

    def add(self, kind: str, record: dict[str, Any]) -> None:
        """One record, as JSON has it."""
        if kind not in self._checksums:
            self._close()
            self._checksums[kind] = Checksum()
            self._lines = self._entry(records_file(kind))
        assert self._lines is not None, "records of one kind come one after another"
        self._lines.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        self._checksums[kind].add(record)

    @contextmanager
    def content(self, sha256: str) -> Iterator[IO[bytes]]:
        """Where to write a content that is not `has_content`."""
        self._close()
        with self._entry(content_file(sha256)) as target:
            yield target
        self._contents.add(sha256)

    def has_content(self, sha256: str) -> bool:
        """Whether a content is there: several files may share one."""
        return sha256 in self._contents

    def finish(self) -> dict[str, Checksum]:
        """Say what it all is; how many records there are of each kind."""
        self._close()
        kinds = [{"kind": kind, "count": each.count, "checksum": str(each)} for kind, each in self._checksums.items()]
        made = {"format": FORMAT, "takeTime": datetime.now(UTC).isoformat()}
        taken = made | self._whose | {"records": kinds}
        self._zip.writestr(MANIFEST, json.dumps(taken, indent=2))
        self._zip.writestr(CONTRACT, contract())
        return self._checksums

    def _entry(self, name: str) -> IO[bytes]:
        entry = ZipInfo(name, date_time=datetime.now(UTC).timetuple()[:6])  # else it would be of 1980
        entry.compress_type = ZIP_DEFLATED
        return self._zip.open(entry, "w", force_zip64=True)

    def _close(self) -> None:
        if self._lines is not None:
            self._lines.close()
            self._lines = None


def contract() -> bytes:
    """What the records follow, with all that it imports."""
    found: dict[str, FileDescriptor] = {}

    def collect(file: FileDescriptor) -> None:
        for each in file.dependencies:
            collect(each)
        found.setdefault(file.name, file)

    collect(pb.DESCRIPTOR)
    whole = FileDescriptorSet()
    for each in found.values():
        each.CopyToProto(whole.file.add())
    return whole.SerializeToString()
