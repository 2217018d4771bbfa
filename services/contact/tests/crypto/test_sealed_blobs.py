"""What is sealed comes back from any byte on, and nowhere else."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport_contact.crypto.sealed_blobs import PIECE, SealedBlobs
from rapport_kit.blobs import LocalBlobs, Missing, Stored
from rapport_kit.privacy.cipher import Key, Unreadable

KEY = "tenant/contact/file"
CONTENT = os.urandom(2 * PIECE + 100)
EDGES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, len(CONTENT)]
PLACES = st.one_of(st.sampled_from(EDGES), st.integers(0, len(CONTENT) + 100))


async def chunks(parts: Sequence[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def whole(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> LocalBlobs:
    return LocalBlobs(tmp_path_factory.mktemp("blobs"))


@pytest.fixture(scope="module")
def sealed(store: LocalBlobs) -> SealedBlobs:
    return SealedBlobs(store, Key(os.urandom(32)))


@given(cuts=st.lists(st.integers(0, len(CONTENT)), max_size=4), start=PLACES, end=st.none() | PLACES)
async def test_plt_07_a_sealed_content_is_read_from_any_byte_on(
    sealed: SealedBlobs, cuts: list[int], start: int, end: int | None
) -> None:
    bounds = [0, *sorted(cuts), len(CONTENT)]
    parts = [CONTENT[one:other] for one, other in pairwise(bounds)]
    assert await sealed.put(KEY, chunks(parts)) == Stored(len(CONTENT), sha256(CONTENT).hexdigest())
    assert await whole(sealed.open(KEY, start, end)) == CONTENT[start : None if end is None else max(start, end)]


async def test_plt_07_nothing_of_a_sealed_content_can_be_read_in_the_store(
    sealed: SealedBlobs, store: LocalBlobs
) -> None:
    text = b"given_name,family_name\nAda,Okafor\n" * 5000
    await sealed.put(KEY, chunks([text]))
    stored = await whole(store.open(KEY))
    assert b"Okafor" not in stored
    assert len(stored) > len(text)


async def test_plt_07_what_was_changed_moved_or_sealed_by_others_does_not_open(
    sealed: SealedBlobs, store: LocalBlobs
) -> None:
    await sealed.put(KEY, chunks([CONTENT]))
    boxes = await whole(store.open(KEY))
    await store.put("tenant/contact/moved", chunks([boxes]))
    await store.put("tenant/contact/changed", chunks([boxes[:-1] + bytes([boxes[-1] ^ 1])]))
    others = SealedBlobs(store, Key(os.urandom(32)))
    for blobs, key in ((sealed, "tenant/contact/moved"), (sealed, "tenant/contact/changed"), (others, KEY)):
        with pytest.raises(Unreadable):
            await whole(blobs.open(key))


async def test_plt_07_a_sealed_content_that_was_deleted_is_missing(sealed: SealedBlobs) -> None:
    await sealed.put(KEY, chunks([CONTENT]))
    await sealed.delete(KEY)
    with pytest.raises(Missing):
        await whole(sealed.open(KEY))
