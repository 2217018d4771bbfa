"""Identity providers: whose word is taken for who somebody is, and what members of their groups get."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from rapport_identity.domain.lasting import Lasting
from rapport_identity.domain.profile import ClaimNames
from rapport_identity.domain.tenant import normal_host
from rapport_identity.domain.user import User
from rapport_kit.errors import Invalid

STANDARD_SCOPES = ("openid", "email", "profile")


@dataclass(frozen=True, slots=True)
class GroupMapping:
    """What members of a group get: a role, a team, or both."""

    group: str
    role: str = ""
    team_id: UUID | None = None


@dataclass(kw_only=True, eq=False)
class IdentityProvider(Lasting):
    """An issuer (OpenID Connect Core 1.0), or a directory that provisions users, or both."""

    display_name: str
    issuer: str
    client_id: str
    secret_time: datetime | None = None
    scopes: list[str] = field(default_factory=list)
    enabled: bool = False
    creates_users: bool = False
    links_by_email: bool = False
    email_domains: list[str] = field(default_factory=list)
    default_role: str = ""
    claims: ClaimNames | None = None
    group_mappings: list[GroupMapping] = field(default_factory=list)
    sealed_secret: bytes | None = field(default=None, metadata={"hidden": True})

    def settle(self) -> None:
        """Refuse what no issuer can be, and a provider that could speak for the addresses of the whole world."""
        check_issuer(self.issuer)
        self.scopes = list(dict.fromkeys(["openid", *(self.scopes or STANDARD_SCOPES)]))
        for index, scope in enumerate(self.scopes):
            if not scope.isascii() or not scope.isprintable() or {'"', "\\", " "} & set(scope):
                raise Invalid.field(f"scopes[{index}]", "MALFORMED", "not a scope (RFC 6749, section 3.3)")
        domains = [normal_host(each, f"email_domains[{index}]") for index, each in enumerate(self.email_domains)]
        self.email_domains = sorted(set(domains))
        if (self.creates_users or self.links_by_email) and not self.email_domains:
            raise Invalid.field("email_domains", "REQUIRED", "which addresses the provider may speak for")
        for index, mapping in enumerate(self.group_mappings):
            if not mapping.role and mapping.team_id is None:
                raise Invalid.field(f"group_mappings[{index}].role", "REQUIRED", "a role, a team, or both")

    @property
    def claim_names(self) -> ClaimNames:
        """Where its claims are looked for."""
        return self.claims or ClaimNames()

    @property
    def roles(self) -> frozenset[str]:
        """Every role that it can give."""
        mapped = {mapping.role for mapping in self.group_mappings} | {self.default_role}
        return frozenset(mapped - {""})

    @property
    def teams(self) -> frozenset[UUID]:
        """Every team that it can put somebody into."""
        return frozenset(mapping.team_id for mapping in self.group_mappings if mapping.team_id is not None)

    def speaks_for(self, email: str) -> bool:
        """Whether an address, in its normal form, is of one of its domains."""
        return email.rpartition("@")[2] in self.email_domains

    def links(self, email: str) -> bool:
        """Whether its word is enough to be taken for a user who has an address, in its normal form, already."""
        return self.links_by_email and self.speaks_for(email)

    def welcome(self, user: User, groups: Collection[str]) -> None:
        """Place a new user, who has the default role when no group gives another."""
        self.place(user, groups)
        if not user.roles and self.default_role:
            user.roles = [self.default_role]

    def place(self, user: User, groups: Collection[str]) -> bool:
        """Make mapped roles and teams follow membership, and leave all others alone; whether anything changed."""
        given = [mapping for mapping in self.group_mappings if mapping.group in groups]
        mapped_roles = {mapping.role for mapping in self.group_mappings}
        roles = (set(user.roles) - mapped_roles) | {mapping.role for mapping in given if mapping.role}
        given_teams = {mapping.team_id for mapping in given if mapping.team_id is not None}
        teams = (set(user.team_ids) - self.teams) | given_teams
        home = None if user.team_id in self.teams - given_teams else user.team_id
        before = (user.roles, user.team_id, user.team_ids)
        user.roles, user.team_id, user.team_ids = sorted(roles), home, sorted(teams - {home})
        return before != (user.roles, user.team_id, user.team_ids)


def check_issuer(issuer: str) -> None:
    """Refuse what cannot be an issuer (OpenID Connect Discovery 1.0, section 3).

    Plain http passes here: whether an address may be spoken to so is a matter of the installation's settings.
    """
    try:
        parts = urlsplit(issuer)
        sound = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.query or parts.fragment or "@" in parts.netloc or not issuer.isascii() or " " in issuer:
        raise Invalid.field("issuer", "MALFORMED", "an https URL without query and fragment")
