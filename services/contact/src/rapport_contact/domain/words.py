"""The words by which records are found: folded, so that "MÜLLER" finds "Müller" and "Muller" alike."""

from __future__ import annotations

import re
import unicodedata

MOST_WORDS = 12
LONGEST_WORD = 60
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The text without case, accents and compatibility forms."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words_of(text: str, most: int = MOST_WORDS) -> list[str]:
    """The distinct words of a text in their order, at most `most` of them; empty when it has no letter or digit."""
    return list(dict.fromkeys([word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]))[:most]


def listed(text: str) -> frozenset[str]:
    """The words of a text that is a list of them, with white space between."""
    return frozenset(text.split())
