"""The keys of tenants, which wrap those of their subjects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_contact.crypto.wrapping import INDEX_VERSION, MasterKeys, new_key
from rapport_contact.storage.tables import tenant_key
from rapport_kit.privacy.cipher import Key
from rapport_kit.privacy.keys import KEY_SECONDS
from rapport_kit.remembered import Remembered
from rapport_kit.schema.prepared import Prepared
from rapport_kit.uow import UnitOfWork, tenant_predicate


@dataclass(frozen=True, slots=True)
class TenantKey:
    """One version of a tenant's key."""

    version: int
    key: Key


class TenantKeys:
    """The keys of all tenants; each is read once in a while, and unwrapped once."""

    def __init__(self, masters: Callable[[], MasterKeys]) -> None:
        self._read_masters = masters
        self._current: Remembered[UUID, TenantKey] = Remembered(KEY_SECONDS)
        self._index: Remembered[UUID, Key] = Remembered(KEY_SECONDS)
        self._unwrapped: Remembered[tuple[UUID, int, bytes], Key] = Remembered(KEY_SECONDS)

    @cached_property
    def masters(self) -> MasterKeys:
        """What wraps them; read when it is first needed, as commands need it not."""
        return self._read_masters()

    async def current(self, uow: UnitOfWork) -> TenantKey:
        """The version that new keys are wrapped with; a tenant's first one is made here."""
        found = self._current.get(uow.tenant) or await self.newest(uow)
        if found is None:
            await self.add(uow, INDEX_VERSION)
            await self.add(uow, INDEX_VERSION + 1)
            found = await self.newest(uow)  # perhaps another's
        assert found is not None, "a tenant's key was just made"
        return found

    async def index_key(self, uow: UnitOfWork) -> Key:
        """What the tenant's blind indexes are made with."""
        known = self._index.get(uow.tenant)
        if known is not None:
            return known
        await self.current(uow)  # makes both where there are none
        statement = sa.select(tenant_key).where(
            tenant_predicate(tenant_key, uow.tenant), tenant_key.c.version == INDEX_VERSION
        )
        (row,) = [row for row in await uow.connection.execute(statement) if row.tenant == uow.tenant]
        key = self.unwrap(uow.tenant, INDEX_VERSION, row.wrapped)
        if _is_committed(row.create_time, uow):
            self._index.put(uow.tenant, key)
        return key

    def unwrap(self, tenant: UUID, version: int, wrapped: bytes) -> Key:
        """The key in a row."""
        key = self._unwrapped.get((tenant, version, wrapped))
        if key is None:
            key = self.masters.unwrap(wrapped, tenant, version)
            self._unwrapped.put((tenant, version, wrapped), key)
        return key

    async def newest(self, uow: UnitOfWork) -> TenantKey | None:
        """The version in use as it is stored now; None for a tenant that has none yet.

        One that may yet be rolled back is not remembered: what it wraps could not be read.
        """
        row = await uow.first(_newest(), tenant=uow.tenant)
        if row is None:
            return None
        found = TenantKey(row["version"], self.unwrap(uow.tenant, row["version"], row["wrapped"]))
        if _is_committed(row["create_time"], uow):
            self._current.put(uow.tenant, found)
        return found

    async def add(self, uow: UnitOfWork, version: int) -> None:
        """Make a version, unless somebody else does."""
        wrapped = self.masters.wrap(new_key(), uow.tenant, version)
        values = {"tenant": uow.tenant, "version": version, "wrapped": wrapped, "create_time": uow.now}
        await uow.connection.execute(insert(tenant_key).values(values).on_conflict_do_nothing())


def _is_committed(made: datetime, uow: UnitOfWork) -> bool:
    """Whether a key that a unit reads was made by neither this one nor by others in the same transaction."""
    return made != uow.now and not uow.shares_transaction


@cache
def _newest() -> Prepared:
    """One row; no other tenant's would unwrap, so that the tenant's own come first even where no wall stands."""
    tenant = sa.bindparam("tenant", type_=sa.Uuid)
    used = sa.and_(tenant_key.c.version != sa.literal_column(str(INDEX_VERSION)), tenant_key.c.retire_time.is_(None))
    return Prepared(
        sa.select(tenant_key.c.version, tenant_key.c.wrapped, tenant_key.c.create_time)
        .where(tenant_predicate(tenant_key, tenant), used)
        .order_by((tenant_key.c.tenant == tenant).desc(), tenant_key.c.version.desc())
        .limit(sa.literal_column("1"))
    )
