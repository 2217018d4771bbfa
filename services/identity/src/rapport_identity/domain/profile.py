"""What an issuer states about somebody, read from the claims of an ID token (OpenID Connect Core 1.0, section 5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapport_identity.domain.user import normal_email
from rapport_kit.errors import Invalid

LONGEST_NAME = 200
MOST_GROUPS = 2_000
_YES = (True, "true", 1, "1")
"""Some issuers state truth as text or number (`xms_edov`)."""


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """Under which names an issuer states what is known of somebody; empty for the standard name."""

    email: str = ""
    email_verified: str = ""
    given_name: str = ""
    family_name: str = ""
    groups: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """Somebody, as their issuer knows them. `groups` is None when the issuer does not say."""

    issuer: str
    subject: str
    email: str = ""
    email_verified: bool = False
    display_name: str = ""
    groups: frozenset[str] | None = None

    @classmethod
    def of(cls, issuer: str, claims: Mapping[str, Any], names: ClaimNames) -> Profile:
        """Read claims that are known to be the issuer's; what has a wrong type counts as not stated."""
        email = _email(claims.get(names.email or "email"))
        return cls(
            issuer=issuer,
            subject=str(claims["sub"]),
            email=email,
            email_verified=bool(email) and _affirmed(claims.get(names.email_verified or "email_verified")),
            display_name=_display_name(claims, names) or email,
            groups=_groups(claims.get(names.groups or "groups")),
        )


def full_name(given: str, family: str) -> str:
    """Both names, as far as they are known."""
    return " ".join(part for part in (given.strip(), family.strip()) if part)[:LONGEST_NAME]


def _display_name(claims: Mapping[str, Any], names: ClaimNames) -> str:
    given = _text(claims.get(names.given_name or "given_name"))
    family = _text(claims.get(names.family_name or "family_name"))
    return full_name(given, family) or _text(claims.get("name"))[:LONGEST_NAME]


def _affirmed(value: object) -> bool:
    return isinstance(value, bool | int | str) and value in _YES


def _email(value: object) -> str:
    try:
        return normal_email(_text(value))
    except Invalid:
        return ""


def _groups(value: object) -> frozenset[str] | None:
    if isinstance(value, str):
        return frozenset({value})
    if not isinstance(value, list):
        return None
    return frozenset(each for each in value[:MOST_GROUPS] if isinstance(each, str))


def _text(value: object) -> str:
    """Text without control characters; empty for anything else."""
    return "".join(each for each in value if each.isprintable()).strip() if isinstance(value, str) else ""
