"""Slows down whoever guesses passwords, without telling whether the account exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

LONGEST_WAIT = timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=1)
"""After so long without a failure, it is as if there had been none."""
_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` failures cost nothing; after that the wait doubles from one second, up to `LONGEST_WAIT`."""

    free: int

    def wait(self, failures: int) -> timedelta:
        """How long after its last failure the next try is refused."""
        if failures < self.free:
            return _NONE
        return min(LONGEST_WAIT, timedelta(seconds=2 ** min(failures - self.free, 20)))

    def left(self, failures: int, last: datetime, now: datetime) -> timedelta:
        """How much of the wait is left at `now`; tries at once may be counted in another order than they began in."""
        wait = self.wait(failures)
        return max(last + wait - now, _NONE) if wait else _NONE


ACCOUNT = Limit(free=5)
"""For one e-mail address, whether or not anybody has it."""
ADDRESS = Limit(free=30)
"""For one network address: many people may share one."""


def network_of(address: str) -> str:
    """What counts as one network address: of IPv6 the first 64 bits, since every line has all that follow them."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed), 64), strict=False))
