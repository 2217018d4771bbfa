"""Aggregates as collections: what use cases get them from and add new ones to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload
from uuid import UUID

import sqlalchemy as sa

from rapport_kit.domain import Entity, Mergeable
from rapport_kit.errors import NotFound
from rapport_kit.naming import snake
from rapport_kit.resources import resource_of
from rapport_kit.schema.aliases import asked, current_id
from rapport_kit.schema.tenancy import tenant_predicate

if TYPE_CHECKING:
    from rapport_kit.uow import UnitOfWork

E = TypeVar("E", bound=Entity)
R = TypeVar("R")


class Repository(Generic[E]):
    """The aggregates of one kind, as a collection that lives as long as the unit of work."""

    entity: ClassVar[type[Any]]

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    def add(self, entity: E) -> E:
        """Take a new aggregate in; it is written when the unit of work flushes, or ends."""
        self.uow.add(entity)
        return entity

    def restore(self, entity: E) -> E:
        """Take in an aggregate as it was at another place; see `UnitOfWork.restore`."""
        self.uow.restore(entity)
        return entity

    async def get(self, id: UUID | str, *, etag: str = "") -> E:  # noqa: A002 - the field's name
        """Load one aggregate for a change and lock it until the transaction ends.

        Raises:
            NotFound: there is none, or none within the caller's record scope.
            Stale: `etag` is not the current one (AIP-154).
        """
        found = await self.find(id)
        if found is None:
            raise not_found(self.entity, id)
        found.check_etag(etag)
        return found

    async def find_many(self, ids: Iterable[UUID]) -> dict[UUID, E]:
        """Those that answer for `ids` and that the caller may see, loaded and locked like one, in one statement.

        They are locked in the order of their ids, so that two that want the same ones do not wait for each other.
        """
        table = self.uow.schema.table(self.entity)
        statement = (
            asked(sa.select(self.entity), table, self.uow.tenant, list(ids))
            .where(self.uow.visible(table))
            .order_by(table.c.id)
            .with_for_update(key_share=True, of=table)
        )
        found: dict[UUID, E] = {row.asked: row[0] for row in await (await self.uow.session()).execute(statement)}
        late = {id_: into for id_, each in found.items() if (into := _merged_into(each)) is not None}
        if late:  # while this waited for the locks
            others = await self.find_many(set(late.values()))
            found = {id_: each for id_, each in found.items() if id_ not in late}
            found |= {id_: others[into] for id_, into in late.items() if into in others}
        await self.uow.privacy.load(*found.values())
        return {id_: self.uow.see(each) for id_, each in found.items()}

    async def find(self, id: UUID | str) -> E | None:  # noqa: A002
        """Like `get`, but None when there is none."""
        table = self.uow.schema.table(self.entity)
        statement = (
            sa.select(self.entity)
            .where(self.uow.visible(table), table.c.id == current_id(table, self.uow.tenant, UUID(str(id))))
            .with_for_update(key_share=True, of=table)
        )
        found: E | None = await (await self.uow.session()).scalar(statement)
        if found is None:
            return None
        if (into := _merged_into(found)) is not None:
            return await self.find(into)  # while this waited for the lock
        await self.uow.privacy.load(found)
        return self.uow.see(found)


class SingletonRepository(Repository[E]):
    """A kind of which there is one for each tenant (AIP-156); nobody owns it, so whoever may ask sees it."""

    async def current(self) -> E:
        """The one that holds, to be read only: the shipped one, of version 0, until the tenant has its own."""
        return await self._stored() or self.entity(id=self.uow.tenant)

    async def take(self, etag: str = "") -> E:
        """The one that holds, to be changed, by nobody else until the transaction ends.

        Raises:
            Stale: `etag` is not the current one.
        """
        await self.uow.hold(self.entity.__name__)  # there may be no row yet that could be locked
        found = await self._stored()
        taken: E = found or self.entity(id=self.uow.tenant)
        taken.check_etag(etag)
        return self.uow.see(taken) if found else self.add(taken)

    async def _stored(self) -> E | None:
        table = self.uow.schema.table(self.entity)
        mine = sa.select(self.entity).where(tenant_predicate(table, self.uow.tenant))
        found: E | None = await (await self.uow.session()).scalar(mine)
        return found


class repository(Generic[R]):  # noqa: N801 - reads as a declaration: `people = repository(People)`
    """Declares a repository of a unit of work; made at first use."""

    def __init__(self, kind: Callable[[Any], R]) -> None:
        self.kind = kind

    def __set_name__(self, owner: type[UnitOfWork], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, uow: None, owner: type[UnitOfWork]) -> repository[R]: ...
    @overload
    def __get__(self, uow: UnitOfWork, owner: type[UnitOfWork]) -> R: ...
    def __get__(self, uow: UnitOfWork | None, owner: type[UnitOfWork]) -> repository[R] | R:
        if uow is None:
            return self
        made = self.kind(uow)
        uow.__dict__[self.name] = made
        return made


def _merged_into(entity: Entity) -> UUID | None:
    return entity.merged_into if isinstance(entity, Mergeable) else None


def not_found(entity: type[Entity], id: UUID | str) -> NotFound:  # noqa: A002
    """The same words for what does not exist and for what the caller may not know of."""
    resource = resource_of(entity)
    name = resource.field if resource else snake(entity.__name__)
    return NotFound(f"{name.upper()}_NOT_FOUND", f"no such {name.replace('_', ' ')}", id=id)
