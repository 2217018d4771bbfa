"""Which value of each field survives when people are merged, and which one comes back when they part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

from rapport_contact.domain.lifecycle import is_backward
from rapport_contact.domain.person import LifecycleStage, Person, PersonKind
from rapport_kit.domain import PartialDate
from rapport_kit.errors import Invalid

CHANNELS: Final = "channels"
ANNOTATIONS: Final = "annotations"
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MergedField:
    """A field that a merge changed: what it became, what it was, both as text, and whose value it is now."""

    field: str
    value: str
    former: str
    source_id: UUID


def _date(text: str) -> PartialDate:
    year, month, day = map(int, text.split("-"))
    return PartialDate(month, day, year)


FIELDS: Final[Mapping[str, Callable[[str], Any]]] = {
    **dict.fromkeys(("display_name", "given_name", "family_name", "middle_name", "name_prefix", "name_suffix"), str),
    **dict.fromkeys(("gender", "locale", "time_zone", "job_title"), str),
    "birth_date": _date,
    "organisation_id": UUID,
    "kind": PersonKind,
    "lifecycle_stage": LifecycleStage,
    "owner_id": UUID,
    "team_id": UUID,
}
"""Every field that has one value, and how the value is read from its text."""
CHOOSABLE: Final = (FIELDS.keys() - {"team_id"}) | {CHANNELS, ANNOTATIONS}


def ranked(survivor: Person, losers: Iterable[Person]) -> list[Person]:
    """Everybody, whose values go first first: the newest, then the most complete, then the survivor."""
    everybody = [survivor, *losers]
    return sorted(
        everybody,
        key=lambda each: (each.update_time or _LONG_AGO, _completeness(each), each is survivor, each.id),
        reverse=True,
    )


def check_choices(choices: Mapping[str, str], people: Sequence[Person]) -> dict[str, Person]:
    """Whose value each field is to have.

    Raises:
        Invalid: a field that nobody can choose, or a person who is not among those to be merged.
    """
    by_id = {str(each.id): each for each in people}
    for name, chosen in choices.items():
        if name not in CHOOSABLE:
            raise Invalid.field("field_choices", "UNKNOWN_FIELD", f"{name[:100]!r} names no field to choose")
        if chosen not in by_id:
            raise Invalid.field("field_choices", "NOT_IN_MERGE", f"{name}: must be the id of one of the people")
    return {name: by_id[chosen] for name, chosen in choices.items()}


def choose_fields(survivor: Person, order: Sequence[Person], choices: Mapping[str, Person]) -> dict[str, UUID]:
    """Give the survivor the values that survive; whose each one is.

    A choice counts first, then the first value in `order` that is none. Two fields are not a matter of age: the
    survivor's owner keeps it, and whoever came furthest along the lifecycle says the stage. A display name that was
    made of the other names is made of them again.
    """
    sources = {name: _source(name, survivor, order, choices) for name in FIELDS}
    shown = sources["display_name"]
    follows = "display_name" not in choices and shown.display_name == shown.full_name
    for name, source in sources.items():
        if source is not survivor and getattr(survivor, name) != (value := getattr(source, name)):
            setattr(survivor, name, value)
    if follows and survivor.full_name and survivor.display_name != survivor.full_name:
        survivor.display_name = survivor.full_name
    annotations = _unite_annotations(order, choices.get(ANNOTATIONS))
    if annotations.keys() != survivor.annotations.keys() or any(each is not survivor for each in annotations.values()):
        survivor.annotations = {key: source.annotations[key] for key, source in annotations.items()}
    return {name: source.id for name, source in sources.items()} | {
        f"{ANNOTATIONS}.{key}": source.id for key, source in annotations.items()
    }


def texts(person: Person) -> dict[str, str]:
    """The value of each field as text, annotations included."""
    annotations = {f"{ANNOTATIONS}.{key}": value for key, value in person.annotations.items()}
    return {name: text_of(getattr(person, name)) for name in FIELDS} | annotations


def changes(before: Mapping[str, str], survivor: Person, sources: Mapping[str, UUID]) -> list[MergedField]:
    """What became of the survivor's fields, by what they were before."""
    return [
        MergedField(name, value, before.get(name, ""), sources[name])
        for name, value in texts(survivor).items()
        if value != before.get(name, "")
    ]


def revert_fields(survivor: Person, fields: Iterable[MergedField]) -> None:
    """Give the survivor the former values of the fields that are still as the merge left them."""
    for each in fields:
        name, _, key = each.field.partition(".")
        if name == ANNOTATIONS:
            if survivor.annotations.get(key, "") == each.value:
                survivor.annotations = {**survivor.annotations, key: each.former}
                if not each.former:
                    survivor.annotations = {one: two for one, two in survivor.annotations.items() if one != key}
        elif text_of(getattr(survivor, name)) == each.value:
            setattr(survivor, name, _value(name, each.former))


def text_of(value: Any) -> str:
    """The text of a field's value; empty for none."""
    if isinstance(value, PartialDate):
        return f"{value.year:04}-{value.month:02}-{value.day:02}"
    return "" if value is None else str(value.value if isinstance(value, Enum) else value)


def _value(name: str, text: str) -> Any:
    read = FIELDS[name]
    return read(text) if text or read is str else None


def _source(name: str, survivor: Person, order: Sequence[Person], choices: Mapping[str, Person]) -> Person:
    """Whose value of a field survives."""
    if name == "team_id":
        name = "owner_id"
    if name in choices:
        return choices[name]
    if name == "owner_id" and survivor.owner_id is not None:
        return survivor
    if name == "lifecycle_stage":
        return _furthest(survivor, order)
    return next((each for each in order if text_of(getattr(each, name))), survivor)


def _furthest(survivor: Person, order: Sequence[Person]) -> Person:
    furthest = survivor
    for each in order:
        if is_backward(each.lifecycle_stage, furthest.lifecycle_stage):  # from there to here would be back
            furthest = each
    return furthest


def _unite_annotations(order: Sequence[Person], chosen: Person | None) -> dict[str, Person]:
    """Whose annotation of each key stays."""
    first = {key: each for each in reversed(order) for key in each.annotations}
    return first if chosen is None else first | dict.fromkeys(chosen.annotations, chosen)


def _completeness(person: Person) -> int:
    return sum(bool(text_of(getattr(person, name))) for name in FIELDS) + len(person.channels)
