"""The people of the FEBRL data sets (Christen 2008), of whom is known which records are about one person."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pytest

from rapport_contact.domain.channel import Channel, PostalAddress
from rapport_contact.domain.matching.candidates import pairs
from rapport_contact.domain.matching.features import Features, person_features
from rapport_contact.domain.matching.person_model import PersonModel
from rapport_contact.domain.person import Person
from rapport_kit.domain import PartialDate

FOLDER = Path(__file__).parents[5] / "shared" / "data" / "febrl"
Pair = tuple[int, int]


@dataclass(frozen=True)
class Judged:
    """How found pairs compare with the true ones."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


@dataclass(frozen=True)
class Known:
    """A data set: features of each record, and which pairs are truly one."""

    features: Sequence[Features]
    truth: frozenset[Pair]

    def scores(self, model: PersonModel) -> dict[Pair, float]:
        """The score of every pair that shares a key."""
        return {pair: match.score for pair, match in pairs(self.features, model)}

    def judge(self, scores: dict[Pair, float], threshold: float) -> Judged:
        """Against the truth; nothing else reads the record numbers."""
        found = {pair for pair, score in scores.items() if score >= threshold}
        right = len(found & self.truth)
        return Judged(right / len(found), right / len(self.truth))


def known(name: str) -> Known:
    """A data set by its file's name; skips the test where the file is absent."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"needs the FEBRL data: shared/data/febrl/{name} beside the repository")
    groups = defaultdict(list)
    features = []
    for place, (record, person) in enumerate(_records(path)):
        groups[record.split("-")[1]].append(place)
        features.append(person_features(person))
    truth = frozenset(pair for group in groups.values() for pair in combinations(group, 2))
    return Known(features, truth)


def _records(path: Path) -> Iterator[tuple[str, Person]]:
    with path.open(newline="") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            yield row["rec_id"], _person(row)


def _person(row: dict[str, str]) -> Person:
    lines = (f"{row['street_number']} {row['address_1']}".strip(), row["address_2"])
    home = PostalAddress(
        lines=tuple(filter(None, lines)), city=row["suburb"], region=row["state"], postcode=row["postcode"]
    )
    person = Person(
        given_name=row["given_name"],
        family_name=row["surname"],
        birth_date=_day(row["date_of_birth"]),
        channels=[Channel(address=home)],
        display_name=row["given_name"] or row["surname"] or "unknown",
    )
    person.settle()
    return person


def _day(digits: str) -> PartialDate | None:
    """As it was typed: 39 February is one of the errors that these data have."""
    return PartialDate(year=int(digits[:4]), month=int(digits[4:6]), day=int(digits[6:])) if digits else None
