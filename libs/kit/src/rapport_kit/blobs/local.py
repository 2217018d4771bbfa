"""Blobs as files of one folder, for a machine of its own or a shared volume."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
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
        try:
            async with _opened(_create, draft) as descriptor:
                async for chunk in measured:
                    await _in_thread(_write, descriptor, chunk)
                await _in_thread(_publish, descriptor, draft, target, self.folder)
        except BaseException:
            with suppress(OSError):
                draft.unlink()
            raise
        return measured.stored

    async def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
        """See `Blobs`."""
        try:
            async with _opened(os.open, self._path(key), os.O_RDONLY) as descriptor:
                at = start
                while wanted := CHUNK if end is None else min(CHUNK, max(end - at, 0)):
                    chunk = await _in_thread(os.pread, descriptor, wanted, at)
                    if not chunk:
                        return
                    at += len(chunk)
                    yield chunk
        except FileNotFoundError:
            raise Missing(key) from None

    async def delete(self, key: str) -> None:
        """See `Blobs`."""
        with suppress(FileNotFoundError):
            await _in_thread(os.unlink, self._path(key))

    def _path(self, key: str) -> Path:
        return self.folder / checked(key)


async def _in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Like `asyncio.to_thread`, but never left behind: a thread must not use a descriptor that is closed meanwhile."""
    running = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        with reached(OSError):
            return await asyncio.shield(running)
    except asyncio.CancelledError:
        while not running.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({running})
        raise


@asynccontextmanager
async def _opened(work: Callable[P, int], *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[int]:
    """The descriptor that `work` opens, closed at the end: also when nobody waits any more by the time that it is."""
    descriptors: list[int] = []
    try:
        await _in_thread(lambda: descriptors.append(work(*args, **kwargs)))
        yield descriptors[0]
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _clear(drafts: Path) -> None:
    """Remove what killed processes left unfinished."""
    for draft in drafts.glob("*"):
        with suppress(FileNotFoundError):
            if draft.stat().st_mtime < time.time() - DRAFT_SECONDS:
                draft.unlink()


def _create(draft: Path) -> int:
    _make_folder(draft.parent)
    return os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _write(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _publish(descriptor: int, draft: Path, target: Path, root: Path) -> None:
    """Content first, then name, then the names of the folders above: after a crash it is there whole, or not there."""
    os.fsync(descriptor)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft.rename(target)
    _sync(target.parent)
    for folder in target.parent.parents:  # whoever made one may not have come to this yet
        if not folder.is_relative_to(root):
            break
        _sync(folder)


def _make_folder(folder: Path) -> None:
    """Make a folder, with those above it, that is there after a crash, too."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
