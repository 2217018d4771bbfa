"""How free texts name a person: what is looked for in them when the person is erased.

The patterns are read by PostgreSQL (`~*`) and Python alike. PostgreSQL tells small letters from capitals in ASCII alone
where a column is in code-point order, so other letters are looked for in each of the ways in which they are written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

SHORTEST: Final = 5
"""The least characters of a number or an id that says by itself who is meant: "42" is in many a text."""
AT_ONCE: Final = 25
"""Ways to name somebody in one pattern: PostgreSQL refuses one that is too complex."""
_START, _END, _BETWEEN = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])", r"[^0-9A-Za-z]+"
_MAILBOX: Final = r"(?<![0-9A-Za-z._%+-])", r"(?![0-9A-Za-z-]|\.[0-9A-Za-z])"
_FILLER: Final = r"[^0-9A-Za-z]{0,3}"


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name as the record has it."""

    given: str = ""
    family: str = ""
    display: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """What names a person: addresses, numbers, ids, and full names."""

    emails: Collection[str] = ()
    phones: Collection[str] = ()
    ids: Collection[str] = ()
    names: Collection[Name] = ()

    @property
    def patterns(self) -> list[str]:
        """A text that names the person matches one of them; none when nothing is known that would."""
        ways = sorted({f"(?:{each})" for each in self._ways()})
        return ["|".join(ways[at : at + AT_ONCE]) for at in range(0, len(ways), AT_ONCE)]

    @property
    def apart(self) -> list[tuple[str, str]]:
        """Pairs of patterns: a filter or a list in which both match names the person: it has given and family name."""
        pairs = ((_words(each.given), _words(each.family)) for each in self.names)
        return sorted({(_alone(given), _alone(family)) for given, family in pairs if given and family})

    def _ways(self) -> Iterator[str]:
        for email in filter(None, self.emails):
            yield _MAILBOX[0] + _any_case(email) + _MAILBOX[1]
        for phone in self.phones:
            digits = [each for each in phone if each.isdecimal()]
            if len(digits) >= SHORTEST:
                yield _alone(_FILLER.join(map(re.escape, digits)))
        for each in self.ids:
            if len(each) >= SHORTEST:
                yield _alone(_any_case(each))
        for name in self.names:
            yield from _full(name)


def _full(name: Name) -> Iterator[str]:
    """Given and family name in either order, at most one word between them; a display name of more than one word."""
    given, family = _words(name.given), _words(name.family)
    if given and family:
        yield _alone(rf"{given}{_BETWEEN}(?:\S+\s+)?{family}")
        yield _alone(family + _BETWEEN + given)
    if len(name.display.split()) > 1:
        yield _alone(_words(name.display))


def _words(name: str) -> str:
    return _BETWEEN.join(map(_any_case, name.split()))


def _alone(pattern: str) -> str:
    """Not as a part of another word or number."""
    return _START + pattern + _END


def _any_case(text: str) -> str:
    """The text as it is, or as a literal of a filter or of JSON has it."""
    ways = {text} if text.isascii() else {text, text.lower(), text.upper(), text.title()}
    ways |= {each.replace("\\", "\\\\").replace('"', '\\"') for each in ways}
    return "(?:" + "|".join(map(re.escape, sorted(ways))) + ")"
