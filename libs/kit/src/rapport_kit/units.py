"""The units of work of a call that lasts: each is short, and none is open while the call waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from rapport_kit.auth.principal import Principal
from rapport_kit.uow import UnitOfWork, utc_now

U = TypeVar("U", bound=UnitOfWork)


class Busy:
    """Whether work is under way that must not be cancelled: a statement that is, throws its connection away."""

    def __init__(self) -> None:
        self._depth = 0
        self.idle = asyncio.Event()
        self.idle.set()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Around such work."""
        self._depth += 1
        self.idle.clear()
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth:
                self.idle.set()


class Units(Generic[U]):
    """Opens the units of work of one call: `async with units() as uow`."""

    def __init__(
        self,
        principal: Principal,
        make: Callable[[UUID | None], U],
        make_last: Callable[[], U],
        committed: Callable[[U], None],
        busy: Busy,
    ) -> None:
        self.principal = principal
        self._make = make
        self._make_last = make_last
        self._committed = committed
        self._busy = busy

    def now(self) -> datetime:
        """The wall clock, for what is decided before the first unit of work."""
        return utc_now()

    @asynccontextmanager
    async def __call__(self, tenant: UUID | None = None) -> AsyncIterator[U]:
        """One transaction, committed at the end of the block.

        `tenant`: the one that the request of a public method proves; the service itself acts in it.
        """
        assert tenant is None or self.principal.kind == "anonymous", "a caller is of one tenant"
        with self._busy():
            async with self._make(tenant) as uow:
                yield uow
        self._committed(uow)

    @asynccontextmanager
    async def last(self) -> AsyncIterator[U]:
        """One for what is to be told of a call when it is over, with time of its own: the call's may be up."""
        with self._busy():
            async with self._make_last() as uow:
                yield uow
        self._committed(uow)

    def check_closed(self) -> None:
        """Raises when a message is sent from inside a unit of work, which would wait for the caller."""
        if not self._busy.idle.is_set():
            raise RuntimeError("a unit of work is open while a message is sent")


async def let_go(work: asyncio.Future[Any], busy: Busy) -> None:
    """End work that nobody waits for any more, as soon as it is not busy."""
    while not work.done():
        while not busy.idle.is_set():  # it may be busy again by the time that we hear that it was not
            await busy.idle.wait()
        work.cancel()
        await asyncio.wait({work}, timeout=1)
