"""What a blob store promises, whichever it is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from rapport_kit.domain import uuid7
from rapport_kit.errors import Unavailable

CHUNK = 256 * 1024
"""Bytes that are read at a time."""
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_-]*){1,7}")


class Missing(LookupError):
    """The store has nothing under the key."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored: its size in bytes, and the SHA-256 of its content in lower-case hexadecimal."""

    size: int
    sha256: str


class Blobs(Protocol):
    """Immutable bytes by key. A key is there whole or not at all, also after a crash."""

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> Stored:
        """Store all of `chunks` durably, holding few of them at a time; when `chunks` raises, nothing is stored."""
        ...

    def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
        """The content from byte `start` to before byte `end`, in pieces; `Missing` is raised before the first.

        Whoever may leave before the end closes it (`contextlib.aclosing`).
        """
        ...

    async def delete(self, key: str) -> None:
        """Forget `key`; nothing happens when there is none."""
        ...


@contextmanager
def reached(fault: type[Exception]) -> Iterator[None]:
    """Around what asks the store: its faults pass by themselves, so whoever asked may ask again.

    Raises:
        Unavailable: for a `fault`, unless it says that there is no such key.
    """
    try:
        yield
    except FileNotFoundError:
        raise
    except fault as error:
        raise Unavailable("BLOB_STORE_UNAVAILABLE", "the blob store does not answer") from error


def blob_key(tenant: UUID, area: str) -> str:
    """A new key `<tenant>/<area>/<uuid>`."""
    return checked(f"{tenant}/{area}/{uuid7()}")


def checked(key: str) -> str:
    """`key`, if it is a sound one: two to eight segments of lower-case letters, digits, - and _, so that none escapes.

    Raises:
        ValueError: it is not.
    """
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a blob key: {key!r}")
    return key


@dataclass
class Measured:
    """Bytes on their way into a store, counted and digested as they pass."""

    chunks: AsyncIterator[bytes]
    size: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self.chunks:
            self._digest.update(chunk)
            self.size += len(chunk)
            yield chunk

    @property
    def stored(self) -> Stored:
        """What has passed."""
        return Stored(self.size, self._digest.hexdigest())
