"""Which network addresses a tenant may make this service call: those of the public internet, and few others.

Whoever configures an issuer chooses a URL that is then fetched from inside: without these rules that would be a door
to everything that listens in here (OWASP API7:2023, server-side request forgery).
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from rapport_kit.settings import Networks

Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")
_NOT_PUBLIC: Networks = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("100.64.0.0/10"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("fec0::/10"),
)
"""What `is_global` of some Python versions lets through, although nobody on the internet answers there."""


def real(text: str) -> Address:
    """The address that packets reach in the end: the IPv4 one where IPv6 carries one (mapped, NAT64, 6to4, Teredo)."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    if address.sixtofour is not None:
        return address.sixtofour
    return address.teredo[1] if address.teredo is not None else address


def is_public(address: Address) -> bool:
    """Whether the public internet is there."""
    special = address.is_multicast or address.is_reserved or address.is_unspecified or _within(address, _NOT_PUBLIC)
    return address.is_global and not special


def permitted(text: str, *, secure: bool, port: int, networks: Networks) -> bool:
    """Whether a connection may be made. `networks` are those inside that an operator has opened."""
    address = real(text)
    if _within(address, networks):
        return secure or address.is_loopback
    return secure and port == 443 and is_public(address)


def _within(address: Address, networks: Networks) -> bool:
    return any(address in network for network in networks)
