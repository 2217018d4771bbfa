"""Names that stand twice in one object of a JSON text."""

from __future__ import annotations

import json
import re
from collections import Counter

_END = re.compile(rb'"[ \t\n\r]*:')


def name_given_twice(text: bytes, parsed: object) -> str:
    """A name that an object in `text` has twice; empty when none has.

    Whoever parsed it kept the last of two, so fewer names were read than stand there. Only then, or where a string
    holds what looks like the end of a name, the text is read again.
    """
    if len(_END.findall(text)) == _names_in(parsed):
        return ""
    found: list[str] = []

    def look(pairs: list[tuple[str, object]]) -> None:
        found.extend(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)

    json.loads(text, object_pairs_hook=look, parse_int=str, parse_float=str)
    return found[0] if found else ""


def _names_in(parsed: object) -> int:
    names, left = 0, [parsed]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            names += len(one)
            left += one.values()
        elif isinstance(one, list):
            left += one
    return names
