"""Rows that are read ahead are those that would be read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rapport_contact.domain.import_job import ColumnMapping, ImportJob
from rapport_contact.domain.person import Person
from rapport_contact.files.inspection import inspect
from rapport_contact.handlers.imports.reading import (
    SLICE,
    SLICE_BESIDE_CALLS,
    Reading,
    Rows,
    next_rows,
    read_ahead,
)
from rapport_kit import turns
from rapport_kit.blobs import LocalBlobs

PEOPLE = 4 * SLICE + 100
KEY = "tenant/uploads/file"


@pytest.fixture(autouse=True)
def nobody_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even whoever did in the test before."""
    monkeypatch.setattr(turns, "LATELY", 0.0)


@pytest.fixture
async def blobs(tmp_path: Path) -> LocalBlobs:
    async def content() -> AsyncIterator[bytes]:
        yield b"given_name,phone\n"
        for number in range(PEOPLE):
            yield f"Ada {number},030 {1_000_000 + number}\n".encode()

    store = LocalBlobs(tmp_path)
    await store.put(KEY, content())
    return store


@pytest.fixture
async def job(blobs: LocalBlobs) -> ImportJob:
    found = await inspect(blobs.open(KEY))
    mapping = [ColumnMapping("given_name", "given_name"), ColumnMapping("phone", "phone")]
    how = {"encoding": found.encoding, "delimiter": found.delimiter, "columns": list(found.columns)}
    at = {"file_key": KEY, "first_byte": found.start, "read_size": found.start, "next_row": 2}
    return ImportJob(version=3, mapping=mapping, **how, **at)  # type: ignore[arg-type]


async def following(job: ImportJob, region: str, blobs: LocalBlobs) -> Rows:
    """The rows from where the job is on, and those behind them begun; the job is then behind them."""
    reading = Reading(job, region)
    rows = await next_rows(job, reading, region, blobs)
    read_ahead(job, reading, region, rows, blobs)
    job.read_size, job.next_row = rows.rows[-1].record.end, rows.rows[-1].record.number + 1
    return rows


def names(rows: Rows) -> list[str]:
    return [row.entity.given_name for row in rows.rows if isinstance(row.entity, Person)]


def phones(rows: Rows) -> set[str]:
    return {channel.normalized[:3] for row in rows.rows for channel in row.entity.channels}


async def test_plt_14_every_row_is_read_once_and_in_order(job: ImportJob, blobs: LocalBlobs) -> None:
    slices = [await following(job, "DE", blobs)]
    while not slices[-1].last:
        slices.append(await following(job, "DE", blobs))
    assert [name for each in slices for name in names(each)] == [f"Ada {number}" for number in range(PEOPLE)]


async def test_plt_14_slices_are_small_at_first_and_grow(job: ImportJob, blobs: LocalBlobs) -> None:
    sizes = [len((await following(job, "DE", blobs)).rows) for _ in range(6)]
    assert sizes[0] < 2 * SLICE_BESIDE_CALLS
    assert sizes == sorted(sizes)
    assert sizes[-1] == SLICE


async def test_plt_14_rows_that_were_read_ahead_are_forgotten_by_a_job_that_is_elsewhere(
    job: ImportJob, blobs: LocalBlobs
) -> None:
    start, number = job.read_size, job.next_row
    first = await following(job, "DE", blobs)
    job.read_size, job.next_row = start, number  # what was written of them was rolled back
    assert names(await following(job, "DE", blobs)) == names(first)


async def test_plt_14_rows_are_read_anew_where_numbers_belong_to_another_country_by_now(
    job: ImportJob, blobs: LocalBlobs
) -> None:
    assert phones(await following(job, "DE", blobs)) == {"+49"}
    assert phones(await following(job, "AT", blobs)) == {"+43"}


async def test_plt_14_rows_are_read_anew_by_a_job_that_was_changed(job: ImportJob, blobs: LocalBlobs) -> None:
    first = await following(job, "DE", blobs)
    job.version += 1
    job.mapping = [ColumnMapping("given_name", "family_name")]
    second = await following(job, "DE", blobs)
    assert {row.entity.family_name for row in second.rows if isinstance(row.entity, Person)} == {
        f"Ada {number}" for number in range(len(first.rows), len(first.rows) + len(second.rows))
    }


async def test_plt_14_slices_are_small_while_many_people_call(
    job: ImportJob, blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "LATELY", 1_000.0)
    for _ in range(turns.OFTEN):
        with turns.call():
            pass
    first, second = [await following(job, "DE", blobs) for _ in range(2)]
    assert names(first) + names(second) == [f"Ada {number}" for number in range(2 * SLICE_BESIDE_CALLS)]
    monkeypatch.setattr(turns, "LATELY", 0.0)
    assert len(names(await following(job, "DE", blobs))) > SLICE_BESIDE_CALLS
