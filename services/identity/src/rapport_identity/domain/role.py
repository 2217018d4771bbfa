"""Roles: permissions, each with the records it reaches; and who may hand one out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapport_kit.auth.principal import Principal, Scope
from rapport_kit.domain import Entity
from rapport_kit.errors import Denied, Invalid

_KEY = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_WORD = r"[a-z][a-z0-9_]*"
_PATTERN = re.compile(rf"\*|\*\.{_WORD}|{_WORD}\.\*|{_WORD}\.{_WORD}\.(\*|{_WORD})")


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission or a pattern of such, and how far it reaches."""

    permission: str
    scope: Scope


@dataclass(kw_only=True, eq=False)
class Role(Entity):
    """What those who hold it may do. `denials` win over the grants of every role a user has."""

    key: str
    display_name: str
    description: str = ""
    grants: list[Grant] = field(default_factory=list)
    denials: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Refuse keys and patterns that nothing could match."""
        if not _KEY.fullmatch(self.key):
            raise Invalid.field("key", "MALFORMED", "lower-case letters, digits and hyphens")
        for index, grant in enumerate(self.grants):
            check_pattern(grant.permission, f"grants[{index}].permission")
        for index, pattern in enumerate(self.denials):
            check_pattern(pattern, f"denials[{index}]")


def check_pattern(pattern: str, field: str) -> None:
    """Refuse what is neither a permission nor a pattern of permissions."""
    if not _PATTERN.fullmatch(pattern):
        raise Invalid.field(field, "MALFORMED", "such as contact.people.get, contact.people.*, contact.*, *.get or *")


def combined(roles: Iterable[Role]) -> tuple[dict[str, Scope], frozenset[str]]:
    """What several roles allow together: the widest scope for each pattern, and every denial."""
    grants: dict[str, Scope] = {}
    denials: set[str] = set()
    for role in roles:
        denials.update(role.denials)
        for grant in role.grants:
            held = grants.get(grant.permission)
            if held is None or grant.scope.reach > held.reach:
                grants[grant.permission] = grant.scope
    return grants, frozenset(denials)


def check_may_hand_out(giver: Principal, grants: Mapping[str, Scope], denials: Iterable[str] = ()) -> None:
    """Refuse to let anybody give away more than they have: that is how administrators are made by themselves.

    Raises:
        Denied: `giver` does not hold one of the grants, in that scope, free of denials; named in the metadata.
    """
    kept_back = frozenset(denials)
    for pattern, scope in grants.items():
        held = [giver.grants[wider] for wider in giver.grants if covers(wider, pattern)]
        denied = any(denial not in kept_back and _overlap(denial, pattern) for denial in giver.denials)
        if denied or not held or max(each.reach for each in held) < scope.reach:
            raise Denied("GRANT_EXCEEDS_OWN", "nobody can give more than they have", permission=pattern, scope=scope)


def covers(wider: str, narrower: str) -> bool:
    """Whether every permission that `narrower` matches is matched by `wider`."""
    if wider in ("*", narrower):
        return True
    if narrower.startswith("*"):
        return False
    if wider.startswith("*."):
        return narrower.endswith(wider[1:]) and narrower.count(".") == 2
    return wider.endswith(".*") and narrower.startswith(wider[:-1])


def _overlap(one: str, other: str) -> bool:
    """Whether some permission may match both; errs on the side of yes."""
    verb_anywhere = one.startswith("*.") or other.startswith("*.")
    return verb_anywhere or covers(one, other) or covers(other, one)
