"""Texts of staff that belong to nobody's key, and those among them that name somebody who is erased.

Which they are the contracts say, by DATA_CLASS_UNATTRIBUTED. These tables are small: each is looked through once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from google.api import field_behavior_pb2

from rapport_contact.domain.bulk_change import BulkState
from rapport_contact.domain.channel import EmailAddress, PhoneNumber
from rapport_contact.domain.import_job import ImportState
from rapport_contact.domain.mention import Mention, Name
from rapport_contact.storage.tables import (
    bulk_change,
    import_fault,
    import_job,
    import_mapping,
    person,
    person_channel,
    saved_view,
    schema,
)
from rapport_kit.annotations import behaviours
from rapport_kit.privacy.unattributed import unattributed_fields
from rapport_kit.resources import ResourceType, resource_of
from rapport_kit.schema.ids import any_of
from rapport_kit.uow import UnitOfWork, tenant_predicate

ERASED: Final = "(erased)"
"""In the place of a text that a record cannot be without; its id behind, since names may have to differ."""
_READ = (ImportState.COMPLETED, ImportState.CANCELLED, ImportState.UNDOING, ImportState.UNDONE)
_NEEDED: Final[Mapping[sa.Table, sa.ColumnElement[bool]]] = {
    bulk_change: bulk_change.c.state == BulkState.RUNNING,
    import_job: sa.and_(import_job.c.file_key != "", import_job.c.state.not_in(_READ)),
}
"""When the work of a record goes by its texts still."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The texts of one kind of records, each with what is put in its place."""

    table: sa.Table
    empty: Mapping[str, sa.ColumnElement[Any]]

    @property
    def needed(self) -> sa.ColumnElement[bool]:
        """Whether the work of a record goes by them still."""
        return _NEEDED.get(self.table, sa.false())


@dataclass(frozen=True, slots=True)
class Found:
    """A record with texts, by their columns, that name somebody."""

    id: UUID
    columns: frozenset[str]
    needed: bool


@cache
def kept_texts() -> Mapping[str, Kept]:
    """All kinds of records that have such texts, by their tables."""
    found = {}
    for entity in schema.entities:
        resource: ResourceType[Any] | None = resource_of(entity)
        table = schema.table(entity)
        if resource is not None and (names := unattributed_fields(resource.message.DESCRIPTOR)):
            fields = resource.message.DESCRIPTOR.fields_by_name
            found[str(table.name)] = Kept(table, {name: _empty(table, fields[name]) for name in names})
    return found


class Texts:
    """The texts of the tenant."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def mention_of(self, people: Collection[UUID]) -> Mention:
        """What names these records, which are one person, as they are now."""
        ids = any_of(people)
        known = sa.select(person.c.given_name, person.c.family_name, person.c.display_name, person.c.external_ids)
        rows = (await self._uow.connection.execute(known.where(self._mine(person), person.c.id == ids))).all()
        reached = sa.select(person_channel.c.address, person_channel.c.normalized)
        mine = sa.and_(self._mine(person_channel), person_channel.c.person_id == ids)
        channels = (await self._uow.connection.execute(reached.where(mine))).all()
        emails = [(each.address.address, each.normalized) for each in channels if _is(each, EmailAddress)]
        phones = [(each.address.number, each.normalized) for each in channels if _is(each, PhoneNumber)]
        return Mention(
            emails={way for ways in emails for way in ways},
            phones={way for ways in phones for way in ways},
            ids={*map(str, people), *(each.value for row in rows for each in row.external_ids)},
            names={Name(row.given_name, row.family_name, row.display_name) for row in rows},
        )

    async def naming(self, kept: Kept, mention: Mention) -> Sequence[Found]:
        """The records of a kind that have texts with a mention; they stay as they are until the transaction ends."""
        names = {name: _names(kept.table.c[name], mention) for name in kept.empty}
        statement = (
            sa.select(kept.table.c.id, kept.needed.label("needed"), *(each.label(name) for name, each in names.items()))
            .where(self._mine(kept.table), sa.or_(*names.values()))
            .order_by(kept.table.c.id)
            .with_for_update(key_share=True)
        )
        rows = (await self._uow.connection.execute(statement)).mappings()
        return [Found(row["id"], frozenset(name for name in names if row[name]), row["needed"]) for row in rows]

    async def needed(self, kept: Kept, id_: UUID) -> bool:
        """Whether the work of a record goes by its texts still; it stays so until the transaction ends."""
        one = sa.select(kept.needed).where(self._mine(kept.table), kept.table.c.id == id_)
        return bool(await self._uow.connection.scalar(one.with_for_update(key_share=True)))

    async def clear(self, kept: Kept, ids: Collection[UUID], columns: Collection[str]) -> None:
        """Empty texts of some records.

        A view that found somebody goes into the trash, empty: without its filter it would show everybody.
        """
        theirs = sa.and_(self._mine(kept.table), kept.table.c.id.in_(ids))
        changed = {name: kept.empty[name] for name in columns}
        changed |= {"version": kept.table.c.version + 1, "update_time": sa.literal(self._uow.now)}
        if kept.table is saved_view:
            trashed = sa.func.coalesce(saved_view.c.delete_time, self._uow.now)
            changed |= {**kept.empty, "delete_time": trashed}
        await self._uow.connection.execute(sa.update(kept.table).where(theirs).values(**changed))
        if kept.table is import_job and not {"columns", "mapping"}.isdisjoint(columns):
            faults = sa.and_(self._mine(import_fault), import_fault.c.import_job_id.in_(ids))
            await self._uow.connection.execute(sa.update(import_fault).where(faults).values(column=""))

    async def forget_mappings(self, mention: Mention) -> int:
        """Forget the mappings that were used for files whose columns name somebody, as lines without a header do."""
        named = _names(import_mapping.c.mapping, mention)
        statement = sa.update(import_mapping).where(self._mine(import_mapping), named)
        emptied = statement.values(mapping=sa.literal_column("'[]'::jsonb"))
        return (await self._uow.connection.execute(emptied)).rowcount

    def _mine(self, table: sa.Table) -> sa.ColumnElement[bool]:
        return tenant_predicate(table, self._uow.tenant)


def _is(row: Any, kind: type) -> bool:
    return isinstance(row.address, kind)


def _names(column: sa.Column[Any], mention: Mention) -> sa.ColumnElement[bool]:
    """Whether a text has a mention. In a filter, and in a list, given and family name may stand apart."""
    prose = isinstance(column.type, sa.Text)
    text = column if prose else sa.cast(column, sa.Text)
    ways: list[sa.ColumnElement[bool]] = [text.regexp_match(each, flags="i") for each in mention.patterns]
    if column.name == "filter" or not prose:
        ways += [sa.and_(*(text.regexp_match(each, flags="i") for each in pair)) for pair in mention.apart]
    return sa.or_(sa.false(), *ways)


def _empty(table: sa.Table, field: Any) -> sa.ColumnElement[Any]:
    """What is put in the place of a text."""
    if field.is_repeated:
        return sa.literal_column("'[]'::jsonb")
    if field_behavior_pb2.REQUIRED in behaviours(field):
        return sa.literal(f"{ERASED} ") + sa.cast(table.c.id, sa.Text)
    return sa.literal("")
