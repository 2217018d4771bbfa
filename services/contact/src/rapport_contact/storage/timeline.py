"""The entries of timelines: added from events, read a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_contact.domain.timeline import Line, PostedEntry, Stamp, entry_id, restated
from rapport_contact.storage.following import made_for
from rapport_contact.storage.merges import Merges
from rapport_contact.storage.readers import readers_of_note
from rapport_contact.storage.tables import activity, erasure, note, organisation, person, task, timeline_entry
from rapport_kit.auth.principal import NOBODY
from rapport_kit.bus.envelope import Envelope
from rapport_kit.query.keyset import Key
from rapport_kit.schema.aliases import TOLD
from rapport_kit.schema.prepared import Prepared
from rapport_kit.schema.sets import Sink
from rapport_kit.uow import UnitOfWork, tenant_predicate

NOTE = "contact.rapport/Note"
TELLING: Final = {"contact.rapport/Activity": activity, NOTE: note, "contact.rapport/Task": task}
"""The records that are told of, by what they are: each for good of the customer for whom it was made."""
RECORDS: Final = (*TELLING, "contact.rapport/Person", "contact.rapport/Organisation")
"""The records of whose changes the projection makes entries."""
SOURCE: Final = "contact"
"""The service through which entries are posted."""
LATER = timeline_entry.alias("later")
_LINE: Final = tuple(name for name in Line.__slots__)
_EACH: Final = (*_LINE, "id", "place", "source", "aggregate", "sequence", "recorded")
_SINK: Final = Sink(timeline_entry, ["tenant", *_EACH])


@dataclass(frozen=True, slots=True)
class Entries:
    """What one event tells: lines, which become entries. One that was restored has the `stamp` of before."""

    event: Envelope
    lines: Sequence[Line]
    stamp: Stamp | None = None

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The entries, as `_EACH` has their columns."""
        event, source = self.event, source_of(self.event)
        for place, line in enumerate(self.lines):
            made = self.stamp or Stamp(
                entry_id(source, event.aggregate, event.sequence, place, event.occurred), event.recorded
            )
            told = (getattr(line, name) for name in _LINE)
            yield (*told, made.id, place, source, event.aggregate, event.sequence, made.recorded)


def _add() -> Prepared:
    """Add entries, an array for each of their columns: those whose customers have not been erased meanwhile, once.

    Of somebody of whom a legal hold kept something there is a record still.
    """
    entry, tenant = timeline_entry.c, sa.bindparam("tenant", type_=sa.Uuid)
    arrays = (sa.bindparam(name, type_=sa.ARRAY(entry[name].type)) for name in _EACH)
    line = sa.func.unnest(*arrays).table_valued(*(sa.column(name, entry[name].type) for name in _EACH))
    line = line.render_derived("line")
    there = (
        sa.or_(line.c[name].is_(None), sa.exists().where(tenant_predicate(table, tenant), table.c.id == line.c[name]))
        for name, table in (("person_id", person), ("organisation_id", organisation))
    )
    gone = sa.exists().where(tenant_predicate(erasure, tenant), erasure.c.id == line.c.person_id)
    told = sa.select(*(line.c[name] for name in _EACH), tenant).where(*there, sa.not_(gone))
    added = insert(timeline_entry).from_select([*_EACH, "tenant"], told)
    return Prepared(added.on_conflict_do_nothing().returning(timeline_entry.c.id))


@dataclass(frozen=True, slots=True)
class Window:
    """Which entries of a customer are asked for; empty means any."""

    column: str
    customer: UUID
    kinds: Sequence[str] = ()
    channels: Sequence[str] = ()
    actor: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    corrected: bool = False


