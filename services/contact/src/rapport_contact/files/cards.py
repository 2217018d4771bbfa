"""vCards as records, whose columns are named by what they are to us: `given_name`, `email[work]`, `postal[].city`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator

from rapport_contact.files.card_lines import Card, Property, cards_of, parts, properties, split, unescaped
from rapport_contact.files.records import Fault, Record

_NAMES = ("family_name", "given_name", "middle_name", "name_prefix", "name_suffix")
_NOISE = frozenset({"internet", "pref", "voice", "postal", "parcel", "dom", "intl", "msg", "text", "video", "x400"})
_WORDS = {"cell": "mobile"}
_APPLE = re.compile(r"^_\$!<(.*)>!\$_$")
_NETWORKS = {"X-TWITTER": "twitter", "X-SKYPE": "skype", "X-ICQ": "icq", "X-AIM": "aim", "X-JABBER": "jabber"}
_LONGEST_NOTE = 1_000
OWN = ("kind", "lifecycle_stage", "channels", "external_ids", "annotations")
"""What cards have no property for: our own have it (RFC 6350, section 6.10), and other programs pass them over."""

Cell = tuple[str, str]
Read = Callable[[Property, str], Iterable[Cell]]
"""`(property, label) -> cells`"""


def own_property(path: str) -> str:
    """The name of the property that has such a value: `X-RAPPORT-EXTERNAL-IDS`."""
    return f"X-RAPPORT-{path.upper().replace('_', '-')}"


async def card_records(chunks: AsyncIterator[bytes], encoding: str, start: int, number: int) -> AsyncIterator[Record]:
    """The cards of a stream as records, from card `number`, which begins at the byte `start` of its file."""
    async for card in cards_of(chunks, start):
        yield card_record(card, encoding, number)
        number += 1


def card_record(card: Card, encoding: str, number: int) -> Record:
    """One card. What has no place in our records is left out, and the record says so."""
    if card.fault is not None:
        return Record(number, card.end, fault=card.fault)
    found = list(properties(card, encoding))
    labels = {each.group: unescaped(each.value) for each in found if each.group and each.name == "X-ABLABEL"}
    cells: dict[str, str] = {}
    left_out = set(card.pictures)
    places: Counter[str] = Counter()
    for each in found:
        if (read := _READ.get(each.name)) is None:
            left_out.add(each.name)
            continue
        said = [
            (path, value.strip())
            for path, value in read(each, _label(each, labels.get(each.group, "")))
            if value.strip()
        ]
        places.update({_stem(path) for path, _ in said})
        for path, value in said:
            cells[_free(path, places[_stem(path)], cells)] = value
    if not cells:
        return Record(number, card.end, fault=Fault("EMPTY_CARD", "has nothing that a person could be made of"))
    notices = [Fault("LEFT_OUT", "is not imported", column=name) for name in sorted(left_out - _EXPECTED)]
    return Record(number, card.end, cells, notices=tuple(notices))


def _stem(path: str) -> str:
    """What the parts of one value have in common: `postal[home]`."""
    return path.partition("].")[0]


def _free(path: str, place: int, cells: dict[str, str]) -> str:
    """The path, numbered when it is of another value than the first: `phone[work]#2`, `postal[home]#2.city`."""
    stem, dot, part = path.partition("].") if "]." in path else (path, "", "")
    while True:
        number = f"#{place}" if place > 1 else ""
        written = f"{stem}]{number}.{part}" if dot else f"{stem}{number}"
        if written not in cells:
            return written
        place += 1


def _label(each: Property, given: str) -> str:
    if given:
        apple = _APPLE.match(given.strip())
        return (apple[1] if apple else given).lower()[:60].translate(str.maketrans("", "", "[]"))
    types = [_WORDS.get(name, name) for name in each.parameters.get("TYPE", ()) if name not in _NOISE]
    return " ".join(dict.fromkeys(types))[:60].translate(str.maketrans("", "", "[]"))


def _channel(kind: str) -> Read:
    def read(each: Property, label: str) -> Iterator[Cell]:
        value = unescaped(each.value).strip()
        yield f"{kind}[{label}]", value.removeprefix("tel:").removeprefix("mailto:")

    return read


def _name(each: Property, label: str) -> Iterator[Cell]:
    for path, part in zip(_NAMES, split(each.value), strict=False):
        yield path, " ".join(" ".join(parts(part, ",")).split())


def _address(each: Property, label: str) -> Iterator[Cell]:
    box, extended, street, city, region, postcode, country = (parts(each.value) + [""] * 7)[:7]
    lines = [line.strip() for line in "\n".join((box, extended, street)).splitlines() if line.strip()]
    yield f"postal[{label}].lines", "\n".join(lines)
    yield f"postal[{label}].city", city
    yield f"postal[{label}].region", region
    yield f"postal[{label}].postcode", postcode
    yield f"postal[{label}].country", country


def _organisation(each: Property, label: str) -> Iterator[Cell]:
    name, *units = parts(each.value)
    yield "organisation", name
    yield "annotation[department]", ", ".join(unit for unit in units if unit)


def _text(path: str) -> Read:
    return lambda each, label: [(path, unescaped(each.value))]


def _note(each: Property, label: str) -> Iterator[Cell]:
    text = unescaped(each.value)
    for place in range(0, min(len(text), 5 * _LONGEST_NOTE), _LONGEST_NOTE):
        yield "annotation[note]", text[place : place + _LONGEST_NOTE]


def _time_zone(each: Property, label: str) -> Iterator[Cell]:
    yield ("time_zone" if "/" in each.value else "annotation[utc offset]"), unescaped(each.value)


def _network(network: str) -> Read:
    return lambda each, label: [(f"social[{network}]", unescaped(each.value))]


def _profile(each: Property, label: str) -> Iterator[Cell]:
    network = next(iter(each.parameters.get("TYPE", ["profile"])))
    yield f"social[{network}]", unescaped(each.value)


_EXPECTED = frozenset({"VERSION", "PRODID", "REV", "X-ABLABEL", "X-ABADR", "LABEL", "BEGIN", "END", "SORT-STRING"})
_READ: dict[str, Read] = {
    "N": _name,
    "FN": _text("display_name"),
    "EMAIL": _channel("email"),
    "TEL": _channel("phone"),
    "URL": _channel("website"),
    "ADR": _address,
    "ORG": _organisation,
    "TITLE": _text("job_title"),
    "ROLE": _text("annotation[role]"),
    "BDAY": _text("birth_date"),
    "GENDER": lambda each, label: [("gender", parts(each.value)[0])],
    "LANG": _text("locale"),
    "TZ": _time_zone,
    "NOTE": _note,
    "NICKNAME": _text("annotation[nickname]"),
    "CATEGORIES": _text("annotation[categories]"),
    "UID": _text("external_id[vcard]"),
    "X-SOCIALPROFILE": _profile,
    **{own_property(path): _text(path) for path in OWN},
    **{name: _network(network) for name, network in _NETWORKS.items()},
}
