"""Cuts a stream into vCards, and a vCard into its properties (RFC 6350, section 3; RFC 2426; vCard 2.1)."""

from __future__ import annotations

import quopri
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from rapport_contact.files.lines import Line, lines_of
from rapport_contact.files.records import LONGEST, Fault

PICTURES = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
"""Properties that are files of their own: never read, whatever their size."""

CUT = Fault("CARD_CUT", "the card has no END:VCARD")
TOO_LONG = Fault("CARD_TOO_LONG", f"has more than {LONGEST} bytes beside pictures")
_NAME = re.compile(rb"^(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9-]+)(?=[;:])")


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its name in capitals, its parameters with their values in lower case, and its raw value."""

    name: str
    group: str
    parameters: dict[str, list[str]]
    raw: bytes
    charset: str

    @property
    def value(self) -> str:
        """The text, decoded but with its escapes."""
        raw = self.raw
        if "quoted-printable" in self.parameters.get("ENCODING", ()):
            raw = quopri.decodestring(raw)
        return decoded(raw, self.charset)


@dataclass(slots=True)
class Card:
    """The lines of one card, unfolded, and where in the file it ends. Pictures are not among them."""

    lines: list[bytes] = field(default_factory=list)
    end: int = 0
    fault: Fault | None = None
    pictures: set[str] = field(default_factory=set)
    size: int = 0


class CardCutter:
    """Takes lines, gives cards; a card that is cut in half ends where the next one begins."""

    def __init__(self) -> None:
        self._card: Card | None = None
        self._skipping = False

    def feed(self, line: Line) -> Iterator[Card]:
        """The cards that `line` completes."""
        text = line.text.rstrip(b"\r")
        marker = text.strip().upper().replace(b" ", b"")
        if marker == b"BEGIN:VCARD":
            yield from self.close()
            self._card, self._skipping = Card(end=line.end), False
        elif self._card is not None and marker == b"END:VCARD":
            card, self._card = self._card, None
            card.end = line.end
            yield card
        elif self._card is not None:
            self._take(self._card, text, line)

    def close(self) -> Iterator[Card]:
        """The card that nothing ended."""
        if self._card is not None:
            self._card.fault = self._card.fault or CUT
            yield self._card
            self._card = None

    def _take(self, card: Card, text: bytes, line: Line) -> None:
        card.end = line.end
        soft_break = (
            bool(card.lines) and card.lines[-1].endswith(b"=") and b"QUOTED-PRINTABLE" in card.lines[-1].upper()
        )
        if self._skipping and (text[:1] in (b" ", b"\t", b"") or not _NAME.match(text)):
            return
        self._skipping = False
        if card.lines and soft_break:
            card.lines[-1] = card.lines[-1][:-1] + text
        elif text[:1] in (b" ", b"\t") and card.lines:
            card.lines[-1] += text[1:]
        elif (name := _name(text)) in PICTURES:
            card.pictures.add(name)
            self._skipping = True
            return
        else:
            card.lines.append(text)
        card.size += len(text)
        if line.too_long or card.size > LONGEST:
            card.lines, card.fault = [], TOO_LONG


def _name(text: bytes) -> str:
    found = _NAME.match(text)
    return found[2].decode("ascii").upper() if found else ""


async def cards_of(chunks: AsyncIterator[bytes], start: int = 0) -> AsyncIterator[Card]:
    """The cards of a stream that begins at the byte `start` of its file, between two cards."""
    cutter = CardCutter()
    async for line in lines_of(chunks, start):
        for card in cutter.feed(line):
            yield card
    for card in cutter.close():
        yield card


def properties(card: Card, encoding: str) -> Iterator[Property]:
    """The properties of a card; lines that are none are passed over."""
    for line in card.lines:
        head, colon, raw = _split(line)
        found = _NAME.match(head + b":")
        if not colon or found is None:
            continue
        parameters = _parameters(head[found.end() :].decode("ascii", "replace"))
        group = (found[1] or b"").decode("ascii").lower()
        charset = parameters.get("CHARSET", [encoding])[0]
        yield Property(found[2].decode("ascii").upper(), group, parameters, raw, charset)


def _split(line: bytes) -> tuple[bytes, bytes, bytes]:
    """Name and parameters, the colon, the value; a colon in quotation marks belongs to a parameter."""
    quoted = False
    for place, letter in enumerate(line):
        if letter == 0x22:
            quoted = not quoted
        elif letter == 0x3A and not quoted:
            return line[:place], b":", line[place + 1 :]
    return line, b"", b""


def _parameters(text: str) -> dict[str, list[str]]:
    """Parameters by name; in vCard 2.1 a bare value is a TYPE, or an ENCODING."""
    found: dict[str, list[str]] = {}
    for part in re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', text):
        name, equals, value = part.strip().partition("=")
        values = [each.strip().lower() for each in (value if equals else name).replace('"', "").split(",")]
        bare = "ENCODING" if values[0] in ("quoted-printable", "base64", "8bit") else "TYPE"
        found.setdefault(name.upper() if equals else bare, []).extend(each for each in values if each)
    return found


def decoded(raw: bytes, charset: str) -> str:
    """The text in the charset that the property names, or else as far as it goes in UTF-8 or Windows' western one."""
    for name in (charset, "utf-8"):
        try:
            return raw.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("cp1252", "replace")


def split(value: str, separator: str = ";") -> list[str]:
    """A compound value in its parts, with their escapes."""
    return ["".join(part) for part in _parts(re.findall(r"\\.|[^\\]|\\$", value, re.DOTALL), separator)]


def _parts(letters: list[str], separator: str) -> Iterator[list[str]]:
    """`letters`: each with the backslash before it."""
    part: list[str] = []
    for letter in letters:
        if letter == separator:
            yield part
            part = []
        else:
            part.append(letter)
    yield part


def parts(value: str, separator: str = ";") -> list[str]:
    """A compound value, each part without its escapes and outer spaces."""
    return [unescaped(part).strip() for part in split(value, separator)]


def unescaped(value: str) -> str:
    """Line feeds, commas, semicolons and backslashes as themselves (RFC 6350, section 3.4)."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value, flags=re.DOTALL)
