"""Hashes passwords with Argon2id, off the event loop, and never more at once than the machine can bear."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rapport_identity.domain.password import normal_password
from rapport_identity.settings import identity_settings
from rapport_kit.errors import Unavailable

MEMORY_KIB, PASSES, LANES = 19_456, 2, 1
"""OWASP's first choice for Argon2id; one hash takes some 20 ms and 19 MiB."""
HASHING = 2
ADMITTED = 0.6
"""Whoever gives a password holds a database connection while it is hashed, and needs a second one for a moment: this
part of the pool leaves enough for everybody else, and for one another."""

T = TypeVar("T")
_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


class Passwords:
    """Makes and checks hashes. Everybody costs the same, also who has no password."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(HASHING)
        self._admitted = 0

    @contextmanager
    def admission(self) -> Iterator[None]:
        """Around everything that is done for one password given by a caller.

        Raises:
            Unavailable: too many are under way. Nothing was done, and channels try again by themselves.
        """
        if self._admitted >= max(1, int(ADMITTED * identity_settings().pool_size)):
            raise Unavailable("SIGN_IN_BUSY", "too many people are signing in; try again in a moment")
        self._admitted += 1
        try:
            yield
        finally:
            self._admitted -= 1

    async def hash(self, password: str) -> str:
        """The PHC string of a new password."""
        return await self._run(_hasher.hash, normal_password(password))

    async def matches(self, known: str | None, password: str) -> bool:
        """Whether `password` is the one behind the hash `known`; without one, takes as long and says no."""
        return await self._run(_verify, known, normal_password(password))

    def outdated(self, known: str) -> bool:
        """Whether the hash was made with other parameters than new ones are."""
        return _hasher.check_needs_rehash(known)

    async def _run(self, work: Callable[..., T], *arguments: str | None) -> T:
        async with self._turns:
            return await asyncio.to_thread(work, *arguments)


def _verify(known: str | None, password: str) -> bool:
    try:
        return _hasher.verify(known or _nobodys(), password) and known is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """What is verified for those who have no password."""
    return _hasher.hash("nobody has this password")
