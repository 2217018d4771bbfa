"""What contact is told from outside beside what every service is."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import AfterValidator

from rapport_kit.settings import ServiceSettings

SHORTEST_KEY = 32


def _key(value: str) -> str:
    if len(value) < SHORTEST_KEY:
        raise ValueError(f"must have at least {SHORTEST_KEY} characters, as `openssl rand -base64 32` prints")
    return value


class ContactSettings(ServiceSettings):
    """Prefix `RAPPORT_CONTACT_`."""

    match_key: Annotated[str, AfterValidator(_key)] | None = None
    """Hides the keys under which duplicates are looked for; every replica has the same. After a change of it, each
    tenant must have its duplicates scanned, which writes the keys anew."""


@cache
def contact_settings() -> ContactSettings:
    """The settings of this process, read once."""
    settings = ContactSettings.of("contact")
    assert isinstance(settings, ContactSettings)
    return settings
