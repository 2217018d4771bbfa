"""What a tenant has decided about its customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from rapport_contact.domain.milestone import LeapDay
from rapport_contact.domain.quality import ORGANISATION_CHECKS, PERSON_CHECKS
from rapport_kit.domain import Entity
from rapport_kit.errors import Invalid

HEAVIEST = 1_000


@dataclass(kw_only=True, eq=False)
class ContactSettings(Entity):
    """The settings of one tenant, whose id they have (AIP-156)."""

    leap_day: LeapDay = LeapDay.FEBRUARY_28
    successor_id: UUID | None = None
    person_quality_weights: dict[str, int] = field(default_factory=dict)
    organisation_quality_weights: dict[str, int] = field(default_factory=dict)
    stale_months: int = 0

    def settle(self) -> None:
        """Check weights and months.

        Raises:
            Invalid: a weight is of no check, or out of range; or all are zero.
        """
        for name, checks in (("person", PERSON_CHECKS), ("organisation", ORGANISATION_CHECKS)):
            weights: dict[str, int] = getattr(self, path := f"{name}_quality_weights")
            for check, weight in weights.items():
                if check not in checks:
                    raise Invalid.field(path, "UNKNOWN_CHECK", f"knows only {', '.join(checks)}")
                if not 0 <= weight <= HEAVIEST:
                    raise Invalid.field(f"{path}.{check}", "OUT_OF_RANGE", f"must be from 0 to {HEAVIEST}")
            if weights and not any(weights.values()):
                raise Invalid.field(path, "NO_WEIGHT", "must have one that counts")
        if not 0 <= self.stale_months <= 120:
            raise Invalid.field("stale_months", "OUT_OF_RANGE", "must be from 0 to 120")
