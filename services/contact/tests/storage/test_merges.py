"""People who are merged, edited and parted in any order, against a model of what each of them should be (CON-18)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
import sqlalchemy as sa
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from rapport.contact.v1 import merges_pb2 as pb
from rapport.contact.v1 import organisation_merges_pb2 as organisation_pb
from rapport_contact.domain.channel import Channel, EmailAddress
from rapport_contact.domain.duplicate import DuplicateState
from rapport_contact.domain.note import Note
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.handlers import merging
from rapport_contact.handlers.merges import FOLLOW_MERGE, Merges, follow_merge
from rapport_contact.handlers.organisation_merges import OrganisationMerges
from rapport_contact.handlers.organisations import Organisations
from rapport_contact.service import service
from rapport_contact.storage.following import Following, OrganisationFollowing
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_contact.storage.tables import duplicate_candidate, merge, note, organisation, person, schema
from rapport_kit.auth.principal import Principal, Scope
from rapport_kit.database import Database
from rapport_kit.domain import uuid7
from rapport_kit.errors import Refused
from rapport_kit.jobs import Tick
from rapport_kit.local.databases import role_url
from rapport_kit.migrations import Chain, migrate_service
from rapport_kit.schema.aliases import told
from rapport_kit.testing.stack import password_of

PASSWORD = password_of("contact_app")
STAYING = {
    *("data_quality", "duplicate_candidate", "lifecycle_move", "match_key", "merge"),
    *("person.merged_into", "person_channel", "person_external_id"),
    *("duplicate_organisation", "organisation_match_key", "organisation_merge"),
    *("organisation.merged_into", "organisation_channel", "organisation_external_id"),
}
"""What does not follow: pairs are settled, moves are the history of a record, the rest is part of the record."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def url(postgres: str) -> str:
    name = f"contact_merges_{secrets.token_hex(4)}"
    await migrate_service(postgres, Chain.of(service), database=name, passwords={"contact_app": PASSWORD})
    return role_url(postgres, "contact_app", PASSWORD, name)


@pytest_asyncio.fixture(loop_scope="session")
async def database(url: str) -> AsyncIterator[Database]:
    database = Database(url, pool_size=4)
    yield database
    await database.close()


def unit(database: Database, principal: Principal, ahead: timedelta = timedelta()) -> ContactUnitOfWork:
    return ContactUnitOfWork(database, principal, clock=lambda: datetime.now(UTC) + ahead)


def anybody() -> Principal:
    return Principal(tenant=uuid4(), subject=uuid4(), grants={"*": Scope.ALL})


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
PLACES = st.integers(0, 99)


class MergesMachine(RuleBasedStateMachine):
    """Every rule is a unit of work; the model knows each person apart, and who answers for whom."""

    database: Database
    run: Callable[[Coroutine[Any, Any, Any]], Any]

    def __init__(self) -> None:
        super().__init__()
        self.principal = anybody()
        self.people: dict[UUID, Known] = {}
        self.became: dict[UUID, UUID] = {}
        self.joined: list[Joined] = []
        self.order: list[UUID] = []

    def live(self, place: int) -> UUID:
        standing = [each for each in self.people if each not in self.became]
        return standing[place % len(standing)]

    def root(self, id_: UUID) -> UUID:
        return self.root(self.became[id_]) if id_ in self.became else id_

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
    with asyncio.Runner() as runner, portions_of(2):
        database = Database(url, pool_size=1)

        class Machine(MergesMachine):
            pass

        Machine.database, Machine.run = database, staticmethod(runner.run)
        try:
            # Fourteen steps can be read as they are; making them fewer would take minutes.
            found = settings(
                max_examples=12, stateful_step_count=14, deadline=None, phases=[Phase.reuse, Phase.generate]
            )
            run_state_machine_as_test(Machine, settings=found)
        finally:
            runner.run(database.close())


