"""The archive: a ZIP of JSON lines, one file a kind of records, of contents, and of what says what it all is.

    manifest.json            when it was made, and of each kind how many records there are and their checksum;
                             `personId` says of whom it is, when it is one person's
    contract.binpb           the contract that the records follow: a serialized google.protobuf.FileDescriptorSet
    records/person.jsonl     a record a line, as JSON of its message (ProtoJSON), by its id
    contents/SHA256          the content of files

The kinds of the manifest are in the order in which they were taken out, so that each is referred to by none after it.
A checksum is the SHA-256 of the lines without what follows from where a record lies: `BOUND_TO_PLACE`.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from rapport.contact.v1 import records_pb2 as pb
from rapport_kit.protojson import Encoders

FORMAT: Final = "rapport.contact.v1.Record"
MANIFEST: Final = "manifest.json"
CONTRACT: Final = "contract.binpb"
BOUND_TO_PLACE: Final = frozenset({"etag", "updateTime", "scanState"})
"""Fields of records that are not the same at another place."""
_RECORD: Any = pb.Record.DESCRIPTOR
as_json: Final = Encoders().of(_RECORD)
"""A record under the name of its kind."""


def records_file(kind: str) -> str:
    """Where the records of a kind are."""
    return f"records/{kind}.jsonl"


def content_file(sha256: str) -> str:
    """Where the content of files is."""
    return f"contents/{sha256}"


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
