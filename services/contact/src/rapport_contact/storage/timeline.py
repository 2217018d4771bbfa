"""The entries of timelines: added from events, read a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_contact.domain.timeline import Line, entry_id, restated
from rapport_contact.storage.following import made_for
from rapport_contact.storage.merges import Merges
from rapport_contact.storage.readers import readers_of_note
from rapport_contact.storage.tables import activity, erasure, note, organisation, person, task, timeline_entry
from rapport_kit.bus.envelope import Envelope
from rapport_kit.query.keyset import Key
from rapport_kit.schema.aliases import TOLD
from rapport_kit.schema.prepared import Prepared
from rapport_kit.uow import UnitOfWork, tenant_predicate

NOTE = "contact.rapport/Note"
TELLING: Final = {"contact.rapport/Activity": activity, NOTE: note, "contact.rapport/Task": task}
"""The records that are told of, by what they are: each for good of the customer for whom it was made."""
LATER = timeline_entry.alias("later")
_LINE = tuple(name for name in Line.__slots__)


def _add() -> Prepared:
    """Add lines, an array for each of their columns: those whose customers have not been erased meanwhile, once.

    Of somebody of whom a legal hold kept something there is a record still.
    """
    entry, each = timeline_entry.c, (*_LINE, "id", "place")
    arrays = (sa.bindparam(name, type_=sa.ARRAY(entry[name].type)) for name in each)
    line = sa.func.unnest(*arrays).table_valued(*(sa.column(name, entry[name].type) for name in each))
    line = line.render_derived("line")
    same = ("tenant", "source", "aggregate", "sequence", "recorded")
    values = {name: sa.bindparam(name, type_=entry[name].type) for name in same}
    there = (
        sa.or_(
            line.c[name].is_(None),
            sa.exists().where(tenant_predicate(table, values["tenant"]), table.c.id == line.c[name]),
        )
        for name, table in (("person_id", person), ("organisation_id", organisation))
    )
    gone = sa.exists().where(tenant_predicate(erasure, values["tenant"]), erasure.c.id == line.c.person_id)
    told = sa.select(*(line.c[name] for name in each), *values.values()).where(*there, sa.not_(gone))
    added = insert(timeline_entry).from_select([*each, *same], told)
    return Prepared(added.on_conflict_do_nothing().returning(timeline_entry.c.id))


ADD: Final = _add()


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

    async def add(self, lines: Sequence[Line]) -> None:
        """Add what the event that is being handled tells; once, however often it comes."""
        event = self.uow.event
        assert event is not None, "entries come from events"
        source = event.type.split(".")[1]
        rows = [
            (
                *(getattr(line, name) for name in _LINE),
                entry_id(source, event.aggregate, event.sequence, place, event.occurred),
                place,
            )
            for place, line in enumerate(lines)
        ]
        if rows:
            columns = dict(zip((*_LINE, "id", "place"), map(list, zip(*rows, strict=True)), strict=True))
            told = {"source": source, "aggregate": event.aggregate, "sequence": event.sequence}
            known = {"tenant": self.uow.tenant, "recorded": event.recorded, **told}
            await ADD.all(self.uow.connection, **columns, **known)

    async def restate(self, wanted: Sequence[Line]) -> None:
        """Have the record that the event is about told as it is now, by adding what corrects the rest."""
        event = self.uow.event
        assert event is not None, "entries come from events"
        mine = sa.and_(
            tenant_predicate(timeline_entry, self.uow.tenant),
            timeline_entry.c.source == event.type.split(".")[1],
            timeline_entry.c.aggregate == event.aggregate,
        )
        statement = sa.select(timeline_entry).where(mine, in_force())
        rows = await self.uow.connection.execute(statement.order_by(timeline_entry.c.sequence, timeline_entry.c.place))
        kept = [(row.id, _as_told(row)) for row in rows]
        if event.sequence > 1 and wanted and wanted[0].about not in {line.about for _, line in kept}:
            wanted = [await self._as_first_told(wanted[0], event), *wanted[1:]]
        wanted = [await self._about_the_same(line, [line for _, line in kept]) for line in wanted]
        await self.add(restated(event.author, kept, wanted))

    async def find(self, id: UUID) -> sa.Row[Any] | None:  # noqa: A002 - the column's name
        """One entry, whoever it is about, if the caller may read it."""
        statement = sa.select(timeline_entry, sa.not_(in_force()).label("corrected")).where(
            self._readable(), timeline_entry.c.id == id
        )
        return (await self.uow.connection.execute(statement)).one_or_none()

    async def page(self, window: Window, size: int, after: Key | None) -> Sequence[sa.Row[Any]]:
        """Up to `size` entries of one customer, the latest first; `after` is the place of the last one before."""
        entry = timeline_entry
        statement = sa.select(entry).where(self._readable(), entry.c[window.column] == window.customer)
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

    def _readable(self) -> sa.ColumnElement[bool]:
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

    async def _about_the_same(self, line: Line, kept: Sequence[Line]) -> Line:
        """The line as if told of whom the record was about before: a record that went along in a merge speaks of the
        survivor, and goes back when people are parted.
        """
        told = {each.person_id for each in kept}
        event = self.uow.event
        if event is None or line.person_id is None or not told - {None} or line.person_id in told:
            return line
        former = await Merges(self.uow).below(line.person_id, event.occurred)
        return next((replace(line, person_id=each) for each in former if each in told), line)


def _as_told(row: Any) -> Line:
    """What an entry said when it was added: of whom, whoever that has become."""
    first = {name: getattr(row, TOLD + name) or getattr(row, name) for name in ("person_id", "organisation_id")}
    return replace(Line(**{name: getattr(row, name) for name in _LINE}), **first)


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
    return found.correlate(timeline_entry).limit(1).scalar_subquery().is_not(None)