class Timeline:
    """All timelines of the tenant."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    async def add(self, entries: Iterable[Entries]) -> None:
        """Add what events tell; once, however often they come."""
        rows = [row for each in entries for row in each.rows()]
        if rows:
            columns = dict(zip(_EACH, map(list, zip(*rows, strict=True)), strict=True))
            await ADD.all(self.uow.connection, tenant=self.uow.tenant, **columns)

    def restore(self, entry: PostedEntry) -> None:
        """Insert one as it was, with what waits: as the projection makes it of the fact that is told of it."""
        told = {name: getattr(entry.line, name) for name in _LINE}
        made = {"id": entry.id, "place": 0, "source": SOURCE, "aggregate": entry.id, "sequence": 1}
        self.uow.waiting.add(_SINK, told | made | {"tenant": self.uow.tenant, "recorded": entry.record_time})

    async def whole(self, after: UUID | None, size: int, *conditions: sa.ColumnElement[bool]) -> Sequence[sa.Row[Any]]:
        """The first `size` entries after an id, in the order of their ids, of those that `conditions` hold for."""
        later = timeline_entry.c.id > (after or NOBODY)
        mine = tenant_predicate(timeline_entry, self.uow.tenant)
        statement = sa.select(timeline_entry).where(mine, later, *conditions).order_by(timeline_entry.c.id)
        return (await self.uow.connection.execute(statement.limit(size))).all()

    async def corrected(self, wanted: Sequence[Entries]) -> list[Entries]:
        """What to add so that the records which events are about are told as they are now: it corrects the rest."""
        kept = await self._kept([each.event for each in wanted])
        return [await self._corrected(each, kept.get(each.event.aggregate, [])) for each in wanted]

    async def _corrected(self, wanted: Entries, kept: Sequence[tuple[UUID, Line]]) -> Entries:
        before, event = [line for _, line in kept], wanted.event
        lines = list(wanted.lines)
        if event.sequence > 1 and lines and lines[0].about not in {line.about for line in before}:
            lines[0] = await self._as_first_told(lines[0], event)
        lines = [await self._about_the_same(line, before, event.occurred) for line in lines]
        return Entries(event, restated(event.author, kept, lines))

    async def _kept(self, events: Sequence[Envelope]) -> Mapping[UUID, list[tuple[UUID, Line]]]:
        """By record, the entries that the records which events are about have so far, with their ids."""
        found: dict[UUID, list[tuple[UUID, Line]]] = {}
        if events:
            asked = {"source": source_of(events[0]), "aggregates": [event.aggregate for event in events]}
            for row in await KEPT.all(self.uow.connection, tenant=self.uow.tenant, **asked):
                found.setdefault(row["aggregate"], []).append((row["id"], _as_told(row)))
        return found

    async def find(self, id: UUID) -> sa.Row[Any] | None:  # noqa: A002 - the column's name
        """One entry, whoever it is about, if the caller may read it."""
        statement = sa.select(timeline_entry, sa.not_(in_force()).label("corrected")).where(
            self.readable(), timeline_entry.c.id == id
        )
        return (await self.uow.connection.execute(statement)).one_or_none()

    async def page(self, window: Window, size: int, after: Key | None) -> Sequence[sa.Row[Any]]:
        """Up to `size` entries of one customer, the latest first; `after` is the place of the last one before."""
        entry = timeline_entry
        statement = sa.select(entry).where(self.readable(), entry.c[window.column] == window.customer)
        if window.kinds:
            statement = statement.where(entry.c.kind.in_(window.kinds))
        if window.channels:
            statement = statement.where(entry.c.channel.in_(window.channels))
        if window.actor is not None:
            statement = statement.where(entry.c.actor == window.actor)
        if window.since is not None:
            statement = statement.where(entry.c.occurred >= window.since)
        if window.until is not None:
            statement = statement.where(entry.c.occurred < window.until)
        if not window.corrected:
            statement = statement.where(sa.not_(entry.c.retracted), in_force())
        if after is not None:
            statement = statement.where(sa.tuple_(entry.c.occurred, entry.c.id) < sa.tuple_(*after))
        statement = statement.order_by(entry.c.occurred.desc(), entry.c.id.desc()).limit(size)
        return (await self.uow.connection.execute(statement)).all()

    def readable(self) -> sa.ColumnElement[bool]:
        """What a note told is read by whoever may read the note as it is now, not as it was."""
        mine = tenant_predicate(timeline_entry, self.uow.tenant)
        readable = sa.select(note.c.id).where(
            tenant_predicate(note, self.uow.tenant),
            note.c.id == timeline_entry.c.record_id,
            readers_of_note(self.uow.principal, note),
        )
        return sa.and_(mine, sa.or_(timeline_entry.c.resource != NOTE, _any(readable)))

    async def _as_first_told(self, line: Line, event: Envelope) -> Line:
        """The line as if told of the customer for whom the record was made, not of what that one had become: a record
        that went along in a merge goes back when the two are parted, and so must all that is told of it.
        """
        first = await made_for(self.uow, TELLING[event.resource], event.aggregate)
        return line if first is None else replace(line, person_id=first[0], organisation_id=first[1])

    async def _about_the_same(self, line: Line, kept: Sequence[Line], occurred: datetime) -> Line:
        """The line as if told of whom the record was about before: a record that went along in a merge speaks of the
        survivor, and goes back when people are parted.
        """
        told = {each.person_id for each in kept}
        if line.person_id is None or not told - {None} or line.person_id in told:
            return line
        former = await Merges(self.uow).below(line.person_id, occurred)
        return next((replace(line, person_id=each) for each in former if each in told), line)


def posted() -> sa.ColumnElement[bool]:
    """Entries that were posted, or correct others: the event of each is about nothing but the entry.

    What the projection makes of a record that changed has the record's id: as that which tells more or, where the new
    owner does, as whom it is about.
    """
    entry = timeline_entry.c
    of_record = sa.and_(entry.aggregate == entry.record_id, entry.resource.in_(RECORDS))
    customers = [entry[prefix + name] for name in ("person_id", "organisation_id") for prefix in ("", TOLD)]
    others = (customer.is_distinct_from(entry.aggregate) for customer in customers)
    return sa.and_(entry.source == SOURCE, sa.not_(of_record), *others)


def source_of(event: Envelope) -> str:
    """The service whose event it is."""
    return event.type.split(".")[1]


def _as_told(row: Any) -> Line:
    """What an entry said when it was added: of whom, whoever that has become."""
    first = {name: row[TOLD + name] or row[name] for name in ("person_id", "organisation_id")}
    return Line(**{name: row[name] for name in _LINE} | first)


def in_force() -> sa.ColumnElement[bool]:
    """Entries that no other one corrects."""
    corrections = sa.select(LATER.c.id).where(
        LATER.c.tenant == timeline_entry.c.tenant, LATER.c.corrects == timeline_entry.c.id
    )
    return sa.not_(_any(corrections))


def _any(found: sa.Select[Any]) -> sa.ColumnElement[bool]:
    """Whether there is one, looked up for each entry of a page.

    Not EXISTS, for which the planner may read the whole tenant's notes, or corrections, into a hash first.
    """
    return found.correlate(timeline_entry).limit(sa.literal_column("1")).scalar_subquery().is_not(None)


def _kept() -> Prepared:
    """The entries of records that nothing corrects."""
    entry = timeline_entry.c
    aggregates = sa.bindparam("aggregates", type_=sa.ARRAY(sa.Uuid))
    mine = sa.and_(
        tenant_predicate(timeline_entry, sa.bindparam("tenant", type_=sa.Uuid)),
        entry.source == sa.bindparam("source", type_=sa.Text),
        entry.aggregate == sa.any_(aggregates),
    )
    return Prepared(sa.select(timeline_entry).where(mine, in_force()).order_by(entry.sequence, entry.place))


ADD: Final = _add()
KEPT: Final = _kept()
