"""Users: who may sign in, with what roles, as a member of which teams."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from rapport.identity.v1 import events_pb2
from rapport_identity.domain.lasting import Lasting
from rapport_kit.errors import Invalid, Refused

# What an address looks like, not whether it exists: only a delivered message proves that.
_EMAIL = re.compile(r"[^\s@\x00-\x1f\x7f\"(),:;<>\[\]\\]{1,64}@[^\s@]{1,189}")


class UserState(StrEnum):
    """Whether a user may sign in."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"


@dataclass(kw_only=True, eq=False)
class User(Lasting):
    """Somebody who works with Rapport. `team_id` is the user's home, `team_ids` are further memberships.

    `external_id` is what the directory `identity_provider_id` knows the user by: both are set, or neither is.
    `person_id` is the person in contact whose account this is; whether there is such a person only contact knows.
    """

    email: str
    display_name: str
    state: UserState = UserState.ACTIVE
    roles: list[str] = field(default_factory=list)
    team_id: UUID | None = None
    team_ids: list[UUID] = field(default_factory=list)
    locale: str = ""
    time_zone: str = ""
    external_id: str = ""
    identity_provider_id: UUID | None = None
    person_id: UUID | None = None

    def settle(self) -> None:
        """Bring the e-mail address and the lists to their normal form."""
        self.email = normal_email(self.email)
        self.roles = sorted(set(self.roles))
        self.team_ids = sorted(set(self.team_ids) - {self.team_id})

    def deactivate(self, successor_id: UUID | None) -> None:
        """Shut the user out and tell who takes over; whoever calls this also ends the user's sessions and keys."""
        if self.state is UserState.DEACTIVATED:
            raise Refused("USER_DEACTIVATED", "the user is deactivated already", id=self.id)
        self.state = UserState.DEACTIVATED
        self.record(
            events_pb2.UserDeactivated(
                user_id=str(self.id), successor_id=str(successor_id or ""), person_id=str(self.person_id or "")
            )
        )

    def reactivate(self) -> None:
        """Let the user back in; what was ended stays ended."""
        if self.state is UserState.ACTIVE:
            raise Refused("USER_ACTIVE", "the user is active already", id=self.id)
        self.state = UserState.ACTIVE

    @property
    def memberships(self) -> frozenset[UUID]:
        """Every team the user is a member of."""
        return frozenset(self.team_ids) | ({self.team_id} if self.team_id else frozenset())


def normal_email(email: str, field: str = "email") -> str:
    """An e-mail address in lower case with an ASCII domain: no two people share one that differs only in case.

    Raises:
        Invalid: it is none.
    """
    text = email.strip()
    if not _EMAIL.fullmatch(text):
        raise Invalid.field(field, "MALFORMED", "not an e-mail address")
    local, _, domain = text.rpartition("@")
    try:
        ascii_domain = domain.lower() if domain.isascii() else domain.lower().encode("idna").decode("ascii")
    except UnicodeError as fault:
        raise Invalid.field(field, "MALFORMED", "not an e-mail address") from fault
    return f"{local.lower()}@{ascii_domain}"
