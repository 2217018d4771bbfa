"""The customers whom users want at hand."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from rapport_contact.domain.customer import AboutCustomer
from rapport_kit.domain import Entity
from rapport_kit.errors import Invalid


@dataclass(kw_only=True, eq=False)
class Favourite(AboutCustomer, Entity):
    """A customer that a user wants at hand (CON-23)."""

    owner_id: UUID | None = None

    def settle(self) -> None:
        """Check that it names one customer; raises Invalid."""
        if (self.person_id is None) == (self.organisation_id is None):
            raise Invalid.field("person_id", "ONE_CUSTOMER", "exactly one of it and organisation_id must be set")
