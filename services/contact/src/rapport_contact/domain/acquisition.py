"""How customers found the company."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rapport_kit.domain import Entity
from rapport_kit.errors import Invalid


class AcquisitionSource(StrEnum):
    """How somebody came upon the company."""

    WEB_SEARCH = "web_search"
    SOCIAL = "social"
    NEWSPAPER = "newspaper"
    WORD_OF_MOUTH = "word_of_mouth"
    EVENT = "event"
    PARTNER = "partner"
    AD = "ad"
    OUTBOUND = "outbound"
    OTHER = "other"


@dataclass(kw_only=True, eq=False)
class Acquisition(Entity):
    """One way in which a person came upon the company (CON-04). The first one captured stays the first for good."""

    person_id: UUID
    source: AcquisitionSource
    medium: str = ""
    campaign_id: UUID | None = None
    referrer_person_id: UUID | None = None
    utm: dict[str, str] = field(default_factory=dict)
    landing_url: str = ""
    capture_time: datetime | None = None
    first_touch: bool = False

    def settle(self) -> None:
        """Check who told whom.

        Raises:
            Invalid: somebody is named who told of the company, though nobody did, or people told themselves.
        """
        if self.referrer_person_id is None:
            return
        if self.source is not AcquisitionSource.WORD_OF_MOUTH:
            raise Invalid.field("referrer_person_id", "NOT_ALLOWED", "belongs to word of mouth")
        if self.referrer_person_id == self.person_id:
            raise Invalid.field("referrer_person_id", "SELF", "must be somebody else")