class TreeMachine(RuleBasedStateMachine):
    """Organisations in a tree, merged, moved and parted: against a model of whose child each was made."""

    database: Database
    run: Callable[[Coroutine[Any, Any, Any]], Any]

    def __init__(self) -> None:
        super().__init__()
        self.principal = anybody()
        self.became: dict[UUID, UUID] = {}
        self.parents: dict[UUID, UUID | None] = {}
        self.joined: list[tuple[UUID, UUID, list[UUID], UUID | None, UUID | None]] = []
        self.staff: dict[UUID, UUID] = {}

    def root(self, id_: UUID) -> UUID:
        return self.root(self.became[id_]) if id_ in self.became else id_

    def live(self, place: int) -> UUID:
        standing = [each for each in self.parents if each not in self.became]
        return standing[place % len(standing)]

    def above(self, id_: UUID | None) -> list[UUID]:
        found: list[UUID] = []
        while id_ is not None:
            found.append(root := self.root(id_))
            assert len(found) <= len(self.parents), "a cycle"
            id_ = self.parents[root]
        return found

    @rule(place=PLACES, below=st.booleans())
    def create(self, place: int, below: bool) -> None:
        parent = list(self.parents)[place % len(self.parents)] if below and self.parents else None

        async def work() -> tuple[UUID, UUID]:
            async with unit(self.database, self.principal) as uow:
                one = uow.organisations.add(Organisation(display_name=uuid4().hex, parent_id=parent))
                await uow.flush()
                return one.id, uow.people.add(Person(display_name="X", organisation_id=one.id)).id

        made, person_id = self.run(work())
        self.parents[made] = parent
        self.staff[person_id] = made

    @precondition(lambda self: len(self.parents) - len(self.became) > 1)
    @rule(place=PLACES, to=PLACES)
    def move(self, place: int, to: int) -> None:
        """Below any id, an old one perhaps; to say again where it stands changes nothing."""
        which, parent = self.live(place), list(self.parents)[to % len(self.parents)]
        if which in self.above(parent):
            return

        async def work() -> None:
            async with unit(self.database, self.principal) as uow:
                (await uow.organisations.get(which)).parent_id = parent

        self.run(work())
        if parent in self.became or self.above(self.parents[which])[:1] != [parent]:
            self.parents[which] = parent

    @precondition(lambda self: len(self.parents) - len(self.became) > 1)
    @rule(places=st.lists(PLACES, min_size=2, max_size=3))
    def merge(self, places: list[int]) -> None:
        survivor, *losers = dict.fromkeys(self.live(place) for place in places)
        if not losers:
            return

        async def work() -> tuple[UUID, UUID | None]:
            async with unit(self.database, self.principal) as uow:
                request = organisation_pb.MergeOrganisationsRequest(survivor_id=str(survivor), ids=map(str, losers))
                made = UUID((await OrganisationMerges().merge_organisations(request, uow)).id)
            async with unit(self.database, self.principal) as uow:
                as_told = sa.select(told(organisation.c.parent_id)).where(organisation.c.id == survivor)
                return made, await uow.connection.scalar(as_told)

        before = self.parents[survivor]
        offered = {parent for each in (survivor, *losers) if (parent := self.parents[each]) is not None}
        fits: set[UUID | None] = {parent for parent in offered if not {survivor, *losers} & {*self.above(parent)}}
        made, after = self.run(work())
        assert after in (fits or {None})
        self.became |= dict.fromkeys(losers, survivor)
        self.parents[survivor] = after
        self.joined.append((made, survivor, losers, before, after))

    @precondition(lambda self: self.joined)
    @rule()
    def part(self) -> None:
        made, survivor, losers, before, after = self.joined[-1]

        async def work() -> None:
            async with unit(self.database, self.principal) as uow:
                asked = organisation_pb.UnmergeOrganisationsRequest(merge_id=str(made))
                await OrganisationMerges().unmerge_organisations(asked, uow)

        became, parents = dict(self.became), dict(self.parents)
        for each in losers:
            del self.became[each]
        if self.parents[survivor] == after:
            self.parents[survivor] = before
        try:
            for each in (survivor, *losers):
                self.above(each)
        except AssertionError:
            self.became, self.parents = became, parents
            with pytest.raises(Refused, match="below it"):
                self.run(work())
            return
        self.run(work())
        self.joined.pop()

    @invariant()
    def every_one_is_where_it_should_be(self) -> None:
        async def work() -> tuple[dict[UUID, UUID | None], dict[UUID, UUID]]:
            async with unit(self.database, self.principal) as uow:
                mine = organisation.c.tenant == uow.tenant
                rows = await uow.connection.execute(
                    sa.select(organisation.c.id, organisation.c.parent_id).where(
                        mine, organisation.c.delete_time.is_(None)
                    )
                )
                theirs = sa.select(person.c.id, person.c.organisation_id).where(person.c.tenant == uow.tenant)
                return dict(map(tuple, rows)), dict(map(tuple, await uow.connection.execute(theirs)))

        tree, staff = self.run(work())
        expected = {each: self.parents[each] for each in self.parents if each not in self.became}
        assert tree == {each: None if above is None else self.root(above) for each, above in expected.items()}
        assert staff == {each: self.root(employer) for each, employer in self.staff.items()}


