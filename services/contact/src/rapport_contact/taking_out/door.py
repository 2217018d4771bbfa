"""Calls that go on for longer than one token is good for."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Final, Self

from rapport.contact.v1 import files_pb2
from rapport.contact.v1 import records_pb2 as pb
from rapport_contact.taking_out.archive import as_json
from rapport_kit.door.connection import Connection
from rapport_kit.rpc.client import Client

PAGE: Final = 200
"""Records that are asked for at a time."""
FRESH: Final = 60.0
"""Seconds that a token is used: it lives for minutes, and a call that begins with it may take some of them."""
LONGEST: Final = 300.0
"""Seconds that one call may take."""
_RECORDS: Final = pb.DESCRIPTOR.services_by_name["RecordService"]
_FILES: Final = files_pb2.DESCRIPTOR.services_by_name["FileService"]


class Door:
    """Contact's door for records and the contents of files."""

    def __init__(self) -> None:
        self._connection = Connection()
        self._open = AsyncExitStack()
        self._since = -FRESH
        self._records: Client
        self._files: Client

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    async def records(self) -> Client:
        """RecordService."""
        await self._renew()
        return self._records

    async def files(self) -> Client:
        """FileService."""
        await self._renew()
        return self._files

    async def every_record(self) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """All records of the tenant: each with its kind, as JSON has it."""
        token = ""
        while True:
            page = await (await self.records()).list_records(
                pb.ListRecordsRequest(page_size=PAGE, page_token=token), timeout=LONGEST
            )
            for each in page.records:
                ((kind, record),) = as_json(each).items()
                yield kind, record
            token = page.next_page_token
            if not token:
                return

    async def _renew(self) -> None:
        if time.monotonic() - self._since < FRESH:
            return
        await self._open.aclose()
        token = await self._connection.access_token()
        self._records = await self._open.enter_async_context(self._connection.client(_RECORDS, token))
        self._files = await self._open.enter_async_context(self._connection.client(_FILES, token))
        self._since = time.monotonic()
