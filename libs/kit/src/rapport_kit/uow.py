"""One transaction, one tenant: what a use case works in.

The unit of work commits state and facts together when its block ends well, and nothing when the block raises. Use
cases never commit. It holds a strong reference to every aggregate it saw, since SQLAlchemy's identity map is weak
and a forgotten aggregate would take its facts along.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, ClassVar, Generic, TypeVar, overload
from uuid import UUID

import sqlalchemy as sa
from google.protobuf.message import Message
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from rapport_kit.auth.permissions import record_scope
from rapport_kit.auth.principal import Principal, Scope
from rapport_kit.bus.outbox import EventRow, append
from rapport_kit.cause import Cause
from rapport_kit.database import Database
from rapport_kit.domain import Entity
from rapport_kit.errors import NotFound, Stale
from rapport_kit.query.tokens import PageTokens
from rapport_kit.resources import resource_of
from rapport_kit.schema import Schema

E = TypeVar("E", bound=Entity)
R = TypeVar("R")
U = TypeVar("U", bound="UnitOfWork")


def utc_now() -> datetime:
    """The wall clock; the only one in the suite that use cases see."""
    return datetime.now(UTC)


def tenant_predicate(table: sa.FromClause, tenant: UUID | sa.BindParameter[UUID]) -> sa.ColumnElement[bool]:
    """The application's wall between tenants; row-level security is the other one, and either alone must hold."""
    return table.c.tenant == tenant


