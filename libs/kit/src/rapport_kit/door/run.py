"""Many resources from a file, in batches that are done whole or not at all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from google.protobuf.message_factory import GetMessageClass

from rapport_kit.domain import uuid7
from rapport_kit.door.calls import door
from rapport_kit.door.connection import Connection
from rapport_kit.door.values import line_of_file
from rapport_kit.errors import DomainError
from rapport_kit.naming import snake

BATCH = 500
"""Lines that are created together. A run that is gone on with must cut its file as before: it is known by batch."""
TIMEOUT = 60.0
"""Seconds that a batch may take."""

Line = tuple[int, bytes]
"""The number of a line in its file, from 1, and what it holds."""


class Run:
    """One sending of a file. Sent again under the same `id`, what is in already is not created again.

    `reached` is the number of the last line that is in, 0 before the first batch.

    Raises:
        SettingsError: there is no such resource, or none that is created in batches.
    """

    def __init__(self, plural: str, id: str = "") -> None:  # noqa: A002 - what it is
        self.id = id or str(uuid7())
        self.reached = 0
        self._door = door(plural)
        self._method = self._door.method("batchCreate")
        self._batch = 0

    async def create(self, lines: Sequence[Line]) -> None:
        """Create what the next lines hold, all or none.

        Raises:
            DomainError: the error begins with the line that is wrong, or with the lines that were sent.
        """
        request: Any = GetMessageClass(self._method.input_type)()
        for number, line in lines:
            made = line_of_file(self._door.message, number, line)
            getattr(request.requests.add(), self._door.field).CopyFrom(made)
        request.request_id = self._request_id(lines)
        connection = Connection()
        token = await connection.access_token()
        async with connection.client(self._door.service, token) as client:
            try:
                await getattr(client, snake(self._method.name))(request, timeout=TIMEOUT)
            except DomainError as error:
                raise self._by_line(error, lines) from error
        self._batch += 1
        self.reached = lines[-1][0]

    def how_to_go_on(self) -> str:
        """What is in, and how the rest gets in."""
        done = f"Lines 1 to {self.reached} are in." if self.reached else "No line is known to be in."
        return f"{done} Mend what comes after, and send the file again with --run {self.id}: nothing is created twice."

    def _request_id(self, lines: Sequence[Line]) -> str:
        """Another one for equal lines in another batch or run, the same one when a run is gone on with."""
        known = [self.id.encode(), str(self._batch).encode(), self._door.plural.encode(), *(line for _, line in lines)]
        return str(uuid5(NAMESPACE_OID, hashlib.sha256(b"\n".join(known)).hexdigest()))

    def _by_line(self, error: DomainError, lines: Sequence[Line]) -> DomainError:
        """The error in terms of the file: the request that a service names is a line of it."""
        place = re.compile(rf"requests\[(\d+)\](?:\.{self._door.field}\b)?[.:]?\s*")
        told = place.sub(lambda found: f"line {lines[int(found[1])][0]}: ", error.message)
        if told == error.message:
            told = f"lines {lines[0][0]} to {lines[-1][0]}: {told}"
        return type(error)(error.reason, told, violations=error.violations, **error.metadata)


def batches(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines of a file, as they are created together."""
    remaining = iter(lines)
    while batch := list(islice(remaining, BATCH)):
        yield batch
