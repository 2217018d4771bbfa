"""The caller, as every service sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Scope(StrEnum):
    """How far a grant reaches, from nothing but one's own records to all of the tenant's."""

    OWN = "own"
    TEAM = "team"
    UNIT = "unit"
    ALL = "all"

    @property
    def reach(self) -> int:
        """Larger for a scope that contains the other."""
        return _REACH[self]


_REACH = {scope: reach for reach, scope in enumerate(Scope)}


NOBODY = UUID(int=0)
"""The nil UUID (RFC 9562, section 5.9): nobody's name, and no tenant's: only identity's platform-wide rows have it."""


def patterns(permission: str) -> tuple[str, ...]:
    """Every grant pattern that covers `permission`, the narrowest first."""
    service, _, rest = permission.partition(".")
    resource, _, verb = rest.partition(".")
    return (permission, f"{service}.{resource}.*", f"{service}.*", f"*.{verb}", "*")


BY_NAME = frozenset({"erase", "export", "restore", "rotate", "take_out"})
"""Verbs that nobody is given by the way: no pattern but `*` grants them."""


def granting(permission: str) -> tuple[str, ...]:
    """Those of the patterns that cover `permission` by which it can be granted, the narrowest first."""
    covering = patterns(permission)
    return (covering[0], covering[-1]) if permission.rpartition(".")[2] in BY_NAME else covering


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated caller of one tenant.

    `grants` maps a permission pattern (`contact.people.get`, `contact.people.*`, `contact.*`, `*`, or a verb
    anywhere: `*.get`) to the record scope it is granted for; a pattern in `denials` wins over every grant.
    `team_ids` are the teams the caller is a member of; `unit_team_ids` those of the business units below and
    including the caller's. `kind` is `user`, `service` (a service account), `operator` (runs the platform) or
    `anonymous`; `session_id` is the session, API key or service account whose secret the token was issued for.
    """

    tenant: UUID
    subject: UUID
    grants: Mapping[str, Scope] = field(default_factory=dict)
    team_id: UUID | None = None
    team_ids: frozenset[UUID] = frozenset()
    unit_team_ids: frozenset[UUID] = frozenset()
    kind: str = "user"
    on_behalf_of: UUID | None = None
    denials: frozenset[str] = frozenset()
    session_id: UUID | None = None

    @property
    def author(self) -> UUID:
        """Whom history names: who asked a service to act, or else the caller."""
        return self.on_behalf_of or self.subject

    @classmethod
    def anonymous(cls) -> Principal:
        """Whoever calls a public method: no tenant, no grants."""
        return cls(tenant=NOBODY, subject=NOBODY, kind="anonymous")

    def scope(self, permission: str) -> Scope | None:
        """The widest scope in which this caller holds `permission`, or None: deny by default."""
        covering = patterns(permission)
        if self.denials and not self.denials.isdisjoint(covering):
            return None
        held = [self.grants[pattern] for pattern in granting(permission) if pattern in self.grants]
        return max(held, key=_REACH.__getitem__, default=None)
