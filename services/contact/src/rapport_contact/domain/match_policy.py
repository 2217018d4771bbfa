"""What a tenant takes for a duplicate, and does about one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from rapport_contact.domain.matching.organisation_model import ORGANISATION_FIELDS
from rapport_contact.domain.matching.person_model import FIELDS as PERSON_FIELDS
from rapport_kit.domain import Entity
from rapport_kit.errors import Invalid, Violation

HEAVIEST = 2.0
FIELDS = tuple(dict.fromkeys((*PERSON_FIELDS, *ORGANISATION_FIELDS)))
"""What is compared of people or of organisations."""


class MatchMode(StrEnum):
    """What happens when a new person or organisation may be known already."""

    ALLOW = "allow"
    WARN = "warn"
    BLOCK = "block"


@dataclass(kw_only=True, eq=False)
class MatchPolicy(Entity):
    """Thresholds and weights of the matcher (CON-17); its id is the tenant's."""

    mode: MatchMode = MatchMode.WARN
    review_score: float = 0.5
    block_score: float = 0.95
    weights: dict[str, float] = field(default_factory=dict)

    def settle(self) -> None:
        """Check the bounds.

        Raises:
            Invalid: a threshold is no probability, they stand in the wrong order, or a weight is unknown or unbounded.
        """
        faults = []
        if not 0 < self.review_score <= 1:
            faults.append(Violation("review_score", "OUT_OF_RANGE", "must be above 0 and at most 1"))
        if not self.review_score <= self.block_score <= 1:
            faults.append(Violation("block_score", "OUT_OF_RANGE", "must not be below review_score, nor above 1"))
        for name, weight in self.weights.items():
            if name not in FIELDS:
                known = ", ".join(FIELDS)
                faults.append(Violation(f"weights[{name}]", "UNKNOWN_FIELD", f"is compared nowhere; known are {known}"))
            elif not 0 <= weight <= HEAVIEST:
                faults.append(Violation(f"weights[{name}]", "OUT_OF_RANGE", f"must be between 0 and {HEAVIEST:g}"))
        if faults:
            raise Invalid(faults[0].reason, f"{faults[0].field}: {faults[0].message}", violations=faults)
