"""All records of a tenant, whole: taken out in an order that lets them be restored, and restored as they were.

What is stored about others is listed before them. So whatever a listed record refers to is listed, too, however much is
added meanwhile, and no snapshot has to be held open. Restoring goes the other way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

import sqlalchemy as sa
from google.protobuf.message import Message

from rapport_kit.auth.principal import NOBODY
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid
from rapport_kit.schema.ids import any_of
from rapport_kit.turns import turn
from rapport_kit.uow import UnitOfWork, tenant_predicate

MOST_BYTES: Final = 4 * 1024 * 1024
"""Of the records of a page, until no more are read."""
AT_ONCE: Final = 50
"""Records that are read by one statement: together never too large for a message, however large each is."""


class Wanted(Protocol):
    """Which records are wanted, where not all are."""

    def __call__(self, table: sa.Table, parts: Collection[sa.Table] = ()) -> sa.ColumnElement[bool] | None:
        """Which rows of a table, whose `parts` are in tables of their own; None for a table of which none are."""


class Kind(Protocol):
    """One kind of records; `field` is what the oneof of the contract's `Record` calls it."""

    field: str

    async def page(
        self, uow: Any, after: UUID | None, size: int, wanted: Wanted | None = None
    ) -> Sequence[tuple[UUID, Message]]:
        """The first `size` after an id, in the order of their ids: of all, or of those that are wanted."""

    def identity(self, message: Any, uow: Any) -> UUID:
        """The id that a record has, or will have, in the tenant; ValueError when it says none."""

    async def known(self, uow: Any, ids: Collection[UUID]) -> set[UUID]:
        """Those of `ids` that are there."""

    async def restore(self, message: Any, path: str, uow: Any) -> None:
        """Bring one in that is not there; raises a `DomainError` with the path of what is wrong."""


class ResourceKind:
    """The records of a declared resource."""

    def __init__(self, resource: Resource[Any]) -> None:
        self.resource = resource
        self.field = resource.resource.field

    async def page(
        self, uow: UnitOfWork, after: UUID | None, size: int, wanted: Wanted | None = None
    ) -> Sequence[tuple[UUID, Message]]:
        """See `Reader.whole`."""
        return [(UUID(each.id), each) for each in await self._found(uow, after, size, wanted)]

    async def _found(self, uow: UnitOfWork, after: UUID | None, size: int, wanted: Wanted | None) -> Sequence[Any]:
        reader, entity = self.resource.reader(uow), self.resource.entity
        if wanted is None:
            return await reader.whole(uow, after, size)
        condition = wanted(uow.schema.table(entity), list(uow.schema.child_tables(entity).values()))
        return [] if condition is None else await reader.whole_of(uow, after, size, condition)

    def identity(self, message: Any, uow: UnitOfWork) -> UUID:
        """Its own."""
        return UUID(message.id)

    async def known(self, uow: UnitOfWork, ids: Collection[UUID]) -> set[UUID]:
        """By the key of the table."""
        return await known_in(uow.schema.table(self.resource.entity), uow, ids)

    async def restore(self, message: Message, path: str, uow: UnitOfWork) -> None:
        """See `Codec.restore` and `Resource.restore`."""
        await self.resource.restore(self.resource.resource.codec.restore(message, path), uow)


class TenantsOwn(ResourceKind):
    """What a tenant has one of, under the tenant's id; it travels without an id."""

    async def page(
        self, uow: UnitOfWork, after: UUID | None, size: int, wanted: Wanted | None = None
    ) -> Sequence[tuple[UUID, Message]]:
        """The one, unless the tenant goes by the defaults."""
        found = await self._found(uow, after, size, wanted)
        for each in found:
            each.id = ""
        return [(uow.tenant, each) for each in found]

    def identity(self, message: Message, uow: UnitOfWork) -> UUID:
        """The tenant's."""
        return uow.tenant

    async def restore(self, message: Any, path: str, uow: UnitOfWork) -> None:
        """As this tenant's own."""
        if message.id:
            raise Invalid.field(f"{path}.id", "NOT_ALLOWED", "must not be set: it is the tenant's")
        message.id = str(uow.tenant)
        await super().restore(message, path, uow)


