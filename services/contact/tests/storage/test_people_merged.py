"""People who are merged, edited and parted in any order, against a model of what each of them should be (CON-18)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from rapport.contact.v1 import merges_pb2 as pb
from rapport_contact.domain.channel import Channel, EmailAddress
from rapport_contact.domain.note import Note
from rapport_contact.domain.person import Person
from rapport_contact.handlers import merging
from rapport_contact.handlers.merges import FOLLOW_MERGE, Merges, follow_merge
from rapport_contact.storage.tables import note
from rapport_kit.auth.principal import Principal
from rapport_kit.database import Database
from rapport_kit.domain import uuid7
from rapport_kit.errors import Refused
from rapport_kit.jobs import Tick

from .machines import PLACES, SHORT, Machine, connected
from .units import unit


@contextmanager
def portions_of(rows: int) -> Iterator[None]:
    before, merging.AT_ONCE = merging.AT_ONCE, rows
    try:
        yield
    finally:
        merging.AT_ONCE = before


@dataclass
class Known:
    """What a person should be: names, addresses, and the notes that were written of them."""

    names: dict[str, str]
    emails: set[str]
    notes: set[UUID] = field(default_factory=set)


@dataclass
class Joined:
    """A merge that is in force: what the survivor was before it, and what it became."""

    id: UUID
    survivor: UUID
    losers: list[UUID]
    before: Known
    after: Known


NAMES = ("given_name", "family_name", "job_title")
WORDS = st.sampled_from(("", "Ada", "Bea", "Cem"))
MAILS = st.sampled_from(("a@x.example", "b@x.example", "c@x.example"))


class MergesMachine(Machine):
    """Every rule is a unit of work; the model knows each person apart, and who answers for whom."""

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[UUID, Known] = {}
        self.joined: list[Joined] = []
        self.order: list[UUID] = []

    def live(self, place: int) -> UUID:
        standing = [each for each in self.people if each not in self.became]
        return standing[place % len(standing)]

    @rule(given=WORDS, family=WORDS, title=WORDS, mails=st.sets(MAILS, max_size=2))
    def create(self, given: str, family: str, title: str, mails: set[str]) -> None:
        async def work() -> UUID:
            async with unit(self.database, self.principal) as uow:
                one = Person(given_name=given, family_name=family, job_title=title, display_name="X")
                one.channels = [Channel(address=EmailAddress(each)) for each in sorted(mails)]
                one.settle()
                return uow.people.add(one).id

        made = self.run(work())
        self.people[made] = Known({"given_name": given, "family_name": family, "job_title": title}, mails)
        self.order.append(made)

    @precondition(lambda self: self.people)
    @rule(place=PLACES)
    def write_a_note(self, place: int) -> None:
        """By whichever id, an old one perhaps."""
        about = list(self.people)[place % len(self.people)]

        async def work() -> UUID:
            async with unit(self.database, self.principal) as uow:
                one = Note(body="x", person_id=about)
                uow.add(one)
                return one.id

        self.people[about].notes.add(self.run(work()))

    @precondition(lambda self: self.people)
    @rule(place=PLACES, name=st.sampled_from(NAMES), word=WORDS)
    def edit(self, place: int, name: str, word: str) -> None:
        asked = list(self.people)[place % len(self.people)]

        async def work() -> None:
            async with unit(self.database, self.principal) as uow:
                one = await uow.people.get(asked)
                setattr(one, name, word)

        self.run(work())
        root = self.root(asked)
        if self.people[root].names[name] != word:
            self.order.remove(root)
            self.order.append(root)
        self.people[root].names[name] = word

    @precondition(lambda self: len(self.people) - len(self.became) > 1)
    @rule(places=st.lists(PLACES, min_size=2, max_size=4))
    def merge(self, places: list[int]) -> None:
        survivor, *losers = dict.fromkeys(self.live(place) for place in places)
        if not losers:
            return

        async def work() -> UUID:
            async with unit(self.database, self.principal) as uow:
                request = pb.MergePeopleRequest(survivor_id=str(survivor), ids=map(str, losers))
                return UUID((await Merges().merge_people(request, uow)).id)

        made = self.run(work())
        newest = sorted([survivor, *losers], key=self.order.index, reverse=True)
        mine = self.people[survivor]
        names = {
            name: next((self.people[each].names[name] for each in newest if self.people[each].names[name]), "")
            for name in NAMES
        }
        emails = set().union(*(self.people[each].emails for each in newest))
        before = Known(dict(mine.names), set(mine.emails))
        self.joined.append(Joined(made, survivor, losers, before, Known(dict(names), set(emails))))
        mine.names, mine.emails = names, emails
        self.became |= dict.fromkeys(losers, survivor)
        self.touch(survivor)

    @precondition(lambda self: self.joined)
    @rule(place=PLACES)
    def part(self, place: int) -> None:
        asked = self.joined[place % len(self.joined)]
        latest = [each for each in self.joined if each.survivor == asked.survivor][-1]

        async def work() -> None:
            async with unit(self.database, self.principal) as uow:
                await Merges().unmerge_people(pb.UnmergePeopleRequest(merge_id=str(asked.id)), uow)

        if asked.survivor in self.became or latest is not asked:
            with pytest.raises(Refused, match="later merge"):
                self.run(work())
            return
        self.run(work())
        self.joined.remove(asked)
        mine = self.people[asked.survivor]
        for name in NAMES:
            if mine.names[name] == asked.after.names[name]:
                mine.names[name] = asked.before.names[name]
        mine.emails -= asked.after.emails - asked.before.emails
        for loser in asked.losers:
            del self.became[loser]
        for each in (*asked.losers, asked.survivor):
            self.change_something_else(each)

    def change_something_else(self, id_: UUID) -> None:
        """Those who were parted are as new as one another; which is the newest must be known to the model."""

        async def work() -> None:
            async with unit(self.database, self.principal) as uow:
                one = await uow.people.get(id_)
                one.annotations = {**one.annotations, "changed": str(uuid7())}

        self.run(work())
        self.touch(id_)

    def touch(self, id_: UUID) -> None:
        self.order.remove(id_)
        self.order.append(id_)

    @invariant()
    def everybody_is_as_expected(self) -> None:
        self.run(self.check())
        type(self).compared += 1

    async def check(self) -> None:
        await follow_everything(self.database, self.principal)
        async with unit(self.database, self.principal) as uow:
            written: dict[UUID, set[UUID]] = {}
            for row in await uow.connection.execute(sa.select(note.c.id, note.c.person_id)):
                written.setdefault(row.person_id, set()).add(row.id)
            for id_ in self.people:
                found = await uow.people.find(id_)
                assert found is not None
                assert found.id == self.root(id_)
                expected = self.people[found.id]
                assert {name: getattr(found, name) for name in NAMES} == expected.names
                assert {each.normalized for each in found.channels} == expected.emails
                assert sum(each.primary for each in found.channels) == bool(expected.emails)
            for root in {self.root(each) for each in self.people}:
                everybody = [each for each in self.people if self.root(each) == root]
                assert written.get(root, set()) == set().union(*(self.people[each].notes for each in everybody))


async def follow_everything(database: Database, principal: Principal) -> None:
    """Run the jobs that are due until none is."""
    async with unit(database, principal) as uow:
        timer = uow.schema.frame.timer
        waiting = list(await uow.connection.scalars(sa.select(timer.c.key).where(timer.c.kind == FOLLOW_MERGE)))
        await uow.connection.execute(sa.delete(timer).where(timer.c.kind == FOLLOW_MERGE))
        for key in waiting:
            await follow_merge(Tick(uow.tenant, FOLLOW_MERGE, key, uow.now, b"", 0, ""), uow)
    if waiting:
        await follow_everything(database, principal)


def test_con_18_whoever_is_merged_edited_and_parted_in_any_order_is_who_they_should_be(url: str) -> None:
    with connected(MergesMachine, url) as machine, portions_of(2):
        run_state_machine_as_test(machine, settings=SHORT)
    assert machine.compared > SHORT.max_examples
