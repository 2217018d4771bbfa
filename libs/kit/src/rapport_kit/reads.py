"""Get, batch get and list: from SQL rows to messages, without building an aggregate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from google.protobuf.message import Message

from rapport_kit.auth.permissions import record_scope
from rapport_kit.auth.principal import NOBODY
from rapport_kit.privacy.at_rest import term
from rapport_kit.query import Columns, Count, Fields, Listing, capped_count
from rapport_kit.resources import ResourceType
from rapport_kit.schema import Schema
from rapport_kit.schema.aliases import asked, current_id, is_mergeable
from rapport_kit.schema.prepared import Prepared
from rapport_kit.uow import UnitOfWork, not_found, tenant_predicate


@dataclass(frozen=True, slots=True)
class Page:
    """A page of messages; `total` only when it was asked for."""

    items: list[Message]
    next_page_token: str
    total: Count | None


@dataclass(frozen=True)
class Reader:
    """Reads one resource. Every statement is bound to the caller's tenant and record scope."""

    schema: Schema
    resource: ResourceType[Any]

    @cached_property
    def _fields(self) -> Fields:
        return Fields.of(self.resource.message)

    @cached_property
    def _columns(self) -> Columns:
        return Columns.of(self._fields, self.schema.columns(self.resource.entity), self._table)

    @cached_property
    def _select(self) -> sa.Select[Any]:
        return self.schema.read(self.resource.entity)

    @cached_property
    def _box(self) -> int | None:
        """The place of the sensitive fields in a row; None when the resource has none."""
        return len(self._select.selected_columns) - 1 if self.schema.at_rest(self.resource.entity).names else None

    @cached_property
    def _table(self) -> sa.Table:
        return self.schema.table(self.resource.entity)

    @cached_property
    def _one(self) -> sa.Select[Any]:
        """Built once: putting it together takes longer than running it."""
        table = self._table
        mine = tenant_predicate(table, sa.bindparam("tenant", type_=sa.Uuid))
        current = current_id(table, sa.bindparam("tenant", type_=sa.Uuid), sa.bindparam("id", type_=sa.Uuid))
        return self._select.where(mine, table.c.id == current)

    @cached_property
    def _any(self) -> Prepared:
        """The same for callers whose record scope reaches everything, who are most."""
        return Prepared(self._one)

    async def get(self, uow: UnitOfWork, id: str) -> Message:  # noqa: A002 - the field's name
        """One resource, also when it is in the trash (AIP-164).

        Raises:
            NotFound: there is none, or none that the caller may see.
        """
        within, wanted = record_scope(uow.principal, uow.scope, self._table), {"tenant": uow.tenant, "id": UUID(id)}
        if within is None:
            row = await uow.first(self._any, **wanted)
        else:
            row = (await uow.connection.execute(self._one.where(within), wanted)).one_or_none()
        if row is None:
            raise not_found(self.resource.entity, id)
        (message,) = await self._messages(uow, [row])
        return message

    async def batch_get(self, uow: UnitOfWork, ids: Sequence[str]) -> list[Message]:
        """Several resources in the order asked (AIP-231).

        Raises:
            NotFound: for the first that there is none of; the call fails as a whole.
        """
        found = await self._by_id(uow, [UUID(asked) for asked in ids])
        for each in ids:
            if UUID(each) not in found:
                raise not_found(self.resource.entity, each)
        return [found[UUID(each)] for each in ids]

    async def in_order(self, uow: UnitOfWork, ids: Sequence[UUID]) -> list[Any]:
        """Those of `ids` that the caller may see, in that order."""
        found = await self._by_id(uow, ids)
        return [found[each] for each in ids if each in found]

    async def list(self, uow: UnitOfWork, request: Any, method: str, *conditions: sa.ColumnElement[bool]) -> Page:
        """A page, the newest first unless the request orders otherwise; `conditions` narrow it."""
        listing = Listing.of(
            request, self._fields, method=method, principal=uow.principal, tokens=uow.page_tokens, now=uow.now
        )
        present = not getattr(request, "show_deleted", False)  # some resources are never in the trash
        before = listing.newest_before
        reaches_all = record_scope(uow.principal, uow.scope, self._table) is None
        if before is not None and reaches_all and not conditions and not request.include_total_size:
            rows = await uow.all(self._newest[present], tenant=uow.tenant, before=before, size=listing.size + 1)
            return await self._page(uow, listing, rows)
        statement = self._select.where(uow.visible(self._table), *conditions, *self._shown(present))
        columns = self._columns.within(uow.tenant)
        if listing.filter.looks_for_sensitive:
            columns = columns.with_index(partial(term, await uow.subject_keys.index_key(uow)))
        rows = (await uow.connection.execute(listing.select(statement, columns))).all()
        total = None
        if request.include_total_size:
            wanted = statement.where(listing.filter.sql(columns)) if listing.filter else statement
            total = await capped_count(uow.connection, wanted)
        return await self._page(uow, listing, rows, total)

    async def _page(self, uow: UnitOfWork, listing: Listing, rows: Sequence[Any], total: Count | None = None) -> Page:
        shown, token = listing.page(rows, uow.page_tokens, uow.now)
        return Page([*await self._messages(uow, shown)], token, total)

    def _shown(self, present: bool) -> Iterator[sa.ColumnElement[bool]]:
        """What a list leaves out: the trash, unless that is asked for too, and in any case what became another."""
        if present:
            yield self._table.c.delete_time.is_(None)
        elif is_mergeable(self._table):
            yield self._table.c.merged_into.is_(None)

    @cached_property
    def _newest(self) -> dict[bool, Prepared]:
        """Everything that there is, the newest first, without the trash and with it: what most lists begin with.

        PostgreSQL plans it once: planning takes half as long as reading fifty rows with all that belongs to them.
        """
        table, parameter = self._table, sa.bindparam
        mine = tenant_predicate(table, parameter("tenant", type_=sa.Uuid))
        older = table.c.id < parameter("before", type_=sa.Uuid)
        page = self._select.add_columns(table.c.id).where(mine, older).order_by(table.c.id.desc())
        return {
            present: Prepared(page.where(*self._shown(present)).limit(parameter("size", type_=sa.Integer)))
            for present in (True, False)
        }

    async def whole(self, uow: UnitOfWork, after: UUID | None, size: int) -> Sequence[Message]:
        """The first `size` after an id, in the order of their ids, of all that there is: also what no list shows."""
        rows = await self._whole.all(uow.connection, tenant=uow.tenant, after=after or NOBODY, size=size)
        return await self._messages(uow, rows)

    async def whole_of(
        self, uow: UnitOfWork, after: UUID | None, size: int, condition: sa.ColumnElement[bool]
    ) -> Sequence[Message]:
        """The same, of what a condition holds for."""
        mine, later = tenant_predicate(self._table, uow.tenant), self._table.c.id > (after or NOBODY)
        page = self._select.where(mine, later, condition).order_by(self._table.c.id).limit(size)
        return await self._messages(uow, (await uow.connection.execute(page)).all())

    @cached_property
    def _whole(self) -> Prepared:
        table = self._table
        mine = tenant_predicate(table, sa.bindparam("tenant", type_=sa.Uuid))
        later = table.c.id > sa.bindparam("after", type_=sa.Uuid)
        page = self._select.where(mine, later).order_by(table.c.id)
        return Prepared(page.limit(sa.bindparam("size", type_=sa.Integer)))

    async def _messages(self, uow: UnitOfWork, rows: Sequence[Any]) -> Sequence[Message]:
        """The rows as messages; keys are fetched only for those that hold something sensitive."""
        messages = [self.resource.codec.row_to_message(row) for row in rows]
        if self._box is not None:
            boxes = [(message, box) for message, row in zip(messages, rows, strict=True) if (box := row[self._box])]
            if boxes:
                await uow.privacy.reveal(self.resource, boxes)
        return messages

    async def _by_id(self, uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, Message]:
        statement = asked(self._select, self._table, uow.tenant, ids).where(uow.visible(self._table))
        rows = (await uow.connection.execute(statement)).all()
        return {row[-1]: message for row, message in zip(rows, await self._messages(uow, rows), strict=True)}


@cache
def reader_of(schema: Schema, resource: ResourceType[Any]) -> Reader:
    """The reader of a resource; made once."""
    return Reader(schema, resource)
