"""What the law has the company keep of somebody who wants to be forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rapport_kit.domain import Entity
from rapport_kit.errors import Invalid


class HeldData(StrEnum):
    """Data that can be held."""

    NAMES = "names"
    ACTIVITIES = "activities"
    CONSENTS = "consents"
    NOTES = "notes"
    TASKS = "tasks"


Terms = tuple[str, frozenset[HeldData], datetime | None]
"""Why, what, and until when."""


@dataclass(kw_only=True, eq=False)
class LegalHold(Entity):
    """Keeps some data of a person though the person be erased, for a reason and perhaps until a day (PLT-08)."""

    person_id: UUID
    reason: str
    kept: list[HeldData] = field(default_factory=list)
    until_time: datetime | None = None

    @property
    def terms(self) -> Terms:
        """What two holds have to agree in to be alike."""
        return self.reason, frozenset(self.kept), self.until_time

    def settle(self) -> None:
        """Name each kind of data once.

        Raises:
            Invalid: it gives no reason, or keeps nothing.
        """
        if not self.reason.strip():
            raise Invalid.field("reason", "REQUIRED", "must say why the data is kept")
        if not self.kept:
            raise Invalid.field("kept", "REQUIRED", "must name what is kept")
        kept = list(dict.fromkeys(self.kept))
        if kept != self.kept:
            self.kept = kept
