"""What people prefer: values with a type, from whom they are known, and which of several counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from uuid import UUID

from rapport_contact.domain.contacting import WEIGHT, Provenance
from rapport_kit.domain import Entity
from rapport_kit.errors import Invalid

_KEY = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")


class PreferenceType(StrEnum):
    """What the values of a preference key are."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    CHOICE = "choice"


@dataclass(kw_only=True, eq=False)
class PreferenceKey(Entity):
    """Something that can be preferred, and the type of its values (CON-10)."""

    key: str
    display_name: str
    value_type: PreferenceType
    choices: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Check the key, and that there is something to choose from when there should be.

        Raises:
            Invalid: either is not so, or there are choices for another type.
        """
        if not _KEY.fullmatch(self.key):
            raise Invalid.field("key", "INVALID_KEY", "must be words of a-z and 0-9, joined by dots, dashes or _")
        if (self.value_type is PreferenceType.CHOICE) != bool(self.choices):
            raise Invalid.field("choices", "INVALID_CHOICES", "must be set for choices, and for nothing else")
        if len(set(self.choices)) != len(self.choices) or not all(map(str.strip, self.choices)):
            raise Invalid.field("choices", "INVALID_CHOICES", "must all be different, and none empty")

    def canonical(self, value: str) -> str:
        """A value in the one form that equal values share.

        Raises:
            Invalid: it is none of this key's type.
        """
        text = value.strip()
        match self.value_type:
            case PreferenceType.NUMBER:
                return _number(text)
            case PreferenceType.BOOLEAN if text.lower() in ("true", "false"):
                return text.lower()
            case PreferenceType.DATE:
                return _date(text)
            case PreferenceType.CHOICE if text in self.choices:
                return text
            case PreferenceType.TEXT if text:
                return text
        raise _not_a(self.value_type.value)


@dataclass(kw_only=True, eq=False)
class Preference(Entity):
    """What a person prefers in one respect (CON-10)."""

    person_id: UUID
    key: str
    value: str
    scope: str = ""
    source: Provenance
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    def settle(self) -> None:
        """Check the time for which it holds.

        Raises:
            Invalid: it ends before it begins.
        """
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            raise Invalid.field("valid_to", "INVALID_RANGE", "must lie after valid_from")

    def holds(self, at: datetime) -> bool:
        """Whether it is in force at a time."""
        return self._since <= at and not (self.valid_to and self.valid_to <= at)

    @property
    def _since(self) -> datetime:
        since = self.valid_from or self.create_time
        assert since is not None, "a preference is dated when it is written"
        return since

    @property
    def order(self) -> tuple[int, float, float, int]:
        """Smaller for what counts more: by who said so, then the newest."""
        written = self.create_time.timestamp() if self.create_time else 0.0
        return WEIGHT[self.source], -self._since.timestamp(), -written, -self.id.int


def resolve(preferences: Iterable[Preference], scope: str, at: datetime) -> list[Preference]:
    """Of all that a person is said to prefer, what counts for each key at a time, in the order of the keys.

    A scope's own values go before those without a scope, which hold for every one.
    """
    counting: dict[str, Preference] = {}
    for each in preferences:
        if each.scope in ("", scope) and each.holds(at):
            best = counting.get(each.key)
            if best is None or (not each.scope, each.order) < (not best.scope, best.order):
                counting[each.key] = each
    return [counting[key] for key in sorted(counting)]


def _number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise _not_a("number")
    return format(number.normalize() + 0, "f")


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _not_a("date") from None


def _not_a(name: str) -> Invalid:
    return Invalid.field("value", "INVALID_VALUE", f"must be a {name} as its key asks for")
