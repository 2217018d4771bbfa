"""The archive: a ZIP of JSON lines, one file a kind of records, of contents, and of what says what it all is.

    manifest.json            when it was made, and of each kind how many records there are and their checksum
    contract.binpb           the contract that the records follow: a serialized google.protobuf.FileDescriptorSet
    records/person.jsonl     a record a line, as JSON of its message (ProtoJSON), by its id
    contents/SHA256          the content of files

The kinds of the manifest are in the order in which they were taken out, so that each is referred to by none after it.
A checksum is the SHA-256 of the lines without what follows from where a record lies: `BOUND_TO_PLACE`.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from rapport.contact.v1 import records_pb2 as pb
from rapport_kit.errors import Invalid

FORMAT: Final = "rapport.contact.v1.Record"
BOUND_TO_PLACE: Final = frozenset({"etag", "updateTime", "scanState"})
"""Fields of records that are not the same at another place."""
LONGEST: Final = 16 * 1024 * 1024
"""Letters of a line at most."""
_MANIFEST, _CONTRACT = "manifest.json", "contract.binpb"


class Checksum:
    """Counts records of one kind, in the order of their ids."""

    def __init__(self) -> None:
        self.count = 0
        self._digest = hashlib.sha256()

    def add(self, record: dict[str, Any]) -> None:
        """One more."""
        told = {name: value for name, value in record.items() if name not in BOUND_TO_PLACE}
        self._digest.update(json.dumps(told, sort_keys=True, ensure_ascii=False).encode() + b"\n")
        self.count += 1

    def __str__(self) -> str:
        return self._digest.hexdigest()


class Writer:
    """Writes an archive; records of one kind come one after another."""

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = ZipFile(target, "w", ZIP_DEFLATED)
        self._checksums: dict[str, Checksum] = {}
        self._lines: IO[bytes] | None = None
        self._contents: set[str] = set()

    def add(self, kind: str, record: dict[str, Any]) -> None:
        """One record, as JSON has it."""
        if kind not in self._checksums:
            self._close()
            self._checksums[kind] = Checksum()
            self._lines = self._zip.open(_records(kind), "w", force_zip64=True)
        assert self._lines is not None, "records of one kind come one after another"
        self._lines.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        self._checksums[kind].add(record)

    @contextmanager
    def content(self, sha256: str) -> Iterator[IO[bytes]]:
        """Where to write a content that is not `has_content`."""
        self._close()
        with self._zip.open(_content(sha256), "w", force_zip64=True) as target:
            yield target
        self._contents.add(sha256)

    def has_content(self, sha256: str) -> bool:
        """Whether a content is there: several files may share one."""
        return sha256 in self._contents

    def finish(self) -> dict[str, Checksum]:
        """Say what it all is; how many records there are of each kind."""
        self._close()
        kinds = [{"kind": kind, "count": each.count, "checksum": str(each)} for kind, each in self._checksums.items()]
        taken = {"format": FORMAT, "takeTime": datetime.now(UTC).isoformat(), "records": kinds}
        self._zip.writestr(_MANIFEST, json.dumps(taken, indent=2))
        self._zip.writestr(_CONTRACT, _contract())
        self._zip.close()
        return self._checksums

    def _close(self) -> None:
        if self._lines is not None:
            self._lines.close()
            self._lines = None


class Archive:
    """Reads an archive."""

    def __init__(self, path: Path) -> None:
        """Raises Invalid: it is none, or a later one."""
        try:
            self._zip = ZipFile(path)
            manifest = json.loads(self._zip.read(_MANIFEST))
            self.kinds = {each["kind"]: (int(each["count"]), str(each["checksum"])) for each in manifest["records"]}
            known = manifest["format"] == FORMAT
        except (BadZipFile, KeyError, TypeError, ValueError) as error:
            raise Invalid("NO_ARCHIVE", f"{path.name} is no archive of a take-out") from error
        if not known:
            raise Invalid("NO_ARCHIVE", f"{path.name} is an archive of another kind: {manifest['format']}")

    @property
    def count(self) -> int:
        """How many records there are."""
        return sum(count for count, _ in self.kinds.values())

    def check(self) -> None:
        """Read it all; raises Invalid when it is not as it was written."""
        for kind, (count, checksum) in self.kinds.items():
            found = Checksum()
            for record in self.records(kind):
                found.add(record)
            if (found.count, str(found)) != (count, checksum):
                raise Invalid("ARCHIVE_DAMAGED", f"{_records(kind)} is not as it was written")

    def records(self, kind: str) -> Iterator[dict[str, Any]]:
        """The records of a kind, as JSON has them; raises Invalid with the line that is none."""
        try:
            with self._zip.open(_records(kind)) as lines:
                number = 0
                while line := lines.readline(LONGEST):
                    number += 1
                    yield _object(line, f"{_records(kind)}, line {number}")
        except (BadZipFile, KeyError, zlib.error) as error:
            raise Invalid("ARCHIVE_DAMAGED", f"{_records(kind)}: {error}") from error

    def content(self, sha256: str) -> IO[bytes]:
        """The content of files; raises Invalid when it is not there."""
        try:
            return self._zip.open(_content(sha256))
        except KeyError as error:
            raise Invalid("ARCHIVE_DAMAGED", f"{_content(sha256)} is missing") from error


def _object(line: bytes, place: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise Invalid("ARCHIVE_DAMAGED", f"{place}: {error}") from error
    if not isinstance(found, dict):
        raise Invalid("ARCHIVE_DAMAGED", f"{place}: is no record")
    return found


def _records(kind: str) -> str:
    return f"records/{kind}.jsonl"


def _content(sha256: str) -> str:
    return f"contents/{sha256}"


def _contract() -> bytes:
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
