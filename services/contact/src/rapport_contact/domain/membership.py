"""Tags and static lists: named sets of customers that change only when somebody changes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from rapport.contact.v1 import events_pb2
from rapport_contact.domain.display_name import settle_name
from rapport_kit.domain import Entity, OwnedByUser
from rapport_kit.errors import Invalid

FACT_SIZE = 1_000
"""At most so many ids in one `MembersChanged`."""
_COLOUR = re.compile(r"#[0-9a-f]{6}")


class TagScope(StrEnum):
    """What a tag can be given to."""

    EVERYTHING = "everything"
    PEOPLE = "people"
    ORGANISATIONS = "organisations"


class MemberKind(StrEnum):
    """What members are, and what a filter that looks for some speaks of."""

    PEOPLE = "people"
    ORGANISATIONS = "organisations"


@dataclass(frozen=True, kw_only=True, slots=True)
class SetMember:
    """That a customer is a member, or was: `SetMember` of the contract."""

    id: UUID
    tag_id: UUID | None = None
    static_list_id: UUID | None = None
    person_id: UUID | None = None
    organisation_id: UUID | None = None
    add_time: datetime
    actor_id: UUID
    reason: str = ""
    remove_time: datetime | None = None
    remover_id: UUID | None = None

    def __post_init__(self) -> None:
        """Raises Invalid unless it is of one set and of one customer, and did not end before it began."""
        for one, other in (("tag_id", "static_list_id"), ("person_id", "organisation_id")):
            if (getattr(self, one) is None) == (getattr(self, other) is None):
                raise Invalid.field(one, "ONE_OF_TWO", f"exactly one of it and {other} must be set")
        if self.remove_time is not None and self.remove_time < self.add_time:
            raise Invalid.field("remove_time", "INVALID_RANGE", "must not lie before add_time")

    def tell(self) -> events_pb2.MembersChanged:
        """The fact that the customer is a member."""
        fact = events_pb2.MembersChanged(added=True)
        fact.tag_id, fact.static_list_id = str(self.tag_id or ""), str(self.static_list_id or "")
        fact.person_ids.extend([str(self.person_id)] if self.person_id else [])
        fact.organisation_ids.extend([str(self.organisation_id)] if self.organisation_id else [])
        return fact


@dataclass(kw_only=True, eq=False)
class CustomerSet(Entity):
    """Something that people and organisations are members of; whatever refers to one does so by the field `named`."""

    named: ClassVar[str]
    display_name: str

    def accept(self, kind: MemberKind) -> None:
        """Check that there can be members of this kind; raises Invalid."""

    def tell(self, kind: MemberKind, ids: Sequence[UUID], *, added: bool, bulk_change: str = "") -> None:
        """Record that members came or left: who was on it at which time can be told ever after."""
        for part in _parts([str(each) for each in ids]):
            fact = events_pb2.MembersChanged(added=added, bulk_change_id=bulk_change)
            setattr(fact, self.named, str(self.id))
            (fact.person_ids if kind is MemberKind.PEOPLE else fact.organisation_ids).extend(part)
            self.record(fact)


@dataclass(kw_only=True, eq=False)
class Tag(CustomerSet):
    """A word to mark customers with, the same for everybody in the tenant (CON-23)."""

    named = "tag_id"
    colour: str = ""
    scope: TagScope = TagScope.EVERYTHING

    def settle(self) -> None:
        """Check name and colour.

        Raises:
            Invalid: the name is blank, or the colour is none.
        """
        settle_name(self)
        if self.colour and not _COLOUR.fullmatch(self.colour.lower()):
            raise Invalid.field("colour", "INVALID_COLOUR", "must be a colour such as #1f77b4")
        if self.colour != self.colour.lower():
            self.colour = self.colour.lower()

    def accept(self, kind: MemberKind) -> None:
        """Only what the tag's scope names.

        Raises:
            Invalid: the scope does not.
        """
        if self.scope.value not in (TagScope.EVERYTHING, kind.value):
            raise Invalid.field("id", "TAG_SCOPE", f"this tag is for {self.scope.value} only")


@dataclass(kw_only=True, eq=False)
class StaticList(OwnedByUser, CustomerSet):
    """A list of people and organisations (CON-23)."""

    named = "static_list_id"
    description: str = ""

    def settle(self) -> None:
        """Check the name; raises Invalid when it is blank."""
        settle_name(self)


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + FACT_SIZE] for start in range(0, len(ids), FACT_SIZE))
