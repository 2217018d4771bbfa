"""What a password must be like (NIST SP 800-63B, section 3.1.1.2: length, not composition)."""

from __future__ import annotations

import unicodedata

from rapport_kit.errors import Invalid

SHORTEST = 12
LONGEST = 200


def normal_password(password: str) -> str:
    """The same password however a keyboard composes its characters (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, email: str, field: str) -> None:
    """Refuse what is guessed first."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid.field(field, "LENGTH", f"must have {SHORTEST} to {LONGEST} characters")
    lowered, local = password.lower(), email.partition("@")[0].lower()
    if len(set(password)) < 5 or (len(local) > 3 and local in lowered) or email.lower() in lowered:
        raise Invalid.field(field, "GUESSABLE", "must not repeat few characters or contain the e-mail address")