class UnitOfWork:
    """One transaction of one tenant on behalf of one principal.

    `now` is the one time of the whole unit; `scope` says how far the permission that admitted the caller reaches.
    """

    schema: ClassVar[Schema]

    def __init__(
        self,
        database: Database,
        principal: Principal,
        *,
        scope: Scope = Scope.ALL,
        cause: Cause = Cause(),  # noqa: B008 - immutable
        statement_timeout_ms: int = 30_000,
        page_tokens: PageTokens | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.principal = principal
        self.tenant = principal.tenant
        self.scope = scope
        self.cause = cause
        self.now = clock()
        self.events_written = False
        self._database = database
        self._page_tokens = page_tokens
        self._statement_timeout_ms = statement_timeout_ms
        self._seen: dict[Entity, Message | None] = {}
        self._messages: dict[Entity, Message] = {}
        self._exit = AsyncExitStack()

    connection: AsyncConnection
    session: AsyncSession

    async def __aenter__(self: U) -> U:
        self.connection = await self._exit.enter_async_context(
            self._database.transaction(self.tenant, statement_timeout_ms=self._statement_timeout_ms)
        )
        self.session = AsyncSession(self.connection, expire_on_commit=False, autoflush=False)
        self._exit.push_async_callback(self.session.close)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self.flush()
        except BaseException as failure:
            await self._exit.__aexit__(type(failure), failure, failure.__traceback__)
            raise
        await self._exit.__aexit__(kind, error, trace)

    @property
    def page_tokens(self) -> PageTokens:
        """What seals the page tokens of this service."""
        assert self._page_tokens is not None, "this unit of work serves no call"
        return self._page_tokens

    def repository(self, entity: type[E]) -> Repository[E]:
        """The aggregates of a kind that has no repository of its own."""
        made: Repository[E] = Repository(self)
        made.entity = entity  # type: ignore[misc]
        return made

    def see(self, entity: E, *, loaded: bool) -> E:
        """Remember an aggregate, and what it was when it was loaded."""
        if entity not in self._seen:
            resource = resource_of(type(entity))
            self._seen[entity] = resource.codec.to_message(entity) if loaded and resource else None
        return entity

    async def flush(self) -> None:
        """Write every changed aggregate and its facts.

        Versions and etags are settled afterwards; `message` then gives what the caller is answered.
        """
        changes = [(entity, self._changed_paths(entity)) for entity in self._seen]
        rows: list[tuple[Entity, list[str] | None, list[Message]]] = []
        for entity, paths in changes:
            facts = entity.take_facts()
            if paths is None and not facts:
                continue
            self._touch(entity, len(facts) + (paths is not None))
            rows.append((entity, paths, facts))
        await self.session.flush()
        events = [event for entity, paths, facts in rows for event in self._events(entity, paths, facts)]
        if events:
            await append(self.connection, self.schema.frame, events)
            self.events_written = True

    def message(self, entity: Entity) -> Message:
        """The aggregate as it was last flushed or loaded; the caller may not change it."""
        if entity not in self._messages:
            resource = resource_of(type(entity))
            assert resource is not None, f"{type(entity).__name__} is not a declared resource"
            self._messages[entity] = resource.codec.to_message(entity)
        return self._messages[entity]

    def visible(self, table: sa.FromClause) -> sa.ColumnElement[bool]:
        """The rows that this caller may see: those of the tenant, within the caller's record scope."""
        predicate = tenant_predicate(table, self.tenant)
        within = record_scope(self.principal, self.scope, table)
        return predicate if within is None else sa.and_(predicate, within)

    def _changed_paths(self, entity: Entity) -> list[str] | None:
        """The fields that differ from what was loaded; None when nothing does."""
        resource = resource_of(type(entity))
        if resource is None:
            return None
        before = self._seen[entity]
        if before is None:
            return resource.codec.populated(resource.codec.to_message(entity))
        return resource.codec.diff(before, resource.codec.to_message(entity)) or None

    def _touch(self, entity: Entity, facts: int) -> None:
        """Mark the root as written, even when only a part of the aggregate changed: its version must move."""
        if entity.create_time is None:
            entity.create_time = self.now
        entity.update_time = self.now
        entity.sequence += facts

    def _events(self, entity: Entity, paths: list[str] | None, facts: list[Message]) -> list[EventRow]:
        """The rows of the event table: first what the aggregate became, then what it meant."""
        resource = resource_of(type(entity))
        name = resource.name if resource else type(entity).__name__
        if resource is not None:
            self._messages.pop(entity, None)
            state = self.message(entity)
            self._seen[entity] = state
            if paths is not None:
                facts = [resource.changed_event(state, paths), *facts]
        first = entity.sequence - len(facts) + 1
        return [
            EventRow(
                tenant=self.tenant,
                resource=name,
                aggregate=entity.id,
                sequence=first + offset,
                type=fact.DESCRIPTOR.full_name,
                payload=fact.SerializeToString(),
                occurred=self.now,
                actor=self.principal.subject,
                on_behalf_of=self.principal.on_behalf_of,
                cause=self.cause,
            )
            for offset, fact in enumerate(facts)
        ]


class Repository(Generic[E]):
    """The aggregates of one kind, as a collection that lives as long as the unit of work."""

    entity: ClassVar[type[Any]]

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    def add(self, entity: E) -> E:
        """Take a new aggregate in; it is written when the unit of work flushes."""
        setattr(entity, "_tenant", self.uow.tenant)  # noqa: B010 - mapped, and no field of the domain's
        self.uow.session.add(entity)
        return self.uow.see(entity, loaded=False)

    async def get(self, id: UUID | str, *, etag: str = "") -> E:  # noqa: A002 - the field's name
        """Load one aggregate for a change and lock it until the transaction ends.

        Raises:
            NotFound: there is none, or none within the caller's record scope.
            Stale: `etag` is not the current one (AIP-154).
        """
        found = await self.find(id)
        if found is None:
            raise not_found(self.entity, id)
        if etag and etag != f'"{found.version}"':
            raise Stale("ETAG_MISMATCH", "the resource changed since it was read", etag=etag)
        return found

    async def find(self, id: UUID | str) -> E | None:  # noqa: A002
        """Like `get`, but None when there is none."""
        table = self.uow.schema.table(self.entity)
        statement = (
            sa.select(self.entity)
            .where(self.uow.visible(table), table.c.id == UUID(str(id)))
            .with_for_update(key_share=True, of=table)
        )
        found: E | None = await self.uow.session.scalar(statement)
        return None if found is None else self.uow.see(found, loaded=True)


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


def not_found(entity: type[Entity], id: UUID | str) -> NotFound:  # noqa: A002
    """The same words for what does not exist and for what the caller may not know of."""
    resource = resource_of(entity)
    name = resource.singular if resource else entity.__name__.lower()
    return NotFound(f"{name.upper()}_NOT_FOUND", f"no such {name}", id=id)
