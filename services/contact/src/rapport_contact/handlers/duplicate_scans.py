"""The timers behind duplicates: the search for them among all people, and among those that changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from rapport_contact.domain.matching.model import Match
from rapport_contact.storage.duplicates import Pair
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.jobs import Tick, schedule

SCAN_DUPLICATES: Final = "contact.duplicates.scan"
FOLLOW: Final = "contact.duplicates.follow"
EVERY: Final = timedelta(seconds=30)
"""How often changed people are compared."""
SETTLED: Final = timedelta(seconds=45)
"""Age at which a change is looked at: by then every transaction that began before it has ended, so none is missed."""
SLICE: Final = 200
"""People compared in one transaction."""
PAUSE: Final = timedelta(milliseconds=500)
"""Between two slices, so that they take a small part of the process that also serves calls."""


async def scan_duplicates(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Compare the next slice of all people; the last one ends the scan."""
    await uow.duplicates.lock()
    scan = await uow.duplicate_scans.find()
    if scan is None or not scan.running:
        return
    people = await uow.duplicate_scans.slice(scan.after, SLICE)
    skipped = await _compare(uow, people)
    progress = {"scanned": scan.scanned + len(people), "skipped_keys": scan.skipped_keys + skipped}
    if len(people) < SLICE:
        await uow.duplicate_scans.put(**progress, running=False, end_time=uow.now)
        return
    await uow.duplicate_scans.put(**progress, after=people[-1])
    await schedule(uow, SCAN_DUPLICATES, "", uow.now + PAUSE)


async def follow_changes(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Compare the people that changed since the last time, a slice at a time."""
    await uow.duplicates.lock()
    scan = await uow.duplicate_scans.find()
    since = (scan.followed_time, scan.followed_id) if scan is not None and scan.followed_time is not None else None
    changed = await uow.duplicate_scans.changed(since, uow.now - SETTLED, SLICE)
    if not changed:
        return
    await _compare(uow, [who for _, who in changed])
    await uow.duplicate_scans.put(followed_time=changed[-1][0], followed_id=changed[-1][1])
    if len(changed) == SLICE:
        await schedule(uow, FOLLOW, "", uow.now + PAUSE, every=EVERY)


async def _compare(uow: ContactUnitOfWork, people: Sequence[UUID]) -> int:
    """Find the pairs of some stored people and keep them; how many keys were too common to be followed.

    Their keys are put right before: a person that has none yet is found from those who are compared later.
    """
    known = await uow.matching.features(people)
    await uow.duplicates.rekey(known)
    ids = list(known)
    found = await uow.matching.compare(ids, list(known.values()))
    pairs: dict[Pair, Match] = {}
    for one, candidates in zip(ids, found.candidates, strict=True):
        for each in candidates:
            pairs[min(one, each.person_id), max(one, each.person_id)] = each.match
    others = {who for pair in pairs for who in pair} - known.keys()
    await uow.duplicates.keep(people, pairs, known | await uow.matching.features(others))
    return found.skipped
