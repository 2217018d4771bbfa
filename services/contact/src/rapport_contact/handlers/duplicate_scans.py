"""The timers behind duplicates: the search for them among all records, and among those that changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from rapport_contact.domain.matching.model import Match
from rapport_contact.domain.membership import MemberKind
from rapport_contact.storage.changes import changed
from rapport_contact.storage.duplicates import Ids
from rapport_contact.storage.matching import Matching
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.jobs import Tick, carry_on

SCAN_DUPLICATES: Final = "contact.duplicates.scan"
FOLLOW: Final = "contact.duplicates.follow"
EVERY: Final = timedelta(seconds=30)
"""How often changed records are compared."""
SLICE: Final = 50
"""Records compared in one transaction: where everybody has twenty doubles, that is a thousand pairs to keep."""


async def scan_duplicates(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Compare the next slice of all records of a kind, which the tick names; the last one ends the scan."""
    kind = MemberKind(tick.key)
    await uow.duplicates.lock()
    scan = await uow.duplicate_scans.find(kind)
    if scan is None or not scan.running:
        return
    records = await uow.duplicate_scans.slice(uow.matcher(kind).of, scan.after, SLICE)
    skipped = await _compare(uow, uow.matcher(kind), records)
    progress = {"scanned": scan.scanned + len(records), "skipped_keys": scan.skipped_keys + skipped}
    if len(records) < SLICE:
        await uow.duplicate_scans.put(kind, **progress, running=False, end_time=uow.now)
        return
    await uow.duplicate_scans.put(kind, **progress, after=records[-1])
    await carry_on(tick, uow)


async def follow_changes(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Compare the records of a kind that changed since the last time, a slice at a time."""
    kind = MemberKind(tick.key)
    await uow.duplicates.lock()
    scan = await uow.duplicate_scans.find(kind)
    since = (scan.followed_time, scan.followed_id) if scan is not None and scan.followed_time is not None else None
    places = await changed(uow, uow.matcher(kind).of.records, since, SLICE)
    if not places:
        return
    await _compare(uow, uow.matcher(kind), [which for _, which in places])
    await uow.duplicate_scans.put(kind, followed_time=places[-1][0], followed_id=places[-1][1])
    if len(places) == SLICE:
        await carry_on(tick, uow, every=EVERY)


async def _compare(uow: ContactUnitOfWork, matcher: Matching[Any, Any], records: Sequence[UUID]) -> int:
    """Find the pairs of some stored records and keep them; how many keys were too common to be followed.

    Their keys are put right before: a record that has none yet is found from those that are compared later.
    """
    known = await matcher.features(records)
    keys = matcher.keys(known)
    await uow.duplicates.rekey(matcher.of, keys)
    found = await matcher.compare(known, keys)
    pairs: dict[Ids, Match] = {}
    for one, candidates in zip(known, found.candidates, strict=True):
        for each in candidates:
            pairs[min(one, each.id), max(one, each.id)] = each.match
    others = {which for pair in pairs for which in pair} - known.keys()
    keys |= matcher.keys(await matcher.features(others))
    await uow.duplicates.keep(matcher.of, records, pairs, keys)
    return found.skipped
