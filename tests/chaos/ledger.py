"""The oracle's book: what the gateway has acknowledged, against what is there in the end."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

Body = Mapping[str, Any]
"""A record as the gateway's JSON."""


@dataclass(frozen=True)
class Acknowledged:
    """One write that was answered with 2xx, and the record as the answer gave it; `at` is the loop's time."""

    id: str
    body: Body
    at: float

    @property
    def version(self) -> int:
        return version_of(self.body)


@dataclass
class Verdict:
    """What is wrong, counted; the first few findings in words."""

    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    findings: list[str] = field(default_factory=list)

    def add(self, kind: str, finding: str) -> None:
        setattr(self, kind, getattr(self, kind) + 1)
        self.findings.append(f"{kind}: {finding}")

    def __iadd__(self, other: Verdict) -> Verdict:
        self.lost += other.lost
        self.doubled += other.doubled
        self.out_of_order += other.out_of_order
        self.findings += other.findings
        return self

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.out_of_order)


@dataclass
class Ledger:
    """Acknowledged writes, and answers that no write should have got."""

    writes: list[Acknowledged] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)

    def acknowledge(self, body: Body, at: float) -> None:
        """Note a 2xx answer with the record as the write left it; whom a new person may be is not part of it."""
        kept = {name: value for name, value in body.items() if name != "duplicateCandidates"}
        self.writes.append(Acknowledged(body["id"], kept, at))

    def longest_silence(self, begin: float, end: float) -> float:
        """The longest time, within the given one, in which nothing was acknowledged; seconds."""
        times = [begin, *sorted(write.at for write in self.writes if begin <= write.at <= end), end]
        return max(later - earlier for earlier, later in pairwise(times))

    def judge(self, records: Mapping[str, Body], revisions: Mapping[str, Sequence[Body]]) -> Verdict:
        """Compare with every record there is, and with every state each went through, oldest first.

        No write is in doubt any more, so each record's revisions are exactly its acknowledged writes.
        """
        verdict, by_record = Verdict(), defaultdict[str, list[Acknowledged]](list)
        for write in self.writes:
            by_record[write.id].append(write)
        for id_, writes in by_record.items():
            past = {version_of(state): state for state in revisions.get(id_, ())}
            for write in writes:
                if past.get(write.version) != write.body:
                    verdict.add("lost", f"version {write.version} of {id_} is not what was acknowledged")
        for id_ in records:
            known = {write.version for write in by_record.get(id_, ())}
            states = [version_of(state) for state in revisions[id_]]
            if records[id_] != revisions[id_][-1]:
                verdict.add("lost", f"{id_} is not what its last change made it")
            for unknown in sorted((Counter(states) - Counter(known)).elements()):
                verdict.add("doubled", f"version {unknown} of {id_} was never acknowledged")
            if states != sorted(states) or set(states) != set(range(1, len(states) + 1)):
                verdict.add("out_of_order", f"{id_} went through the versions {states}")
        return verdict


def judge_effects(effects: Iterable[tuple[str, int]], revisions: Mapping[str, Sequence[Body]]) -> Verdict:
    """Compare what took effect at a consumer, as (record, version) in that order, with what happened at the source."""
    verdict, taken = Verdict(), defaultdict[str, list[int]](list)
    for id_, version in effects:
        taken[id_].append(version)
    for id_ in taken.keys() | revisions.keys():
        due, got = Counter(version_of(state) for state in revisions.get(id_, ())), Counter(taken[id_])
        for version in (due - got).elements():
            verdict.add("lost", f"version {version} of {id_} never took effect")
        for version in (got - due).elements():
            verdict.add("doubled", f"version {version} of {id_} took effect once too often")
        order = list(dict.fromkeys(taken[id_]))
        if order != sorted(order):
            verdict.add("out_of_order", f"{id_} took effect as {taken[id_]}")
    return verdict


def version_of(body: Body) -> int:
    """The version that a record's etag quotes."""
    return int(body["etag"].strip('"'))
