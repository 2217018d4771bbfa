"""The keys of the people in this database, each wrapped with its tenant's: what can be shredded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_contact.crypto.wrapping import MasterKeys, new_key, unwrap_subject, wrap_subject
from rapport_contact.settings import process_settings
from rapport_contact.storage.tables import erasure, subject_key, tenant_key
from rapport_contact.storage.tenant_keys import TenantKeys
from rapport_kit.privacy.cipher import Key
from rapport_kit.privacy.keys import KEY_SECONDS
from rapport_kit.remembered import Remembered
from rapport_kit.schema.prepared import Prepared
from rapport_kit.schema.sets import Row, Sink
from rapport_kit.uow import UnitOfWork, tenant_predicate

SINK = Sink(subject_key)


class StoredSubjectKeys:
    """Keys in the transaction of a unit of work; a key that was read stays at hand for half a minute.

    A key may so be used for a moment after it was shredded by another process. It can do no harm then: a person's row
    is gone with the key, and nothing about a person can be read or written without locking or finding that row.
    """

    def __init__(self) -> None:
        self.tenants = TenantKeys(lambda: MasterKeys(process_settings().secrets("master_keys")))
        self._known: Remembered[tuple[UUID, UUID], Key] = Remembered(KEY_SECONDS)

    async def make(self, uow: UnitOfWork, subjects: Collection[UUID]) -> Mapping[UUID, Key]:
        """New keys; they are inserted with what waits in `uow`, in the same statement as the people."""
        made = {subject: new_key() for subject in subjects}
        for row in await self._rows(uow, made):
            uow.waiting.add(SINK, row)
        return made

    async def find(self, uow: UnitOfWork, subjects: Collection[UUID], *, to_write: bool = False) -> Mapping[UUID, Key]:
        """The keys that there are; see `SubjectKeys.find`."""
        known = {subject: key for subject in subjects if (key := self._known.get((uow.tenant, subject))) is not None}
        unknown = [subject for subject in subjects if subject not in known]
        if unknown:
            stored = await self._stored(uow, unknown)
            if not uow.shares_transaction:
                for subject, key in stored.items():
                    self._known.put((uow.tenant, subject), key)
            known |= stored
        if to_write and (lacking := [subject for subject in unknown if subject not in known]):
            known |= await self._added(uow, lacking)
        return known

    async def index_key(self, uow: UnitOfWork) -> Key:
        """See `SubjectKeys.index_key`."""
        return await self.tenants.index_key(uow)

    def remember(self, tenant: UUID, made: Mapping[UUID, Key]) -> None:
        """See `SubjectKeys.remember`."""
        for subject, key in made.items():
            self._known.put((tenant, subject), key)

    def forget(self, tenant: UUID, subject: UUID) -> None:
        """Know a key no more in this process."""
        self._known.drop((tenant, subject))

    async def _stored(self, uow: UnitOfWork, subjects: Collection[UUID]) -> dict[UUID, Key]:
        found = {}
        if len(subjects) == 1:  # a page of one needs no transaction
            row = await uow.first(_select_one(), tenant=uow.tenant, subject=next(iter(subjects)))
            rows = [] if row is None else [row]
        else:
            rows = await _select_many().all(uow.connection, tenant=uow.tenant, subjects=list(subjects))
        for row in rows:
            if row["tenant"] != uow.tenant:  # it would not unwrap: not even without walls is there a way to it
                continue
            subject = UUID(bytes=row["subject"].bytes)  # the driver has a class of its own
            under = self.tenants.unwrap(uow.tenant, row["version"], row["tenant_wrapped"])
            found[subject] = unwrap_subject(row["wrapped"], under, uow.tenant, subject)
        return found

    async def _added(self, uow: UnitOfWork, subjects: Collection[UUID]) -> dict[UUID, Key]:
        """Keys for people who are older than the keys; whoever else is giving them one at this moment is waited for.

        Nobody who was erased is given another one. They are not remembered beyond this unit, which may not commit.
        """
        gone = sa.and_(tenant_predicate(erasure, uow.tenant), erasure.c.id.in_(subjects))
        erased = set(await uow.connection.scalars(sa.select(erasure.c.id).where(gone)))
        older = [subject for subject in subjects if subject not in erased]
        if not older:
            return {}
        rows = await self._rows(uow, {subject: new_key() for subject in older})
        await uow.connection.execute(insert(subject_key).values(rows).on_conflict_do_nothing())
        return await self._stored(uow, older)

    async def _rows(self, uow: UnitOfWork, keys: Mapping[UUID, Key]) -> list[Row]:
        under = await self.tenants.current(uow)
        return [
            {
                "tenant": uow.tenant,
                "subject": subject,
                "tenant_key_version": under.version,
                "wrapped": wrap_subject(key, under.key, uow.tenant, subject),
            }
            for subject, key in keys.items()
        ]


@cache
def _select_one() -> Prepared:
    return Prepared(_select(subject_key.c.subject == sa.bindparam("subject", type_=sa.Uuid)))


@cache
def _select_many() -> Prepared:
    subjects: Any = sa.bindparam("subjects", type_=sa.ARRAY(sa.Uuid))
    return Prepared(_select(subject_key.c.subject == sa.any_(subjects)))


def _select(wanted: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Wrapped keys, each with the tenant's key that wraps it as both are at one moment."""
    same = sa.and_(
        tenant_key.c.tenant == subject_key.c.tenant, tenant_key.c.version == subject_key.c.tenant_key_version
    )
    columns = (subject_key.c.tenant, subject_key.c.subject, subject_key.c.wrapped, tenant_key.c.version)
    return (
        sa.select(*columns, tenant_key.c.wrapped.label("tenant_wrapped"))
        .join_from(subject_key, tenant_key, same)
        .where(tenant_predicate(subject_key, sa.bindparam("tenant", type_=sa.Uuid)), wanted)
    )
