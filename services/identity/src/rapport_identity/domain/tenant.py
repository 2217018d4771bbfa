"""Tenants, and the host names by which a browser finds its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rapport_identity.domain.lasting import Lasting
from rapport_kit.errors import Invalid

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_CURRENCY = re.compile(r"[A-Z]{3}")
LONGEST_HOST = 253


@dataclass(kw_only=True, eq=False)
class Tenant(Lasting):
    """A company that works with Rapport, apart from all others. Its `id` is the tenant of all its rows."""

    display_name: str
    hosts: list[str] = field(default_factory=list)
    locale: str = "en"
    time_zone: str = "UTC"
    currency: str = "EUR"

    def settle(self) -> None:
        """Bring the host names to their normal form, and refuse what cannot be one."""
        self.hosts = list(dict.fromkeys(normal_host(host, f"hosts[{i}]") for i, host in enumerate(self.hosts)))
        self.locale, self.time_zone = self.locale or "en", self.time_zone or "UTC"
        self.currency = self.currency or "EUR"
        if not _CURRENCY.fullmatch(self.currency):
            raise Invalid.field("currency", "MALFORMED", "three capital letters (ISO 4217)")


def normal_host(host: str, field: str = "host") -> str:
    """A host name in lower case and ASCII (RFC 5891), without a port.

    Raises:
        Invalid: it is none.
    """
    name = re.sub(r":\d{1,5}$", "", host.strip()).rstrip(".").lower()
    try:
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    if len(name) > LONGEST_HOST or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise Invalid.field(field, "MALFORMED", "not a host name")
    return name