@dataclass(frozen=True, slots=True)
class Line:
    """A record and its place in the list."""

    kind: str
    id: UUID
    record: Any


@dataclass(frozen=True, slots=True)
class Found:
    """Records; `cut` says that there were too many bytes for more of them, if there are any."""

    lines: list[Line]
    cut: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many records are new, and how many were there and stay as they are."""

    restored: int
    kept: int


class Records:
    """The records of one department, under its contract's `Record`: a message with one oneof."""

    def __init__(self, record: type[Message], kinds: Sequence[Kind]) -> None:
        """`kinds` are in such an order that each refers to none after it.

        Raises:
            TypeError: these are not the kinds of the contract.
        """
        (oneof,) = record.DESCRIPTOR.oneofs
        if sorted(kind.field for kind in kinds) != sorted(field.name for field in oneof.fields):
            raise TypeError(f"the kinds of records are not those of {record.DESCRIPTOR.full_name}")
        self._record = record
        self._oneof = oneof.name
        self._kinds = {kind.field: kind for kind in kinds}

    async def page(
        self, uow: UnitOfWork, after: tuple[str, UUID] | None, size: int, wanted: Wanted | None = None
    ) -> Found:
        """The first `size` records behind a place in the list, or fewer when they are large: the last kind first.

        Only those that are `wanted`, if it is given.
        """
        kinds, found, weight = list(reversed(self._kinds)), list[Line](), 0
        start = None if after is None else after[1]
        for name in kinds if after is None else kinds[kinds.index(after[0]) :]:
            last = False
            while not last:
                most = min(size - len(found), AT_ONCE)
                lines = [
                    Line(name, id_, self._record(**{name: message}))
                    for id_, message in await self._kinds[name].page(uow, start, most, wanted)
                ]
                found += lines
                weight += sum(each.record.ByteSize() for each in lines)
                if len(found) == size or weight > MOST_BYTES:
                    return Found(found, cut=len(found) < size)
                last, start = len(lines) < most, lines[-1].id if lines else None
            start = None
        return Found(found, cut=False)

    async def restore(self, records: Sequence[Any], uow: UnitOfWork) -> Outcome:
        """Bring in those that are not there, in one go: what others refer to first, in whichever order they are given.

        Raises:
            DomainError: one cannot be brought in; its path says which. What the database finds when all are written, as
                that a record is missing which one of them names, comes later, and names the field alone.
        """
        rank = list(self._kinds)
        asked = sorted(self._asked(records, uow), key=lambda each: rank.index(each[1]))
        there = {(name, id_) for name, ids in _by_kind(asked) for id_ in await self._kinds[name].known(uow, ids)}
        restored = 0
        for place, name, id_ in asked:
            if (name, id_) not in there:
                there.add((name, id_))
                await self._kinds[name].restore(getattr(records[place], name), f"records[{place}].{name}", uow)
                restored += 1
            await turn()
        return Outcome(restored, len(records) - restored)

    def _asked(self, records: Sequence[Any], uow: UnitOfWork) -> Iterator[tuple[int, str, UUID]]:
        for place, each in enumerate(records):
            name = each.WhichOneof(self._oneof)
            if name is None:
                raise Invalid.field(f"records[{place}]", "REQUIRED", "must hold a record")
            try:
                id_ = self._kinds[name].identity(getattr(each, name), uow)
            except ValueError as error:
                raise Invalid.field(f"records[{place}].{name}.id", "REQUIRED", "must be set, to a UUID") from error
            if id_ == NOBODY:
                raise Invalid.field(f"records[{place}].{name}.id", "INVALID_UUID", "must not be the nil UUID")
            yield place, name, id_


def _by_kind(asked: Sequence[tuple[int, str, UUID]]) -> Iterator[tuple[str, list[UUID]]]:
    for wanted in dict.fromkeys(name for _, name, _ in asked):
        yield wanted, [id_ for _, name, id_ in asked if name == wanted]


async def known_in(table: sa.Table, uow: UnitOfWork, ids: Collection[UUID]) -> set[UUID]:
    """Those of `ids` that a table of the tenant has."""
    wanted = table.c.id == any_of(ids)
    found = await uow.connection.execute(sa.select(table.c.id).where(tenant_predicate(table, uow.tenant), wanted))
    return set(found.scalars())