@pytest.fixture
def tree(url: str) -> Iterator[type[TreeMachine]]:
    with asyncio.Runner() as runner:
        database = Database(url, pool_size=1)

        class Machine(TreeMachine):
            pass

        Machine.database, Machine.run = database, staticmethod(runner.run)
        try:
            yield Machine
        finally:
            runner.run(database.close())


def test_con_18_organisations_stand_in_a_tree_however_they_are_merged_moved_and_parted(tree: type[TreeMachine]) -> None:
    found = settings(max_examples=12, stateful_step_count=14, deadline=None, phases=[Phase.reuse, Phase.generate])
    run_state_machine_as_test(tree, settings=found)


def test_con_18_who_is_said_to_stand_where_it_went_along_to_goes_back_all_the_same(tree: type[TreeMachine]) -> None:
    """What changes nothing is no edit: it was told of the loser still."""
    steps = tree()
    steps.create(place=0, below=False)
    steps.create(place=0, below=False)
    steps.create(place=1, below=True)
    steps.merge(places=[0, 1])
    steps.move(place=1, to=0)
    steps.part()
    steps.every_one_is_where_it_should_be()


def test_con_18_a_parent_that_a_merge_took_away_comes_back_as_whom_it_was_told(tree: type[TreeMachine]) -> None:
    """The parent became the loser before: parting twice leads to the parent, not to the loser."""
    steps = tree()
    steps.create(place=0, below=False)
    steps.create(place=0, below=True)
    steps.create(place=0, below=False)
    steps.merge(places=[2, 0])
    steps.merge(places=[0, 1])
    for _ in range(2):
        steps.part()
        steps.every_one_is_where_it_should_be()


def test_con_18_a_cycle_above_the_survivor_is_no_matter_of_depth(tree: type[TreeMachine]) -> None:
    """The survivor is not in the cycle that parting would close, but comes back below it."""
    steps = tree()
    steps.create(place=0, below=False)
    for place in range(4):
        steps.create(place=place, below=True)
    steps.merge(places=[4, 2, 0])
    steps.move(place=0, to=2)
    steps.part()
    steps.every_one_is_where_it_should_be()


async def test_con_18_a_parent_that_a_merge_gave_goes_though_it_became_another_since(database: Database) -> None:
    principal = anybody()

    async def merge(survivor: UUID, loser: UUID) -> str:
        async with unit(database, principal) as uow:
            asked = organisation_pb.MergeOrganisationsRequest(survivor_id=str(survivor), ids=[str(loser)])
            return (await OrganisationMerges().merge_organisations(asked, uow)).id

    async with unit(database, principal) as uow:
        survivor, parent, other = (uow.organisations.add(Organisation(display_name="X")).id for _ in range(3))
        await uow.flush()
        loser = uow.organisations.add(Organisation(display_name="X", parent_id=parent)).id
    made = await merge(survivor, loser)
    await merge(other, parent)
    async with unit(database, principal) as uow:
        assert (await uow.organisations.get(survivor)).parent_id == other
    async with unit(database, principal) as uow:
        asked = organisation_pb.UnmergeOrganisationsRequest(merge_id=made)
        await OrganisationMerges().unmerge_organisations(asked, uow)
    async with unit(database, principal) as uow:
        assert (await uow.organisations.get(survivor)).parent_id is None
        assert (await uow.organisations.get(loser)).parent_id == other


