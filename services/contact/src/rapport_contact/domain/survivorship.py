"""Which value of each field survives when records are merged, and which one comes back when they part."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final, cast
from uuid import UUID

from rapport_contact.domain.lifecycle import is_backward
from rapport_contact.domain.organisation import Organisation, SizeBand, TaxId
from rapport_contact.domain.person import LifecycleStage, Person, PersonKind
from rapport_contact.domain.record import ContactRecord
from rapport_kit.domain import Money, PartialDate
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


def _money(text: str) -> Money:
    minor, currency = text.split()
    return Money(int(minor), currency)


@dataclass(frozen=True, slots=True)
class Gathered:
    """How a collection that is united is taken apart into texts by key, and made of such texts again."""

    read: Callable[[Any], dict[str, str]]
    write: Callable[[dict[str, str]], Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """What survives of one kind of records."""

    fields: Mapping[str, Callable[[str], Any]]
    """Every field that has one value, and how the value is read from its text."""
    gathered: Mapping[str, Gathered]

    @property
    def choosable(self) -> frozenset[str]:
        """The fields of which somebody may say whose value stays."""
        return frozenset((self.fields.keys() - {"team_id"}) | {CHANNELS, ANNOTATIONS})


_OWNED: Final = {"owner_id": UUID, "team_id": UUID}
_ANNOTATIONS: Final = {ANNOTATIONS: Gathered(dict, dict)}
RULES: Final[Mapping[type[ContactRecord], Rules]] = {
    Person: Rules(
        {
            **dict.fromkeys(("display_name", "given_name", "family_name", "middle_name"), str),
            **dict.fromkeys(("name_prefix", "name_suffix", "gender", "locale", "time_zone", "job_title"), str),
            "birth_date": _date,
            "organisation_id": UUID,
            "kind": PersonKind,
            "lifecycle_stage": LifecycleStage,
            **_OWNED,
        },
        _ANNOTATIONS,
    ),
    Organisation: Rules(
        {
            **dict.fromkeys(("display_name", "legal_name", "industry"), str),
            "size_band": SizeBand,
            "annual_revenue": _money,
            "parent_id": UUID,
            **_OWNED,
        },
        _ANNOTATIONS
        | {
            "domains": Gathered(lambda domains: {each: each for each in domains}, list),
            "tax_ids": Gathered(
                lambda ids: {f"{each.country}:{each.value}": each.value for each in ids},
                lambda texts: [TaxId(key.partition(":")[0], value) for key, value in texts.items()],
            ),
        },
    ),
}


def ranked(survivor: ContactRecord, losers: Iterable[ContactRecord]) -> list[ContactRecord]:
    """All of them, whose values go first first: the newest, then the most complete, then the survivor."""
    everybody = [survivor, *losers]
    return sorted(
        everybody,
        key=lambda each: (each.update_time or _LONG_AGO, _completeness(each), each is survivor, each.id),
        reverse=True,
    )


def check_choices(choices: Mapping[str, str], records: Sequence[ContactRecord]) -> dict[str, ContactRecord]:
    """Whose value each field is to have.

    Raises:
        Invalid: a field that nobody can choose, or a record that is not among those to be merged.
    """
    by_id, choosable = {str(each.id): each for each in records}, _rules(records[0]).choosable
    for name, chosen in choices.items():
        if name not in choosable:
            raise Invalid.field("field_choices", "UNKNOWN_FIELD", f"{name[:100]!r} names no field to choose")
        if chosen not in by_id:
            raise Invalid.field("field_choices", "NOT_IN_MERGE", f"{name}: must be the id of one of those to be merged")
    return {name: by_id[chosen] for name, chosen in choices.items()}


def choose_fields(
    survivor: ContactRecord,
    order: Sequence[ContactRecord],
    choices: Mapping[str, ContactRecord],
    barred: Collection[UUID] = (),
) -> dict[str, UUID]:
    """Give the survivor the values that survive; whose each one is.

    A choice counts first, then the first value in `order` that is none. Two fields are not a matter of age: the
    survivor's owner keeps it, and whoever came furthest along the lifecycle says the stage. A display name that was
    made of the other names is made of them again. What is `barred` is nobody's parent.
    """
    rules = _rules(survivor)
    sources = {name: _source(name, survivor, order, choices, barred) for name in rules.fields}
    follows = "display_name" not in choices and _is_made(sources["display_name"])
    for name, source in sources.items():
        value = _value_of(source, name, barred)
        if getattr(survivor, name) != value:
            setattr(survivor, name, value)
    if follows and isinstance(survivor, Person) and survivor.full_name and not _is_made(survivor):
        survivor.display_name = survivor.full_name
    told = {name: source.id for name, source in sources.items()}
    for name, gathered in rules.gathered.items():
        united = _united(name, gathered, survivor, order, choices.get(name))
        texts = {key: gathered.read(getattr(source, name))[key] for key, source in united.items()}
        if texts != gathered.read(getattr(survivor, name)):
            setattr(survivor, name, gathered.write(texts))
        told |= {f"{name}.{key}": source.id for key, source in united.items()}
    return told


def texts(record: ContactRecord) -> dict[str, str]:
    """The value of each field as text, what is gathered included."""
    rules = _rules(record)
    found = {name: text_of(getattr(record, name)) for name in rules.fields}
    for name, gathered in rules.gathered.items():
        found |= {f"{name}.{key}": text for key, text in gathered.read(getattr(record, name)).items()}
    return found


def changes(before: Mapping[str, str], survivor: ContactRecord, sources: Mapping[str, UUID]) -> list[MergedField]:
    """What became of the survivor's fields, by what they were before."""
    return [
        MergedField(name, value, before.get(name, ""), sources[name])
        for name, value in texts(survivor).items()
        if value != before.get(name, "")
    ]


