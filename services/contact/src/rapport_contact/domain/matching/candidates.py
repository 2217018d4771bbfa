"""Pairs of records that may be one, among records that are all at hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from rapport_contact.domain.matching.features import Features
from rapport_contact.domain.matching.keys import blocking_keys
from rapport_contact.domain.matching.model import Match, Model

LARGEST_BLOCK: Final = 50
"""Records that share a key at most; a key that more have says too little, and is left out."""


def pairs(records: Sequence[Features], model: Model) -> Iterator[tuple[tuple[int, int], Match]]:
    """Every two records that share a key, by their places, compared; the smaller place first."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        for key in blocking_keys(record):
            blocks[key].append(place)
    together = (combinations(block, 2) for block in blocks.values() if len(block) <= LARGEST_BLOCK)
    for one, other in sorted({pair for found in together for pair in found}):
        yield (one, other), model.compare(records[one], records[other])
