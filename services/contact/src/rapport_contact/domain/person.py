"""People."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from rapport_contact.domain.record import ContactRecord
from rapport_kit.domain import PartialDate
from rapport_kit.errors import Invalid


class LifecycleStage(StrEnum):
    """How far a person has come with the company."""

    SUBSCRIBER = "subscriber"
    LEAD = "lead"
    MARKETING_QUALIFIED = "marketing_qualified"
    SALES_QUALIFIED = "sales_qualified"
    OPPORTUNITY = "opportunity"
    CUSTOMER = "customer"
    EVANGELIST = "evangelist"
    FORMER_CUSTOMER = "former_customer"
    OTHER = "other"


class Named(Protocol):
    """Whatever has the parts of a person's name."""

    given_name: str
    family_name: str
    middle_name: str
    name_prefix: str
    name_suffix: str


class PersonKind(StrEnum):
    """What a person is to the company."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    PARTNER = "partner"
    ADVISER = "adviser"
    EMPLOYEE = "employee"
    PRESS = "press"


@dataclass(kw_only=True, eq=False)
class Person(ContactRecord):
    """Somebody the company deals with (CON-01)."""

    given_name: str = ""
    family_name: str = ""
    middle_name: str = ""
    name_prefix: str = ""
    name_suffix: str = ""
    gender: str = ""
    birth_date: PartialDate | None = None
    locale: str = ""
    time_zone: str = ""
    lifecycle_stage: LifecycleStage = LifecycleStage.SUBSCRIBER
    job_title: str = ""
    organisation_id: UUID | None = None
    kind: PersonKind | None = None

    def settle(self, default_region: str = "") -> None:
        """Like every contact record; a person without a display name is shown by the other names.

        People who are no customers and will not become any have no lifecycle: their stage is `other`.

        Raises:
            Invalid: also when nothing says how to show the person.
        """
        super().settle(default_region)
        if not self.display_name.strip():
            self.display_name = self.full_name or next((channel.normalized for channel in self.channels), "")
        if not self.display_name:
            raise Invalid.field("display_name", "REQUIRED", "must be set when no other name and no channel is")
        if not self.has_lifecycle and self.lifecycle_stage is not LifecycleStage.OTHER:
            self.lifecycle_stage = LifecycleStage.OTHER

    @property
    def has_lifecycle(self) -> bool:
        """Whether the person is, or may become, a customer."""
        return self.kind in (None, PersonKind.CUSTOMER)

    @property
    def full_name(self) -> str:
        """All parts of the name, in the order in which they are said."""
        return full_name(self)

    def follow_name(self, former: str) -> None:
        """Be shown by the names as they are now, if they are what the person was shown by when they were `former`."""
        if self.display_name == former and self.full_name:
            self.display_name = self.full_name


def full_name(named: Named) -> str:
    """All parts of a name, in the order in which they are said."""
    parts = (named.name_prefix, named.given_name, named.middle_name, named.family_name, named.name_suffix)
    return " ".join(part.strip() for part in parts if part.strip())
