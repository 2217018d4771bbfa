"""Whom a record about a customer is about: a person, an organisation, or somebody of an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from rapport_kit.errors import Invalid


@dataclass(kw_only=True, eq=False)
class AboutCustomer:
    """Mixed into an entity that is about a person, an organisation or both."""

    person_id: UUID | None = None
    organisation_id: UUID | None = None

    def require_customer(self) -> None:
        """Refuse a record that is about nobody.

        Raises:
            Invalid: neither a person nor an organisation is named.
        """
        if self.person_id is None and self.organisation_id is None:
            raise Invalid.field("person_id", "CUSTOMER_REQUIRED", "must be set when organisation_id is not")


@dataclass(frozen=True, slots=True)
class RelatedRecord:
    """The name of a record of any department: its resource type (`sales.rapport/Opportunity`) and its id."""

    type: str
    id: UUID