async def test_con_18_an_employer_that_a_merge_took_away_comes_back_as_whom_it_was_told(database: Database) -> None:
    principal = anybody()
    async with unit(database, principal) as uow:
        employer, another = (uow.organisations.add(Organisation(display_name="X")).id for _ in range(2))
        await uow.flush()
        survivor, loser = (uow.people.add(Person(display_name="X", organisation_id=employer)).id for _ in range(2))
    async with unit(database, principal) as uow:
        (await uow.people.get(loser)).organisation_id = None
        organisations = organisation_pb.MergeOrganisationsRequest(survivor_id=str(another), ids=[str(employer)])
        firms = await OrganisationMerges().merge_organisations(organisations, uow)
    async with unit(database, principal) as uow:
        people = pb.MergePeopleRequest(survivor_id=str(survivor), ids=[str(loser)])
        people.field_choices["organisation_id"] = str(loser)
        made = await Merges().merge_people(people, uow)
    async with unit(database, principal) as uow:
        assert (await uow.people.get(survivor)).organisation_id is None
        await Merges().unmerge_people(pb.UnmergePeopleRequest(merge_id=made.id), uow)
    for expected in (another, employer):
        async with unit(database, principal) as uow:
            assert (await uow.people.get(survivor)).organisation_id == expected
            if expected is another:
                asked = organisation_pb.UnmergeOrganisationsRequest(merge_id=firms.id)
                await OrganisationMerges().unmerge_organisations(asked, uow)


async def test_con_18_an_old_id_of_its_own_is_no_way_to_close_a_cycle(database: Database) -> None:
    """What is below whoever answers for the parent is asked, not what is below the loser's row."""
    principal = anybody()
    async with unit(database, principal) as uow:
        survivor, loser = (uow.organisations.add(Organisation(display_name="X")).id for _ in range(2))
    async with unit(database, principal) as uow:
        asked = organisation_pb.MergeOrganisationsRequest(survivor_id=str(survivor), ids=[str(loser)])
        await OrganisationMerges().merge_organisations(asked, uow)
    async with unit(database, principal) as uow:
        one = await uow.organisations.get(survivor)
        one.parent_id = loser
        with pytest.raises(Refused, match="below it"):
            await Organisations().admit(one, uow, {"parent_id"})
        one.parent_id = None


async def test_con_18_a_merge_can_be_undone_for_ninety_days(database: Database) -> None:
    principal = anybody()
    async with unit(database, principal) as uow:
        ids = [uow.people.add(Person(display_name="X")).id for _ in range(2)]
    async with unit(database, principal) as uow:
        made = await Merges().merge_people(pb.MergePeopleRequest(survivor_id=str(ids[0]), ids=[str(ids[1])]), uow)
    for days, fits in ((91, False), (89, True)):
        async with unit(database, principal, timedelta(days=days)) as uow:
            asked = Merges().unmerge_people(pb.UnmergePeopleRequest(merge_id=made.id), uow)
            if fits:
                await asked
            else:
                with pytest.raises(Refused, match="90 days"):
                    await asked


