"""Reads an archive, and trusts nothing in it."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self
from zipfile import BadZipFile, ZipFile

from rapport.contact.v1 import records_pb2 as pb
from rapport_contact.taking_out.archive import FORMAT, MANIFEST, Checksum, content_file, records_file
from rapport_kit.door.uploads import PIECE
from rapport_kit.errors import Invalid
from rapport_kit.protojson import Decoders, Malformed

LONGEST: Final = 16 * 1024 * 1024
"""Bytes of a line, and of the manifest, at most."""
_RECORD: Any = pb.Record.DESCRIPTOR
_from_json: Final = Decoders().of(_RECORD)
_KINDS: Final = {field.json_name for field in pb.Record.DESCRIPTOR.fields}
_UNREADABLE: Final = (BadZipFile, KeyError, zlib.error, NotImplementedError, EOFError)
"""What is raised for a part that is missing, or is packed in a way that is wrong or unknown."""


class Reader:
    """An archive. `kinds` has how many records there are of each, and their checksum, in the order of the list."""

    def __init__(self, path: Path) -> None:
        """Raises Invalid: it is none, or one of another format."""
        try:
            self._zip = ZipFile(path)
            with self._zip.open(MANIFEST) as file:
                manifest = json.loads(file.read(LONGEST))
            self.kinds = {str(each["kind"]): (int(each["count"]), each["checksum"]) for each in manifest["records"]}
            known = manifest["format"] == FORMAT and self.kinds.keys() <= _KINDS
        except (*_UNREADABLE, TypeError, ValueError, RecursionError) as error:
            raise Invalid("NO_ARCHIVE", f"{path.name} is no archive of a take-out") from error
        if "personId" in manifest:
            raise Invalid("ARCHIVE_OF_ONE", f"{path.name} is of one person: only that of a whole tenant is restored")
        if not known:
            raise Invalid("NO_ARCHIVE", f"{path.name} is an archive of another format, or of a later release")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    @property
    def count(self) -> int:
        """How many records there are."""
        return sum(count for count, _ in self.kinds.values())

    def check(self) -> None:
        """Read all of it; raises Invalid when it is not as it was written."""
        for kind, expected in self.kinds.items():
            found = Checksum()
            for said, record in self._lines(kind):
                found.add(said)
                if kind == "file":
                    self._check_content(record.file.sha256)
            if (found.count, str(found)) != expected:
                raise _damaged(f"{records_file(kind)} is not as it was written")

    def records(self, kind: str) -> Iterator[pb.Record]:
        """The records of a kind; raises Invalid with the line that is none."""
        for _, record in self._lines(kind):
            yield record

    def content(self, sha256: str) -> IO[bytes]:
        """The content of files; raises Invalid when it is not there."""
        try:
            return self._zip.open(content_file(sha256))
        except _UNREADABLE as error:
            raise _damaged(f"{content_file(sha256)}: {error}") from error

    def _lines(self, kind: str) -> Iterator[tuple[dict[str, Any], pb.Record]]:
        try:
            with self._zip.open(records_file(kind)) as lines:
                number = 0
                while line := lines.readline(LONGEST):
                    number += 1
                    yield _read(line, kind, f"{records_file(kind)}, line {number}")
        except _UNREADABLE as error:
            raise _damaged(f"{records_file(kind)}: {error}") from error

    def _check_content(self, sha256: str) -> None:
        digest = hashlib.sha256()
        with self.content(sha256) as content:
            try:
                while piece := content.read(PIECE):
                    digest.update(piece)
            except _UNREADABLE as error:
                raise _damaged(f"{content_file(sha256)}: {error}") from error
        if digest.hexdigest() != sha256:
            raise _damaged(f"{content_file(sha256)} is not as it was written")


def _read(line: bytes, kind: str, place: str) -> tuple[dict[str, Any], pb.Record]:
    """A line as JSON, and the record that it is."""
    try:
        said, record = json.loads(line), pb.Record()
        _from_json(record, {kind: said})
    except (ValueError, RecursionError, Malformed) as error:
        raise _damaged(f"{place}: {error}") from error
    return said, record


def _damaged(what: str) -> Invalid:
    return Invalid("ARCHIVE_DAMAGED", what)
