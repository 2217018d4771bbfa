"""The port to the keys of subjects: one service keeps them in its database, every other one asks it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final, Protocol
from uuid import UUID

from rapport_kit.errors import Unavailable
from rapport_kit.privacy.cipher import Key

KEY_SECONDS: Final = 15.0
"""For so long a key is known to a process after it was destroyed. Another service has it from a process of contact
that may have known it for as long already: half a minute together."""

if TYPE_CHECKING:
    from rapport_kit.uow import UnitOfWork


class SubjectKeys(Protocol):
    """The keys of the tenant of a unit of work."""

    async def make(self, uow: UnitOfWork, subjects: Collection[UUID]) -> Mapping[UUID, Key]:
        """Keys for people who are made in this unit; what keeps them is written with the unit."""
        ...

    async def find(self, uow: UnitOfWork, subjects: Collection[UUID], *, to_write: bool = False) -> Mapping[UUID, Key]:
        """The keys of those who have one; who was erased has none.

        `to_write`: records about these people are being written, so that a person who is there but has no key yet,
        being older than the keys, may be given one.
        """
        ...

    async def index_key(self, uow: UnitOfWork) -> Key:
        """What the blind indexes of the tenant are made with."""
        ...

    def remember(self, tenant: UUID, made: Mapping[UUID, Key]) -> None:
        """Know keys that were made in a unit that has been committed: what it told is read in a moment."""
        ...

    def forget(self, tenant: UUID, subject: UUID) -> None:
        """Know a key no more in this process: its subject has been erased."""
        ...


class NoSubjectKeys:
    """Of a unit of work that was not told where keys are: nothing about a person can be sealed or opened in it."""

    async def make(self, uow: UnitOfWork, subjects: Collection[UUID]) -> Mapping[UUID, Key]:
        """Never."""
        raise _unavailable()

    async def find(self, uow: UnitOfWork, subjects: Collection[UUID], *, to_write: bool = False) -> Mapping[UUID, Key]:
        """Never."""
        raise _unavailable()

    async def index_key(self, uow: UnitOfWork) -> Key:
        """Never."""
        raise _unavailable()

    def remember(self, tenant: UUID, made: Mapping[UUID, Key]) -> None:
        """None was made."""

    def forget(self, tenant: UUID, subject: UUID) -> None:
        """Nothing is known."""


def _unavailable() -> Unavailable:
    return Unavailable("SUBJECT_KEYS_UNAVAILABLE", "the keys of subjects cannot be asked for here")
