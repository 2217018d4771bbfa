"""Replaces the key of a tenant, a batch of subjects at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from rapport_contact.crypto.wrapping import INDEX_VERSION, unwrap_subject, wrap_subject
from rapport_contact.storage.subject_keys import StoredSubjectKeys
from rapport_contact.storage.tables import subject_key, tenant_key
from rapport_contact.storage.tenant_keys import TenantKey
from rapport_kit.uow import UnitOfWork, tenant_predicate

BATCH = 500
"""Keys that are wrapped anew in one transaction: some 10 ms."""
KEPT = timedelta(hours=1)
"""How long an old version stays: a process may wrap with it for as long as it remembers it and a transaction lasts."""


class Rotation:
    """The rotation of one tenant's key."""

    def __init__(self, uow: UnitOfWork) -> None:
        assert isinstance(uow.subject_keys, StoredSubjectKeys)
        self._uow = uow
        self._tenants = uow.subject_keys.tenants

    async def begin(self) -> None:
        """Make the next version and retire those before it; the index key is wrapped with the newest master key."""
        uow = self._uow
        mine = tenant_predicate(tenant_key, uow.tenant)
        await self._tenants.current(uow)  # a tenant without people has none yet
        found = (await uow.connection.execute(sa.select(tenant_key).where(mine).with_for_update())).all()
        versions = [row for row in found if row.tenant == uow.tenant]
        for row in versions:
            changes: dict[str, Any] = {}
            if row.version == INDEX_VERSION:
                key = self._tenants.masters.unwrap(row.wrapped, uow.tenant, INDEX_VERSION)
                changes["wrapped"] = self._tenants.masters.wrap(key, uow.tenant, INDEX_VERSION)
            elif row.retire_time is None:
                changes["retire_time"] = uow.now
            if changes:
                this = sa.and_(mine, tenant_key.c.version == row.version, tenant_key.c.wrapped == row.wrapped)
                await uow.connection.execute(sa.update(tenant_key).where(this).values(changes))
        await self._tenants.add(uow, max(row.version for row in versions) + 1)

    async def remaining(self) -> int:
        """How many keys are wrapped with an old version."""
        statement = sa.select(sa.func.count()).select_from(subject_key).where(self._old())
        return int(await self._uow.connection.scalar(statement) or 0)

    async def step(self) -> int:
        """Wrap a batch anew; how many keys there were to wrap. Keys that are being shredded are left alone."""
        uow = self._uow
        current = await self._tenants.newest(uow)
        assert current is not None, "a rotation begins with a new version"
        same = sa.and_(
            tenant_key.c.tenant == subject_key.c.tenant, tenant_key.c.version == subject_key.c.tenant_key_version
        )
        by = tenant_key.c.wrapped.label("by")
        statement = (
            sa.select(subject_key.c.subject, subject_key.c.wrapped, tenant_key.c.version, by)
            .join_from(subject_key, tenant_key, same)
            .where(self._old())
            .limit(BATCH)
            .with_for_update(of=subject_key, skip_locked=True)
        )
        again = [self._again(row, current) for row in (await uow.connection.execute(statement)).all()]
        if again:
            mine = tenant_predicate(subject_key, uow.tenant)
            these = sa.and_(mine, subject_key.c.subject == sa.bindparam("one", type_=sa.Uuid))
            changes = sa.update(subject_key).where(these).values(wrapped=sa.bindparam("anew"))
            await uow.connection.execute(changes.values(tenant_key_version=current.version), again)
        return len(again)

    def _again(self, row: Any, current: TenantKey) -> dict[str, Any]:
        tenant = self._uow.tenant
        key = unwrap_subject(row.wrapped, self._tenants.unwrap(tenant, row.version, row.by), tenant, row.subject)
        return {"one": row.subject, "anew": wrap_subject(key, current.key, tenant, row.subject)}

    async def drop_unused(self) -> int:
        """Delete old versions that nothing can be wrapped with any more; how many are left."""
        mine = tenant_predicate(tenant_key, self._uow.tenant)
        used = sa.select(subject_key.c.tenant_key_version).where(
            tenant_predicate(subject_key, self._uow.tenant),
            subject_key.c.tenant_key_version == tenant_key.c.version,
        )
        gone = sa.and_(mine, tenant_key.c.retire_time < self._uow.now - KEPT, sa.not_(used.exists()))
        await self._uow.connection.execute(sa.delete(tenant_key).where(gone))
        retired = sa.select(sa.func.count()).select_from(tenant_key).where(mine, tenant_key.c.retire_time.is_not(None))
        return int(await self._uow.connection.scalar(retired) or 0)

    def _old(self) -> sa.ColumnElement[bool]:
        """The subjects' keys under a retired version."""
        retired = sa.select(tenant_key.c.version).where(
            tenant_predicate(tenant_key, self._uow.tenant), tenant_key.c.retire_time.is_not(None)
        )
        mine = tenant_predicate(subject_key, self._uow.tenant)
        return sa.and_(mine, subject_key.c.tenant_key_version.in_(retired))
