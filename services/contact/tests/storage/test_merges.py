"""What else merges must keep to: who sees whom, what is written meanwhile, and what follows (CON-18)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from rapport.contact.v1 import merges_pb2 as pb
from rapport.contact.v1 import organisation_merges_pb2 as organisation_pb
from rapport_contact.domain.duplicate import DuplicateState
from rapport_contact.domain.note import Note
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.handlers.merges import Merges
from rapport_contact.handlers.organisation_merges import OrganisationMerges
from rapport_contact.storage.following import Following, OrganisationFollowing
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_contact.storage.tables import duplicate_candidate, merge, note, person, schema
from rapport_kit.auth.principal import Scope
from rapport_kit.database import Database
from rapport_kit.errors import Refused

from .units import anybody, unit, waiting_for_a_lock

STAYING = {
    *("data_quality", "duplicate_candidate", "lifecycle_move", "match_key", "merge"),
    *("person.merged_into", "person_channel", "person_external_id"),
    *("duplicate_organisation", "organisation_match_key", "organisation_merge"),
    *("organisation.merged_into", "organisation_channel", "organisation_external_id"),
}
"""What does not follow: pairs are settled, moves are the history of a record, the rest is part of the record."""


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
