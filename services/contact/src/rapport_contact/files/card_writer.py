"""Writes people as vCards 3.0 (RFC 2426), which phones and mail programs read; `cards` reads all of it back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rapport_contact.files.cards import OWN, own_property

_FOLD: Final = 73
"""Bytes of a line without its break, and the space before one that goes on (RFC 2426, section 2.6)."""
_NAME: Final = ("family_name", "given_name", "middle_name", "name_prefix", "name_suffix")
_PLAIN: Final = {
    "job_title": "TITLE",
    "birth_date": "BDAY",
    "gender": "GENDER",
    "locale": "LANG",
    "time_zone": "TZ",
}
_CHANNELS: Final = {"email": "EMAIL", "phone": "TEL", "website": "URL"}
_TYPES: Final = {"work": "WORK", "home": "HOME", "mobile": "CELL", "fax": "FAX", "work fax": "WORK,FAX"}
"""Labels that vCards have words for; others are written as Apple's programs do."""
_STEM: Final = re.compile(r"(email|phone|website|postal|social)(?:\[([^\]]*)\])?(?:#\d+)?(?:\.(\w+))?")


class CardWriter:
    """`columns` are paths, as of the other formats; what has no property is left out but for our own."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns
        self._channels: dict[str, dict[str, int]] = {}
        for place, column in enumerate(columns):
            if found := _STEM.fullmatch(column):
                self._channels.setdefault(column.partition(".")[0], {})[found[3] or ""] = place

    def begin(self) -> bytes:
        """Nothing: every card stands for itself."""
        return b""

    def rows(self, rows: Sequence[Sequence[str]]) -> bytes:
        """Some cards."""
        return b"".join(map(self._card, rows))

    def end(self) -> bytes:
        """Nothing."""
        return b""

    def close(self) -> None:
        """Nothing is held."""

    def _card(self, row: Sequence[str]) -> bytes:
        cells = dict(zip(self._columns, row, strict=True))
        lines = ["BEGIN:VCARD", "VERSION:3.0", *_person(cells)]
        for number, (stem, parts) in enumerate(self._channels.items(), 1):
            lines += _channel(stem, {part: row[place] for part, place in parts.items()}, f"item{number}")
        lines += [f"{own_property(path)}:{_escaped(cells[path])}" for path in OWN if cells.get(path)]
        return b"".join(map(_folded, (*lines, "END:VCARD")))


def _person(cells: Mapping[str, str]) -> Iterator[str]:
    yield "N:" + ";".join(_escaped(cells.get(path, "")) for path in _NAME)
    yield f"FN:{_escaped(cells.get('display_name', ''))}"
    if cells.get("organisation"):
        yield f"ORG:{_escaped(cells['organisation'])}"
    for path, name in _PLAIN.items():
        if cells.get(path):
            yield f"{name}:{_escaped(cells[path])}"


def _channel(stem: str, parts: Mapping[str, str], group: str) -> Iterator[str]:
    """One property, and its label where no type says it."""
    found = _STEM.fullmatch(stem)
    if found is None or not any(parts.get(part) for part in parts if part != "label"):
        return
    kind, said = found[1], found[2] or ""
    if kind == "social":
        yield f"X-SOCIALPROFILE;TYPE={said}:{_escaped(parts.get('', ''))}"
        return
    label = parts.get("label") or said
    types = f";TYPE={_TYPES[label]}" if label in _TYPES else ""
    named = f"{group}." if label and not types else ""
    if kind == "postal":
        fields = (parts.get(part, "") for part in ("lines", "city", "region", "postcode", "country"))
        yield f"{named}ADR{types}:;;" + ";".join(map(_escaped, fields))
    else:
        yield f"{named}{_CHANNELS[kind]}{types}:{_escaped(parts.get('', ''))}"
    if named:
        yield f"{named}X-ABLabel:{_escaped(label)}"


def _escaped(text: str) -> str:
    text = re.sub(r"([\\;,])", r"\\\1", text)
    return re.sub(r"\r\n|\r|\n", r"\\n", text)


def _folded(line: str) -> bytes:
    """A line and its break, folded between letters."""
    if len(line) * 4 <= _FOLD or len(line.encode()) <= _FOLD:
        return line.encode() + b"\r\n"
    pieces, piece = list[bytes](), b""
    for letter in line:
        raw = letter.encode()
        if len(piece) + len(raw) > _FOLD:
            pieces.append(piece)
            piece = b""
        piece += raw
    return b"\r\n ".join((*pieces, piece)) + b"\r\n"
