"""Counts tries to sign in before a password is looked at, and turns away whoever tries too often."""

from __future__ import annotations

from math import ceil

from rapport_identity.domain.throttle import ACCOUNT, ADDRESS, Limit, network_of
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_identity.storage.secrets import Failures
from rapport_kit.errors import Exhausted


class Attempt:
    """One try to sign in, for an e-mail address and from a network address."""

    def __init__(self, uow: IdentityUnitOfWork, email: str, address: str = "") -> None:
        self._uow = uow
        self.time = uow.now
        """When it began."""
        self._limits: dict[str, Limit] = {f"account:{email}": ACCOUNT} if email else {}
        if address:
            self._limits[f"address:{network_of(address)}"] = ADDRESS

    @classmethod
    def of_address(cls, uow: IdentityUnitOfWork, address: str) -> Attempt:
        """A try whose account is not known yet."""
        return cls(uow, "", address)

    async def begin(self) -> None:
        """Count the try as a failure, which `succeeded` takes back.

        Raises:
            Exhausted: too many failed before; the metadata says after how many seconds to come back.
        """
        now = self.time
        async with self._uow.apart() as connection:
            failures = Failures(connection, self._uow.tenant)
            before = {key: await failures.lock(key, now) for key in self._limits}
            left = [self._limits[key].left(*counted, now) for key, counted in before.items()]
            if any(left):
                seconds = ceil(max(left).total_seconds())
                raise Exhausted("SIGN_IN_THROTTLED", "too many tries; come back later", retry_seconds=seconds)
            for key, (count, _) in before.items():
                await failures.set(key, count + 1, now)

    async def withdraw(self) -> None:
        """It was no guess: whoever tried is not slowed down for it, though nobody is let in."""
        async with self._uow.apart() as connection:
            failures = Failures(connection, self._uow.tenant)
            for key in self._limits:
                await failures.take_back(key)

    async def succeeded(self) -> None:
        """Forget the failures of the account; the network address keeps those of others."""
        failures = Failures(self._uow.connection, self._uow.tenant)
        for key, limit in self._limits.items():
            await (failures.forget(key) if limit is ACCOUNT else failures.take_back(key))
