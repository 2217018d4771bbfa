"""Sessions: how long a browser stays signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from rapport.identity.v1 import events_pb2
from rapport_kit.domain import uuid7

IDLE = timedelta(hours=12)
"""A session that is not used for so long has ended."""
ABSOLUTE = timedelta(days=14)
"""However much it is used, a session ends after so long."""
TOUCH = timedelta(minutes=1)
"""Use is noted to this precision, so that reading does not mean writing."""


@dataclass(kw_only=True, eq=False)
class Session:
    """One browser in which a user is signed in. Only a hash of its secret is kept."""

    user_id: UUID
    create_time: datetime
    last_use_time: datetime
    user_agent: str = ""
    address: str = ""
    end_time: datetime | None = None
    id: UUID = field(default_factory=uuid7)

    @property
    def expire_time(self) -> datetime:
        """When it ends by itself, if it stays unused."""
        return min(self.last_use_time + IDLE, self.create_time + ABSOLUTE)

    def tell(self, person_id: UUID | None, method: events_pb2.SignInMethod) -> events_pb2.UserSignedIn:
        """That it was opened, for the account of `person_id`; nothing of the browser or where it is."""
        fact = events_pb2.UserSignedIn(user_id=str(self.user_id), person_id=str(person_id or ""), method=method)
        fact.sign_in_time.FromDatetime(self.create_time)
        return fact

    def alive(self, now: datetime) -> bool:
        """Whether a token may be issued for it."""
        return self.end_time is None and now < self.expire_time

    def due_for_touch(self, now: datetime) -> bool:
        """Whether its use should be noted again."""
        return now - self.last_use_time >= TOUCH
