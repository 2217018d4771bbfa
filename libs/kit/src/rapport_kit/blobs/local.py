"""Blobs as files of one folder, for a machine of its own or a shared volume."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import ParamSpec, TypeVar

from rapport_kit.blobs.port import CHUNK, Measured, Missing, Stored, checked, reached

DRAFTS = ".drafts"
"""Where unfinished files lie; no key can begin with a dot."""
DRAFT_SECONDS = 24 * 3600
"""Older drafts belong to no running process."""

P = ParamSpec("P")
T = TypeVar("T")


class LocalBlobs:
    """Files under `folder`, which is made when it is needed. Reads and writes run in threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tidy = False

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> Stored:
        """See `Blobs`: written beside, synced, then renamed into place."""
        target, measured = self._path(key), Measured(chunks)
        draft = self.folder / DRAFTS / secrets.token_hex(16)
        if not self._tidy:
            await _in_thread(_clear, draft.parent)
            self._tidy = True
        descriptor = await _in_thread(_create, draft)
        try:
            async for chunk in measured:
                await _in_thread(_write, descriptor, chunk)
            await _in_thread(_publish, descriptor, draft, target)
        except BaseException:
            with suppress(FileNotFoundError):
                draft.unlink()
            raise
        finally:
            os.close(descriptor)
        return measured.stored

    async def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """See `Blobs`."""
        try:
            descriptor = await _in_thread(os.open, self._path(key), os.O_RDONLY)
        except FileNotFoundError:
            raise Missing(key) from None
        try:
            at = start
            while wanted := CHUNK if end is None else min(CHUNK, max(end - at, 0)):
                chunk = await _in_thread(os.pread, descriptor, wanted, at)
                if not chunk:
                    return
                at += len(chunk)
                yield chunk
        finally:
            os.close(descriptor)

    async def delete(self, key: str) -> None:
        """See `Blobs`."""
        with suppress(FileNotFoundError):
            await _in_thread(os.unlink, self._path(key))

    async def exists(self, key: str) -> bool:
        """See `Blobs`."""
        return await _in_thread(self._path(key).is_file)

    def _path(self, key: str) -> Path:
        return self.folder / checked(key)


async def _in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Like `asyncio.to_thread`, but never left behind: a thread must not use a descriptor that is closed meanwhile."""
    running = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        with reached(OSError):
            return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running})
        raise


def _clear(drafts: Path) -> None:
    """Remove what killed processes left unfinished."""
    for draft in drafts.glob("*"):
        with suppress(FileNotFoundError):
            if draft.stat().st_mtime < time.time() - DRAFT_SECONDS:
                draft.unlink()


def _create(draft: Path) -> int:
    draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _write(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _publish(descriptor: int, draft: Path, target: Path) -> None:
    """Content first, then name: after a crash the file is there whole, or not there."""
    os.fsync(descriptor)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
