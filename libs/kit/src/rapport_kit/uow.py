"""One transaction, one tenant: what a use case works in.

The unit of work commits state and facts together when its block ends well, and nothing when the block raises. Use
cases never commit. It holds a strong reference to every aggregate it saw, since SQLAlchemy's identity map is weak
and a forgotten aggregate would take its facts along.

New aggregates, facts and whatever else is only inserted wait for the end, or for `flush`, and are then written by one
statement (ADR 6), which is the whole transaction where nothing was read before. Changes of stored aggregates go
through SQLAlchemy's session, which is opened when it is needed.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import sqlalchemy as sa
from google.protobuf.message import Message
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from rapport_kit.auth.permissions import record_scope
from rapport_kit.auth.principal import Principal, Scope
from rapport_kit.blobs import Blobs
from rapport_kit.bus.envelope import Envelope
from rapport_kit.bus.interest import resource_telling
from rapport_kit.bus.outbox import EventRow, put
from rapport_kit.cause import Cause
from rapport_kit.codec import diff, populated
from rapport_kit.database import Database, Joined, Statements
from rapport_kit.domain import Entity
from rapport_kit.privacy.keys import NoSubjectKeys, SubjectKeys
from rapport_kit.privacy.unit import Privacy
from rapport_kit.query.tokens import PageTokens
from rapport_kit.repository import Repository, not_found, repository
from rapport_kit.resources import resource_of
from rapport_kit.schema import Schema
from rapport_kit.schema.prepared import Prepared
from rapport_kit.schema.sets import Batch
from rapport_kit.schema.tenancy import tenant_predicate
from rapport_kit.turns import turn

__all__ = ["Repository", "UnitOfWork", "not_found", "repository", "tenant_predicate", "utc_now"]

E = TypeVar("E", bound=Entity)
U = TypeVar("U", bound="UnitOfWork")


def utc_now() -> datetime:
    """The wall clock; the only one in the suite that use cases see."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to an aggregate: the fields that changed, None for none, and the facts that were recorded."""

    entity: Entity
    paths: list[str] | None
    facts: list[Message]

    def number(self, now: datetime) -> None:
        """Number the events that tell of it, and so mark the root as written even when only a part of it changed."""
        events = len(self.facts) + (self.paths is not None)
        if events:
            self.entity.update_time = now
            self.entity.sequence += events


