"""The keyring: what identity said last, and how old that is."""

from __future__ import annotations

import asyncio

from rapport_kit.auth.keyring import Keyring, Snapshot, digest
from rapport_kit.domain import uuid7


async def test_it_keeps_asking_and_what_it_knew_survives_an_outage() -> None:
    revoked, answers, asked = uuid7(), [True, False, False, True], asyncio.Event()
    calls = 0

    async def fetch() -> Snapshot:
        nonlocal calls
        calls += 1
        if calls == len(answers):
            asked.set()
        if not answers[min(calls, len(answers)) - 1]:
            raise ConnectionError
        return Snapshot(
            {}, {digest(revoked): 5.0}, frozenset({digest(revoked)}) if calls >= len(answers) else frozenset()
        )

    keyring = Keyring(fetch)
    assert keyring.age() == float("inf")
    running = asyncio.create_task(keyring.run(every=0.01))
    await asyncio.wait_for(asked.wait(), 5)
    assert keyring.revoked_at(revoked) == 5.0
    while not keyring.ended(revoked):
        await asyncio.sleep(0.01)
    assert keyring.age() < 5
    running.cancel()


async def test_the_age_counts_from_the_question_since_the_answer_may_be_that_old() -> None:
    now = 0.0

    async def fetch() -> Snapshot:
        nonlocal now
        now += 3
        return Snapshot({})

    keyring = Keyring(fetch, clock=lambda: now)
    assert await keyring.refresh()
    assert keyring.age() == 3


async def test_those_who_wait_for_the_same_key_ask_once() -> None:
    calls = 0

    async def fetch() -> Snapshot:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0.01)
        return Snapshot({})

    keyring = Keyring(fetch)
    assert await asyncio.gather(*(keyring.refresh_for("unknown") for _ in range(20))) == [False] * 20
    assert calls == 1
