"""Organisations that are merged, moved and parted in any order, against a model of the tree they stand in (CON-18)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from rapport.contact.v1 import organisation_merges_pb2 as organisation_pb
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.handlers.organisation_merges import OrganisationMerges
from rapport_contact.handlers.organisations import Organisations
from rapport_contact.storage.tables import organisation, person
from rapport_kit.database import Database
from rapport_kit.errors import Refused
from rapport_kit.schema.aliases import told

from .machines import PLACES, SHORT, Machine, connected
from .units import anybody, unit

Standing = tuple[dict[UUID, UUID | None], dict[UUID, UUID]]
"""The parent of each organisation that is nobody else, and for which each person works."""


class TreeMachine(Machine):
    """Organisations in a tree, merged, moved and parted: against a model of whose child each was made."""

    def __init__(self) -> None:
        super().__init__()
        self.parents: dict[UUID, UUID | None] = {}
        self.joined: list[tuple[UUID, UUID, list[UUID], UUID | None, UUID | None]] = []
        self.staff: dict[UUID, UUID] = {}

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

    def standing(self) -> Standing:
        """Where every organisation and everybody who works for one is."""

        async def work() -> Standing:
            async with unit(self.database, self.principal) as uow:
                mine = organisation.c.tenant == uow.tenant
                rows = await uow.connection.execute(
                    sa.select(organisation.c.id, organisation.c.parent_id).where(
                        mine, organisation.c.delete_time.is_(None)
                    )
                )
                theirs = sa.select(person.c.id, person.c.organisation_id).where(person.c.tenant == uow.tenant)
                return dict(map(tuple, rows)), dict(map(tuple, await uow.connection.execute(theirs)))

        found: Standing = self.run(work())
        return found

    def expected(self) -> Standing:
        """Where they should be."""
        live = {each: above for each, above in self.parents.items() if each not in self.became}
        tree = {each: None if above is None else self.root(above) for each, above in live.items()}
        return tree, {each: self.root(employer) for each, employer in self.staff.items()}

    @invariant()
    def every_one_is_where_it_should_be(self) -> None:
        assert self.standing() == self.expected()
        type(self).compared += 1


@pytest.fixture
def tree(url: str) -> Iterator[type[TreeMachine]]:
    with connected(TreeMachine, url) as machine:
        yield machine


def test_con_18_organisations_stand_in_a_tree_however_they_are_merged_moved_and_parted(tree: type[TreeMachine]) -> None:
    run_state_machine_as_test(tree, settings=SHORT)
    assert tree.compared > SHORT.max_examples


def test_con_18_who_is_said_to_stand_where_it_went_along_to_goes_back_all_the_same(tree: type[TreeMachine]) -> None:
    """What changes nothing is no edit: it was told of the loser still."""
    steps = tree()
    steps.create(place=0, below=False)
    steps.create(place=0, below=False)
    steps.create(place=1, below=True)
    steps.merge(places=[0, 1])
    steps.move(place=1, to=0)
    steps.part()
    assert steps.standing() == steps.expected()


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
        assert steps.standing() == steps.expected()


def test_con_18_a_cycle_above_the_survivor_is_no_matter_of_depth(tree: type[TreeMachine]) -> None:
    """The survivor is not in the cycle that parting would close, but comes back below it."""
    steps = tree()
    steps.create(place=0, below=False)
    for place in range(4):
        steps.create(place=place, below=True)
    steps.merge(places=[4, 2, 0])
    steps.move(place=0, to=2)
    steps.part()
    assert steps.standing() == steps.expected()


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