async def test_con_18_whoever_parts_people_may_not_see_them_all_thereafter(database: Database) -> None:
    """The survivor had no owner before the merge: whoever owned the other may part them, and loses sight of it."""
    everybody = anybody()
    rep = replace(everybody, subject=uuid4())
    async with unit(database, everybody) as uow:
        survivor = uow.people.add(Person(display_name="X")).id
        loser = uow.people.add(Person(display_name="X", owner_id=rep.subject)).id
    async with unit(database, everybody) as uow:
        made = await Merges().merge_people(pb.MergePeopleRequest(survivor_id=str(survivor), ids=[str(loser)]), uow)
    async with ContactUnitOfWork(database, rep, scope=Scope.OWN) as uow:
        await Merges().unmerge_people(pb.UnmergePeopleRequest(merge_id=made.id), uow)
        assert [(await uow.people.find(each)) is not None for each in (survivor, loser)] == [False, True]
    async with unit(database, everybody) as uow:
        assert (await uow.people.get(survivor)).owner_id is None
        pairs = await uow.connection.execute(sa.select(duplicate_candidate.c.state))
        assert [row.state for row in pairs] == [DuplicateState.DIFFERENT]


async def test_con_18_what_is_written_while_a_merge_is_under_way_follows_it(database: Database) -> None:
    principal = anybody()
    async with unit(database, principal) as uow:
        ids = [uow.people.add(Person(display_name="X")).id for _ in range(2)]

    async def write() -> None:
        async with unit(database, principal) as uow:
            uow.add(Note(body="x", person_id=ids[1]))

    async with unit(database, principal) as uow:
        await Merges().merge_people(pb.MergePeopleRequest(survivor_id=str(ids[0]), ids=[str(ids[1])]), uow)
        writing = asyncio.create_task(write())
        await asyncio.sleep(0.1)
        assert not writing.done()
    await writing
    async with unit(database, principal) as uow:
        row = (await uow.connection.execute(sa.select(note.c.person_id, note.c.told_person_id))).one()
    assert tuple(row) == (ids[0], ids[1])


async def test_con_18_who_is_loaded_with_others_while_they_are_merged_is_who_they_became(database: Database) -> None:
    principal = anybody()
    async with unit(database, principal) as uow:
        ids = [uow.people.add(Person(display_name="X")).id for _ in range(3)]

    async def load() -> dict[UUID, UUID]:
        async with unit(database, principal) as uow:
            return {asked: each.id for asked, each in (await uow.people.find_many([*ids, uuid4()])).items()}

    async with unit(database, principal) as uow:
        await Merges().merge_people(pb.MergePeopleRequest(survivor_id=str(ids[0]), ids=[str(ids[1])]), uow)
        loading = asyncio.create_task(load())
        await waiting_for_a_lock(uow)
    assert await loading == {ids[0]: ids[0], ids[1]: ids[0], ids[2]: ids[2]}
    assert await load() == {ids[0]: ids[0], ids[1]: ids[0], ids[2]: ids[2]}


async def waiting_for_a_lock(uow: ContactUnitOfWork) -> None:
    """Until somebody waits for what `uow` has locked."""
    blocked = sa.text(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
    )
    async with asyncio.timeout(5):
        while not await uow.connection.scalar(blocked):
            await asyncio.sleep(0.01)


async def test_con_18_whoever_is_erased_takes_along_who_became_them(database: Database, postgres: str) -> None:
    assert merge.c.survivor_id.foreign_keys
    keys = [key for key in person.foreign_key_constraints if key.referred_table is person]
    assert [key.ondelete for key in keys] == ["CASCADE"]


@pytest.mark.parametrize("kind", [Following, OrganisationFollowing], ids=lambda kind: kind.target.name)
async def test_con_18_every_table_that_is_about_customers_follows_them(
    kind: type[Following], database: Database
) -> None:
    """A table that refers to them needs `told_…` columns and triggers, or a reason to be among those that stay."""
    following = {(column.table.name, column.name) for column in kind.columns()}
    referring = {
        (table.name, key.parent.name)
        for table in schema.metadata.sorted_tables
        for constraint in table.foreign_key_constraints
        for key in constraint.elements
        if key.column.table is kind.target and key.column.name == "id"
    }
    assert {pair for pair in referring if not STAYING & {pair[0], ".".join(pair)}} == following
    async with unit(database, anybody()) as uow:
        triggers = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
        found = {tuple(row) for row in await uow.connection.execute(sa.text(triggers))}
    assert {(table, f"follow_{column}") for table, column in following} <= found
