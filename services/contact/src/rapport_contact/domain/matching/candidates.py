"""What may be one: pairs among records that are at hand, and a stored record for one that is asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, TypeVar
from uuid import UUID

from rapport_contact.domain.matching.model import Match, Model

LARGEST_BLOCK: Final = 50
"""Records that share a key at most; a key that more have says too little, and is left out."""

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be the one that was asked about."""

    id: UUID
    match: Match


def pairs(
    records: Sequence[F], model: Model[F], keys: Iterable[Iterable[str]] | None = None, least: float = 0.0
) -> Iterator[tuple[tuple[int, int], Match]]:
    """Every two records that share a key and score `least`, by their places, compared; the smaller place first.

    `keys` of each record, where they are known already, in whatever form.
    """
    blocks: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(map(model.keys, records) if keys is None else keys):
        for key in own:
            blocks[key].append(place)
    together = (combinations(block, 2) for block in blocks.values() if len(block) <= LARGEST_BLOCK)
    for one, other in sorted({pair for found in together for pair in found}):
        if (match := model.likely(records[one], records[other], least)) is not None:
            yield (one, other), match
