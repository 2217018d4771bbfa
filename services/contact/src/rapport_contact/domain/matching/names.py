"""What names have in common beneath their spelling: sound, and the formal name behind a nickname."""

from __future__ import annotations

from functools import cache, lru_cache

import jellyfish
from nicknames import NickNamer

from rapport_contact.domain.words import fold

FORMS = 2
"""Formal names that are considered for one nickname; Alex may be Alexander or Alexandra."""
_REMEMBERED = 65_536


@cache
def _namer() -> NickNamer:
    """The names and nicknames of carltonnorthern/nicknames (Apache-2.0), which comes as a package."""
    return NickNamer()


@lru_cache(_REMEMBERED)
def formal_names(name: str) -> tuple[str, ...]:
    """The names that a folded given name may be short for, itself when none; those with most nicknames first."""
    namer = _namer()
    richness = {each: len(namer.nicknames_of(each)) for each in (name, *namer.canonicals_of(name))}
    richer = sorted((each for each in richness if richness[each] > richness[name]), key=lambda n: (-richness[n], n))
    return tuple(fold(each) for each in richer[:FORMS]) or (name,)


@lru_cache(_REMEMBERED)
def are_nicknames(one: str, other: str) -> bool:
    """Whether one folded given name is short for the other, or both for the same."""
    namer = _namer()
    if other in namer.nicknames_of(one) or one in namer.nicknames_of(other):
        return True
    return not {*formal_names(one)}.isdisjoint(formal_names(other))


@lru_cache(_REMEMBERED)
def sound(name: str) -> str:
    """A folded name as it is said (Metaphone, Philips 1990); the name itself when that is nothing, as for 李."""
    return jellyfish.metaphone(name) or name
