"""People."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
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

    def settle(self, default_region: str = "") -> None:
        """Like every contact record; a person without a display name is shown by the other names.

        Raises:
            Invalid: also when nothing says how to show the person.
        """
        super().settle(default_region)
        if not self.display_name.strip():
            self.display_name = self.full_name or next((channel.normalized for channel in self.channels), "")
        if not self.display_name:
            raise Invalid.field("display_name", "REQUIRED", "must be set when no other name and no channel is")

    @property
    def full_name(self) -> str:
        """All parts of the name, in the order in which they are said."""
        parts = (self.name_prefix, self.given_name, self.middle_name, self.family_name, self.name_suffix)
        return " ".join(part.strip() for part in parts if part.strip())
