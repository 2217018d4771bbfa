"""The oracle's book: what the gateway has acknowledged, against what is there in the end."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

Body = Mapping[str, Any]
"""A record as the gateway's JSON."""
Fact = tuple[str, str]
"""An event that is no change of a record, by its name and the id of the record that it is about."""
IMPORTED = "chaos_row"
"""The system in whose name an imported row has its external id."""
LOOSE = ("duplicateCandidates", "personId")
"""What is no part of a record at its version: whom a new person may be, and who somebody has turned out to be."""


@dataclass(frozen=True)
class Acknowledged:
    """One write that was answered with 2xx, and the record as the answer gave it; `at` is the loop's time."""

    plural: str
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
    """Acknowledged writes, and answers that no write should have got.

    `rows` are those of imports that are completed, by external id; `facts` what must have been told, how often each;
    `about` the person of whom a record was told, whoever that has become.
    """

    writes: list[Acknowledged] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    rows: dict[str, Body] = field(default_factory=dict)
    facts: Counter[Fact] = field(default_factory=Counter)
    about: dict[str, str] = field(default_factory=dict)

    @property
    def acknowledged(self) -> int:
        """How many writes were, each row of an import being one."""
        return len(self.writes) + len(self.rows)

    def acknowledge(self, plural: str, body: Body, at: float, *, about: str = "") -> None:
        """Note a 2xx answer with the record as the write left it."""
        self.writes.append(Acknowledged(plural, body["id"], firm(body), at))
        if about:
            self.about[body["id"]] = about

    def bring_in(self, rows: Mapping[str, Body]) -> None:
        """Note the rows of an import that says that it is completed."""
        self.rows |= rows

    def expect(self, fact: str, id_: str) -> None:
        """Note that what was acknowledged is to be told."""
        self.facts[fact, id_] += 1

    def states(self, records: Mapping[str, Body]) -> dict[str, list[Body]]:
        """What each record was acknowledged to be, oldest first; of an imported row, the record that it became."""
        found = defaultdict[str, list[Body]](list)
        for write in sorted(self.writes, key=lambda write: write.version):
            found[write.id].append(write.body)
        for _, id_ in self._claims(records):
            found[id_].append(records[id_])
        return found

    def judge_rows(self, records: Mapping[str, Body]) -> Verdict:
        """Each row once, as it was in its file."""
        verdict, there = Verdict(), defaultdict[str, list[Body]](list)
        for name, id_ in self._claims(records):
            there[name].append(records[id_])
        for name, row in self.rows.items():
            if [_as_row(record) for record in there[name][:1]] != [row]:
                verdict.add("lost", f"the row {row} became {there[name][:1]}")
            for record in there[name][1:]:
                verdict.add("doubled", f"the row {row} became {record['id']}, too")
        return verdict

    def _claims(self, records: Mapping[str, Body]) -> Iterator[tuple[str, str]]:
        for id_, record in records.items():
            name = row_of(record)
            if name in self.rows:
                yield name, id_

    def longest_silence(self, begin: float, end: float) -> float:
        """The longest time, within the given one, in which nothing was acknowledged; seconds."""
        times = [begin, *sorted(write.at for write in self.writes if begin <= write.at <= end), end]
        return max(later - earlier for earlier, later in pairwise(times))

    def judge(self, records: Mapping[str, Body], revisions: Mapping[str, Sequence[Body]]) -> Verdict:
        """Compare with every record there is, and with every state each went through, oldest first.

        No write is in doubt any more, so each record's revisions are exactly its acknowledged writes.
        """
        verdict, acknowledged = self.judge_rows(records), self.states(records)
        for id_, states in acknowledged.items():
            past = {version_of(state): state for state in revisions.get(id_, ())}
            for state in states:
                if past.get(version_of(state)) != state:
                    verdict.add("lost", f"version {version_of(state)} of {id_} is not what was acknowledged")
        for id_ in records:
            known = {version_of(state) for state in acknowledged.get(id_, ())}
            versions = [version_of(state) for state in revisions[id_]]
            if records[id_] != revisions[id_][-1]:
                verdict.add("lost", f"{id_} is not what its last change made it")
            for unknown in sorted((Counter(versions) - Counter(known)).elements()):
                verdict.add("doubled", f"version {unknown} of {id_} was never acknowledged")
            if versions != sorted(versions) or set(versions) != set(range(1, len(versions) + 1)):
                verdict.add("out_of_order", f"{id_} went through the versions {versions}")
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


def judge_counts(got: Counter[Any], due: Counter[Any], what: str) -> Verdict:
    """Compare what is there with what must be, each as often."""
    verdict = Verdict()
    for missing in (due - got).elements():
        verdict.add("lost", f"{what} {missing} is not there")
    for further in (got - due).elements():
        verdict.add("doubled", f"{what} {further} is there once too often")
    return verdict


def firm(body: Body) -> Body:
    """What a record is at its version."""
    return {name: value for name, value in body.items() if name not in LOOSE}


def row_of(record: Body) -> str:
    """The external id of the row that a record was imported from; empty when it was not."""
    return next((each["value"] for each in record.get("externalIds", ()) if each["system"] == IMPORTED), "")


def version_of(body: Body) -> int:
    """The version that a record's etag quotes."""
    return int(body["etag"].strip('"'))


def _as_row(record: Body) -> Body:
    """What the file said of an imported person."""
    (channel,) = record["channels"]
    return {
        "givenName": record.get("givenName"),
        "familyName": record.get("familyName"),
        "email": channel["email"]["address"],
    }