class UnitOfWork:
    """One transaction of one tenant on behalf of one principal.

    `now` is the one time of the whole unit; `scope` says how far the permission that admitted the caller reaches;
    `waiting` holds rows that are to be inserted before the commit; `privacy` the keys of those whom it is about.
    `events_written` says that a commit leaves facts to publish, and `next_timer` how long after `now` the first timer
    that it set is due; `waited_for`, whether anybody waits for what it does. A unit `within` the transaction of others
    writes at its end, and leaves the commit to whoever began that.
    """

    schema: ClassVar[Schema]
    subject_keys: ClassVar[SubjectKeys] = NoSubjectKeys()
    """Where the keys of subjects are: the service that keeps them names its own, the frame gives them to the others."""

    def __init__(
        self,
        database: Database,
        principal: Principal,
        *,
        scope: Scope = Scope.ALL,
        cause: Cause = Cause(),  # noqa: B008 - immutable
        statement_timeout_ms: int = 30_000,
        by_key: bool = False,
        page_tokens: PageTokens | None = None,
        blobs: Blobs | None = None,
        clock: Callable[[], datetime] = utc_now,
        within: AsyncConnection | None = None,
    ) -> None:
        self.principal = principal
        self.tenant = principal.tenant
        self.scope = scope
        self.cause = cause
        self.now = clock()
        self.events_written = False
        self.next_timer: timedelta | None = None
        self.waited_for = True
        self.waiting = Batch()
        self._statements: Statements | Joined = (
            Statements(database, principal.tenant, statement_timeout_ms=statement_timeout_ms, by_key=by_key)
            if within is None
            else Joined(within)
        )
        self.privacy = Privacy(self)
        self._database = database
        self._page_tokens = page_tokens
        self._timeout = statement_timeout_ms / 1000
        self._by_key = by_key
        self._blobs = blobs
        self._session: AsyncSession | None = None
        self._new: dict[Entity, datetime] = {}
        self._settled: list[Entity] = []
        self._written: list[Entity] = []
        self._states: dict[Entity, Message | None] = {}
        self._letting_go = False

    event: Envelope | None = None
    """The event that is being handled, when it is one."""

    @classmethod
    def keeps_subject_keys(cls) -> bool:
        """Whether the keys of subjects are in this database."""
        return not isinstance(cls.subject_keys, NoSubjectKeys)

    async def __aenter__(self: U) -> U:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._finish()
            if self._session is not None:
                await self._session.close()
        except BaseException as failure:
            await self._statements.end(type(failure), failure, failure.__traceback__)
            raise
        await self._statements.end(kind, error, trace)
        if error is None and not self.shares_transaction:
            self.privacy.committed()

    @asynccontextmanager
    async def outside(self) -> AsyncIterator[None]:
        """Around the one remote call of a use case that takes long: no connection waits for it.

        The transaction ends, and another one begins after the block, in which no statement may be sent. What was
        loaded before may be read on, but must be loaded again to be changed: it may have changed meanwhile. Nothing
        may have been written before; a request id is not held meanwhile, so that only its record, in the second
        transaction, keeps a duplicate out.
        """
        assert not self.shares_transaction, "the transaction of others cannot be ended"
        await self.settle()
        written = self.events_written or self._settled or self._written or self.waiting
        assert not written, "the remote call comes before the first write"
        await self.__aexit__(None, None, None)
        self._session = None
        self._states.clear()
        self._begin_anew()
        began = time.monotonic()
        yield
        assert not self._statements.begun, "a transaction was begun that would be open during the remote call"
        if not self.cause.job:  # a caller waits, whose time it was
            self._timeout = max(self._timeout - (time.monotonic() - began), 0.001)
        self._begin_anew()

    def _begin_anew(self) -> None:
        timeout = int(self._timeout * 1000)
        self._statements = Statements(self._database, self.tenant, statement_timeout_ms=timeout, by_key=self._by_key)

    @property
    def connection(self) -> AsyncConnection:
        """The connection of this transaction, which begins with the first statement."""
        return self._statements

    @property
    def shares_transaction(self) -> bool:
        """Whether others write in this transaction, too: what is read here may be theirs, and come to nothing."""
        return isinstance(self._statements, Joined)

    async def session(self) -> AsyncSession:
        """SQLAlchemy's session in this transaction; it knows what was loaded and what was made and written."""
        await self._statements.begin_once()
        if self._session is None:
            self._session = AsyncSession(self.connection, expire_on_commit=False, autoflush=False)
        if self._written:
            self._session.add_all(self._written)
            self._written = []
        return self._session

    @property
    def page_tokens(self) -> PageTokens:
        """What seals the page tokens of this service."""
        assert self._page_tokens is not None, "this unit of work serves no call"
        return self._page_tokens

    @property
    def blobs(self) -> Blobs:
        """The blob store. It takes no part in the transaction: what is put is swept unless it is claimed."""
        assert self._blobs is not None, "this unit of work was given no blob store"
        return self._blobs

    def repository(self, entity: type[E]) -> Repository[E]:
        """The aggregates of a kind that has no repository of its own."""
        made: Repository[E] = Repository(self)
        made.entity = entity  # type: ignore[misc]
        return made

    def add(self, entity: Entity) -> None:
        """Take a new aggregate in."""
        self._take_in(entity, self.now)

    def restore(self, entity: Entity) -> None:
        """Take an aggregate in that was there at another place, and is told of as of the time when it came to be."""
        self._take_in(entity, entity.create_time or self.now)

    def _take_in(self, entity: Entity, occurred: datetime) -> None:
        vars(entity)["_tenant"] = self.tenant
        self._new[entity] = occurred

    def see(self, entity: E) -> E:
        """Remember an aggregate that was loaded, and what it was then."""
        if entity not in self._states:
            self._states[entity] = _state(entity)
        return entity

    async def flush(self) -> None:
        """Write every new or changed aggregate and all facts, so that statements of this transaction find them."""
        await self.settle()
        await self._write()

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """Around a part of the work that may fail by itself: all of it is written at its end, or none.

        What was loaded before is not to be changed in it. What is loaded in it is let go at its end, and what is made
        as soon as it is settled: thousands of them are not kept for a change that never comes.
        """
        await self.flush()
        session = await self.session()
        known, states, self._letting_go = {*session}, dict(self._states), True
        try:
            with self.privacy.attempt():
                async with session.begin_nested():
                    await session.connection()  # sets the savepoint: a session waits with it for a statement of its own
                    yield
                    await self.flush()
        finally:
            for entity in {*session} - known:
                if entity in session:  # parts go with their wholes
                    session.expunge(entity)
            self._new.clear()
            self._states, self.waiting, self._letting_go = states, Batch(), False

    async def hold(self, name: str) -> None:
        """Let no other transaction of the tenant hold what is called `name` until this one ends."""
        key = sa.func.hashtextextended(f"{name}/{self.tenant}", 0)
        await self.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))

    async def first(self, select: Prepared, /, **parameters: object) -> Any:
        """The first row of a select by a unique key, or None; see `all`."""
        return next(iter(await self.all(select, **parameters)), None)

    async def all(self, select: Prepared, /, **parameters: object) -> list[Any]:
        """The rows of a select that one index answers in its order: outside of any transaction when none has begun."""
        if self._statements.begun:
            return await select.all(self.connection, **parameters)
        return await select.all_alone(self._database, self.tenant, self._timeout, **parameters)

    async def settle(self) -> None:
        """Give every new or changed aggregate its version, and what is told of it; `message` then has the answer.

        Changes are written now, since others may have made some meanwhile. What is only inserted waits.
        """
        before = list(self._states)
        if self._new:
            await self.privacy.welcome(self._new)
            for entity, occurred in self._new.items():
                await self._create(entity, occurred)
                await turn()
            self._new.clear()
        await self.privacy.store_changed(before)
        changes = [change for entity in before if (change := self._change(entity)) is not None]
        if not changes:
            return
        await self._write()  # what changed may refer to what is new
        for change in changes:
            change.number(self.now)
            await self.privacy.prepare(change.entity, change.facts)
        await (await self.session()).flush()
        for change in changes:
            self._states[change.entity] = _state(change.entity)
            self._tell(change, self._states[change.entity], self.now)

    def message(self, entity: Entity) -> Message:
        """The aggregate as it was loaded or last settled; the caller may not change it."""
        state = self._states[entity]
        assert state is not None, f"{type(entity).__name__} is not a declared resource"
        return state

    def visible(self, table: sa.FromClause) -> sa.ColumnElement[bool]:
        """The rows that this caller may see: those of the tenant, within the caller's record scope."""
        predicate = tenant_predicate(table, self.tenant)
        within = record_scope(self.principal, self.scope, table)
        return predicate if within is None else sa.and_(predicate, within)

    async def _finish(self) -> None:
        """Write what is left; a unit that only inserts needs no transaction but that of its one statement."""
        await self.settle()
        if self._statements.begun:
            await self._write()
        else:
            await self.waiting.write_alone(self._database, self.tenant, timeout=self._timeout)

    async def _write(self) -> None:
        """Insert what waits, in one statement."""
        await self.waiting.write(self.connection)
        self._written += self._settled
        self._settled = []

    async def _create(self, entity: Entity, occurred: datetime) -> None:
        """Settle a new aggregate: its rows and its events wait from now on."""
        entity.version = 1
        entity.create_time = entity.create_time or self.now
        entity.update_time = self.now
        state = _state(entity)
        change = Change(entity, None if state is None else populated(state), entity.take_facts())
        change.number(self.now)
        await self.privacy.store_new(entity, state)
        rows = self.schema.rows(type(entity))
        rows.put(entity, self.waiting)
        self._tell(change, state, occurred)
        if not self._letting_go:
            rows.watch(entity)
            self._states[entity] = state
            self._settled.append(entity)

    def _change(self, entity: Entity) -> Change | None:
        """What happened to an aggregate since it was loaded or settled; None for nothing."""
        facts = entity.take_facts()
        if not self.schema.touched(entity):
            return Change(entity, None, facts) if facts else None
        before, after = self._states[entity], _state(entity)
        paths = diff(before, after) if before is not None and after is not None else []
        return Change(entity, paths or None, facts)

    def _tell(self, change: Change, state: Message | None, occurred: datetime) -> None:
        """Put the events with what waits: first what the aggregate became, then what it meant."""
        entity, facts = change.entity, change.facts
        resource = resource_of(type(entity))
        if resource is not None and state is not None and change.paths is not None:
            facts = [resource.changed_event(state, change.paths), *facts]
        first = entity.sequence - len(facts) + 1
        for sequence, fact in enumerate(facts, first):
            self._publish(resource.name if resource else type(entity).__name__, entity.id, sequence, fact, occurred)

    async def publish(self, resource: str, id: UUID, fact: Message) -> None:  # noqa: A002 - the field's name
        """Tell a fact that is no aggregate's: the first and the only one about `id`, which is new."""
        await self.privacy.ready([fact])
        self._publish(resource, id, 1, fact, self.now)

    def _publish(self, resource: str, aggregate: UUID, sequence: int, fact: Message, occurred: datetime) -> None:
        if resource_telling(fact.DESCRIPTOR) not in ("", resource):  # whoever goes by the contract would miss it
            raise TypeError(f"{fact.DESCRIPTOR.full_name} is told by {resource}, unlike its contract says")
        event = EventRow(
            tenant=self.tenant,
            resource=resource,
            aggregate=aggregate,
            sequence=sequence,
            type=fact.DESCRIPTOR.full_name,
            payload=self.privacy.payload(fact),
            occurred=occurred,
            actor=self.principal.subject,
            on_behalf_of=self.principal.on_behalf_of,
            cause=self.cause,
        )
        put(event, self.schema.frame, self.waiting)
        self.events_written = True


def _state(entity: Entity) -> Message | None:
    """What others see of an aggregate; None for one without a contract."""
    resource = resource_of(type(entity))
    return resource.codec.to_message(entity) if resource else None
