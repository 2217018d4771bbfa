"""What every blob store promises, on a folder and on a real S3 server alike."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from rapport.api.v1.content_pb2 import Content
from rapport_kit.blobs import Blobs, LocalBlobs, Missing, blob_key, store_at
from rapport_kit.contents import download
from rapport_kit.errors import Unavailable
from rapport_kit.local.ports import free_port

MEGABYTE = 1024 * 1024


async def pieces(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def content(blobs: Blobs, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in blobs.open(key, start, end)])


async def is_there(blobs: Blobs, key: str) -> bool:
    try:
        await content(blobs, key)
    except Missing:
        return False
    return True


@pytest.fixture
def key() -> str:
    return blob_key(uuid4(), "tests")


async def test_what_is_put_is_measured_and_read_back(blobs: Blobs, key: str) -> None:
    stored = await blobs.put(key, pieces(b"first ", b"", b"second"))
    assert (stored.size, stored.sha256) == (12, hashlib.sha256(b"first second").hexdigest())
    assert await content(blobs, key) == b"first second"
    assert await is_there(blobs, key)


async def test_an_empty_blob_is_one(blobs: Blobs, key: str) -> None:
    assert (await blobs.put(key, pieces())).size == 0
    assert await is_there(blobs, key)
    assert await content(blobs, key) == b""


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, None, b"0123456789"), (3, None, b"3456789"), (3, 5, b"34"), (8, 99, b"89"), (10, None, b""), (5, 5, b"")],
)
async def test_a_range_is_read_without_the_rest(
    blobs: Blobs, key: str, start: int, end: int | None, expected: bytes
) -> None:
    await blobs.put(key, pieces(b"0123456789"))
    assert await content(blobs, key, start, end) == expected


async def test_many_parts_keep_their_order(blobs: Blobs, key: str) -> None:
    chunks = [os.urandom(700_000) for _ in range(30)]
    stored = await blobs.put(key, pieces(*chunks))
    assert stored.size == 21_000_000
    assert hashlib.sha256(await content(blobs, key)).hexdigest() == stored.sha256
    assert await content(blobs, key, 20_999_990) == chunks[-1][-10:]


async def test_a_source_that_breaks_leaves_nothing(blobs: Blobs, key: str) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield b"x" * 9 * MEGABYTE
        raise ConnectionError("the caller is gone")

    with pytest.raises(ConnectionError):
        await blobs.put(key, breaking())
    assert not await is_there(blobs, key)


async def test_a_put_that_is_cancelled_leaves_nothing(blobs: Blobs, key: str) -> None:
    reached = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"x" * MEGABYTE
        reached.set()
        await asyncio.sleep(60)

    putting = asyncio.ensure_future(blobs.put(key, endless()))
    await asyncio.wait_for(reached.wait(), 10)
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert not await is_there(blobs, key)


async def test_what_is_deleted_is_missing_and_may_be_deleted_again(blobs: Blobs, key: str) -> None:
    await blobs.put(key, pieces(b"gone"))
    await blobs.delete(key)
    await blobs.delete(key)
    assert not await is_there(blobs, key)
    with pytest.raises(Missing):
        await content(blobs, key)


@pytest.mark.parametrize("key", ["../secret", "/etc/passwd", "a/../../b", "a//b", "a", "a/.hidden", "a/B", "a/b\n", ""])
async def test_a_key_that_leads_elsewhere_is_refused(blobs: Blobs, key: str) -> None:
    with pytest.raises(ValueError, match="not a blob key"):
        await blobs.put(key, pieces(b"x"))
    with pytest.raises(ValueError, match="not a blob key"):
        await content(blobs, key)


async def test_a_put_holds_a_few_pieces_only(blobs: Blobs, key: str) -> None:
    async def much() -> AsyncIterator[bytes]:
        for _ in range(400):
            yield os.urandom(128 * 1024)

    tracemalloc.start()
    try:
        await blobs.put(key, much())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20 * MEGABYTE


@pytest.mark.parametrize("kind", ["folder", "s3"])
async def test_a_store_that_does_not_answer_is_unavailable(
    kind: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    away = {"folder": (tmp_path / "file").as_uri(), "s3": f"s3://rapport?endpoint=http://127.0.0.1:{free_port()}"}
    blobs = store_at(away[kind])()
    with pytest.raises(Unavailable):
        await blobs.put(key, pieces(b"x"))
    with pytest.raises(Unavailable):
        await content(blobs, key)
    with pytest.raises(Unavailable):
        await blobs.delete(key)


async def test_what_a_killed_process_left_unfinished_is_cleared(tmp_path: Path, key: str) -> None:
    drafts = tmp_path / ".drafts"
    drafts.mkdir()
    (drafts / "old").write_bytes(b"half")
    os.utime(drafts / "old", (0, 0))
    (drafts / "running").write_bytes(b"half")
    await LocalBlobs(tmp_path).put(key, pieces(b"x"))
    assert [draft.name for draft in drafts.iterdir()] == ["running"]


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


async def test_a_reader_that_leaves_while_a_file_is_being_opened_leaves_none_open(tmp_path: Path, key: str) -> None:
    path = tmp_path / key
    path.parent.mkdir(parents=True)
    os.mkfifo(path)  # opening it takes until somebody writes
    before = open_files()
    reading = asyncio.ensure_future(content(LocalBlobs(tmp_path), key))
    for _ in range(3):
        await asyncio.sleep(0)
    reading.cancel()
    await asyncio.sleep(0)
    os.close(await asyncio.to_thread(os.open, path, os.O_WRONLY))
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert open_files() == before


async def test_a_download_that_is_left_has_closed_its_file(tmp_path: Path, key: str) -> None:
    blobs = LocalBlobs(tmp_path)
    await blobs.put(key, pieces(os.urandom(MEGABYTE)))
    before = open_files()
    downloading = download(blobs, key, Content(), None)
    await anext(downloading)
    assert open_files() == before + 1
    await downloading.aclose()
    assert open_files() == before


async def test_the_folders_above_a_blob_are_as_durable_as_it_is(
    tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced, sync = set[int](), os.fsync

    def watched(descriptor: int) -> None:
        synced.add(os.fstat(descriptor).st_ino)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    root = tmp_path / "new" / "store"
    await LocalBlobs(root).put(key, pieces(b"x"))
    stored = root / key
    named = [stored, *(folder for folder in stored.parents if folder.is_relative_to(tmp_path))]
    assert {path.stat().st_ino for path in named} <= synced


@pytest.mark.parametrize(("url", "loaded"), [("file:///folder", False), ("s3://bucket", True)])
def test_the_client_of_s3_is_loaded_where_it_is_used(url: str, loaded: bool) -> None:
    code = f"import sys, rapport_kit.blobs as blobs; blobs.store_at({url!r})(); print('obstore' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == str(loaded)


@pytest.mark.parametrize("url", ["ftp://host/x", "file://host/x", "file:///", "s3://", "s3://bucket?colour=red"])
def test_a_url_that_names_no_store_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must look like"):
        store_at(url)