def revert_fields(survivor: ContactRecord, fields: Iterable[MergedField]) -> None:
    """Give the survivor the former values of the fields that are still as the merge left them."""
    rules = _rules(survivor)
    for each in fields:
        name, _, key = each.field.partition(".")
        held = getattr(survivor, name)
        if (gathered := rules.gathered.get(name)) is not None:
            texts = gathered.read(held)
            if texts.get(key, "") == each.value:
                kept = {one: text for one, text in (texts | {key: each.former}).items() if text}
                setattr(survivor, name, gathered.write(kept))
        elif text_of(held) == each.value:
            read = rules.fields[name]
            setattr(survivor, name, read(each.former) if each.former or read is str else None)


def text_of(value: Any) -> str:
    """The text of a field's value; empty for none."""
    if isinstance(value, PartialDate):
        return f"{value.year:04}-{value.month:02}-{value.day:02}"
    if isinstance(value, Money):
        return f"{value.minor} {value.currency}"
    return "" if value is None else str(value.value if isinstance(value, Enum) else value)


def _rules(record: ContactRecord) -> Rules:
    return RULES[type(record)]


def _is_made(record: ContactRecord) -> bool:
    """Whether a person is shown by the other names."""
    return isinstance(record, Person) and record.display_name == record.full_name


def _value_of(record: ContactRecord, name: str, barred: Collection[UUID]) -> Any:
    value = getattr(record, name)
    return None if name == "parent_id" and value in barred else value


def _source(
    name: str,
    survivor: ContactRecord,
    order: Sequence[ContactRecord],
    choices: Mapping[str, ContactRecord],
    barred: Collection[UUID],
) -> ContactRecord:
    """Whose value of a field survives."""
    if name == "team_id":
        name = "owner_id"
    if name in choices:
        return choices[name]
    if name == "owner_id" and survivor.owner_id is not None:
        return survivor
    if name == "lifecycle_stage":
        return _furthest(order, survivor)
    return next((each for each in order if text_of(_value_of(each, name, barred))), survivor)


def _furthest(order: Iterable[Any], survivor: ContactRecord) -> ContactRecord:
    furthest: Any = survivor
    for each in order:
        if is_backward(each.lifecycle_stage, furthest.lifecycle_stage):  # from there to here would be back
            furthest = each
    return cast(ContactRecord, furthest)


def _united(
    name: str,
    gathered: Gathered,
    survivor: ContactRecord,
    order: Sequence[ContactRecord],
    chosen: ContactRecord | None,
) -> dict[str, ContactRecord]:
    """Whose text of each key stays; the survivor's own keys first."""
    everybody = order if chosen is None else [chosen, *order]
    held = {each.id: gathered.read(getattr(each, name)) for each in everybody}
    keys = dict.fromkeys(key for each in (survivor, *everybody) for key in held[each.id])
    return {key: next(each for each in everybody if key in held[each.id]) for key in keys}


def _completeness(record: ContactRecord) -> int:
    return sum(bool(text_of(getattr(record, name))) for name in _rules(record).fields) + len(record.channels)
