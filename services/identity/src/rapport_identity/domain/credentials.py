"""API keys and service accounts: how programs call."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rapport_identity.domain.lasting import Lasting
from rapport_kit.domain import OwnedByUser
from rapport_kit.errors import Invalid, Refused


class ApiKeyState(StrEnum):
    """Whether an API key may be used."""

    ACTIVE = "active"
    REVOKED = "revoked"


class ServiceAccountState(StrEnum):
    """Whether a service account may call."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"


@dataclass(kw_only=True, eq=False)
class ApiKey(Lasting, OwnedByUser):
    """A secret with which a user's own programs call as that user; `roles`, when any, narrow the user's own."""

    display_name: str
    roles: list[str] = field(default_factory=list)
    expire_time: datetime | None = None
    last_use_time: datetime | None = None
    state: ApiKeyState = ApiKeyState.ACTIVE

    def settle(self, now: datetime) -> None:
        """Refuse a key that is born dead."""
        self.roles = sorted(set(self.roles))
        if self.expire_time is not None and self.expire_time <= now:
            raise Invalid.field("expire_time", "PAST", "must lie in the future")

    def usable(self, now: datetime) -> bool:
        """Whether a token may be issued for it."""
        return self.state is ApiKeyState.ACTIVE and (self.expire_time is None or now < self.expire_time)

    def revoke(self) -> None:
        """End it for good."""
        if self.state is ApiKeyState.REVOKED:
            raise Refused("API_KEY_REVOKED", "the API key is revoked already", id=self.id)
        self.state = ApiKeyState.REVOKED

    def narrowed(self, roles: list[str]) -> list[str]:
        """Which of its owner's present `roles` it has."""
        return [role for role in roles if role in self.roles] if self.roles else roles


@dataclass(kw_only=True, eq=False)
class ServiceAccount(Lasting):
    """Another system, which calls in its own name. Its `id` is the client id."""

    display_name: str
    roles: list[str] = field(default_factory=list)
    team_id: UUID | None = None
    state: ServiceAccountState = ServiceAccountState.ACTIVE
    last_use_time: datetime | None = None

    def settle(self) -> None:
        """Bring the list of roles to its normal form."""
        self.roles = sorted(set(self.roles))

    def deactivate(self) -> None:
        """Shut it out."""
        if self.state is ServiceAccountState.DEACTIVATED:
            raise Refused("SERVICE_ACCOUNT_DEACTIVATED", "the service account is deactivated already", id=self.id)
        self.state = ServiceAccountState.DEACTIVATED

    def reactivate(self) -> None:
        """Let it back in."""
        if self.state is ServiceAccountState.ACTIVE:
            raise Refused("SERVICE_ACCOUNT_ACTIVE", "the service account is active already", id=self.id)
        self.state = ServiceAccountState.ACTIVE
