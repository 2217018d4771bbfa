"""How the search for duplicates follows changes, and what of people its table of keys holds."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from rapport_contact.domain.channel import Channel, EmailAddress
from rapport_contact.domain.membership import MemberKind
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.handlers.duplicate_scans import FOLLOW, SLICE, follow_changes
from rapport_contact.handlers.duplicates import Duplicates, OrganisationDuplicates
from rapport_contact.storage.changes import SETTLED
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_contact.storage.tables import match_key, schema
from rapport_kit.auth.principal import Principal
from rapport_kit.database import Database, driver_of
from rapport_kit.jobs import Tick

from .units import anybody, unit

assert {Duplicates.resource, OrganisationDuplicates.resource}


@dataclass
class Tenant:
    """A tenant of its own, and a clock that can be set forward."""

    database: Database
    principal: Principal
    ahead: timedelta = timedelta()

    def unit(self) -> ContactUnitOfWork:
        return unit(self.database, self.principal, self.ahead)

    async def add(self, *names: str) -> list[UUID]:
        """People with these family names, who share an address."""
        async with self.unit() as uow:
            made = [uow.people.add(ada(name)) for name in names]
        return [each.id for each in made]

    async def follow(self, ahead: timedelta = SETTLED * 2, kind: MemberKind = MemberKind.PEOPLE) -> None:
        """Let the job run so much later."""
        self.ahead = ahead
        async with self.unit() as uow:
            await follow_changes(Tick(uow.tenant, FOLLOW, kind, uow.now, b"", 0, ""), uow)
        self.ahead = timedelta()

    async def pairs(self, kind: MemberKind = MemberKind.PEOPLE) -> set[frozenset[UUID]]:
        async with self.unit() as uow:
            of = uow.matcher(kind).of
            table = schema.table(of.pairs).c
            named = [table[name] for name in of.names]
            rows = await uow.connection.execute(
                sa.select(*named).where(table.tenant == uow.tenant, table.delete_time.is_(None))
            )
            return {frozenset(row) for row in rows}

    async def keys(self, person: UUID) -> set[str]:
        async with self.unit() as uow:
            found = sa.select(match_key.c.key).where(match_key.c.person_id == person)
            return set(await uow.connection.scalars(found))


def ada(family: str) -> Person:
    channel = Channel(address=EmailAddress("ada@brightwater.example"))
    person = Person(given_name="Ada", family_name=family, channels=[channel])
    person.settle()
    return person


@pytest.fixture
def tenant(connection: Database) -> Tenant:
    return Tenant(connection, anybody())


async def test_con_17_who_changed_is_compared_once_the_change_has_settled(tenant: Tenant) -> None:
    first, second = await tenant.add("Okafor", "Okafor")
    await tenant.follow(ahead=SETTLED / 2)
    assert await tenant.pairs() == set()
    await tenant.follow()
    assert await tenant.pairs() == {frozenset((first, second))}


async def test_con_17_a_pair_goes_when_a_change_sets_the_two_apart(tenant: Tenant) -> None:
    first, _ = await tenant.add("Okafor", "Okafor")
    await tenant.follow()
    async with tenant.unit() as uow:
        person = await uow.people.get(first)
        person.family_name, person.given_name, person.channels = "Lovelace", "Grace", []
    await tenant.follow()
    assert await tenant.pairs() == set()


async def test_con_17_following_goes_on_where_it_stopped(tenant: Tenant) -> None:
    names = [secrets.token_hex(8) for _ in range(SLICE)]
    async with tenant.unit() as uow:
        for name in names:
            uow.people.add(Person(given_name=name, family_name=name[::-1], display_name=name))
    twins = await tenant.add("Okafor", "Okafor")
    await tenant.follow()
    assert await tenant.pairs() == set()
    await tenant.follow()
    assert await tenant.pairs() == {frozenset(twins)}


async def test_con_17_people_who_have_no_keys_yet_are_given_them(tenant: Tenant) -> None:
    twins = await tenant.add("Okafor", "Okafor")
    before = await tenant.keys(twins[0])
    async with tenant.unit() as uow:
        await uow.connection.execute(sa.delete(match_key).where(match_key.c.tenant == uow.tenant))
    await tenant.follow()
    assert await tenant.keys(twins[0]) == before != set()
    assert await tenant.pairs() == {frozenset(twins)}


async def test_con_17_organisations_are_followed_apart_from_people(tenant: Tenant) -> None:
    await tenant.add("Okafor", "Okafor")
    async with tenant.unit() as uow:
        made = [uow.organisations.add(Organisation(display_name=name)).id for name in ("Acme Inc", "ACME", "Other")]
    await tenant.follow(kind=MemberKind.ORGANISATIONS)
    assert await tenant.pairs(MemberKind.ORGANISATIONS) == {frozenset(made[:2])}
    assert await tenant.pairs() == set()
    async with tenant.unit() as uow:
        (await uow.organisations.get(made[0])).display_name = "Zenith"
    await tenant.follow(kind=MemberKind.ORGANISATIONS)
    assert await tenant.pairs(MemberKind.ORGANISATIONS) == set()


async def test_con_17_keys_say_nothing_and_are_each_tenants_own(tenant: Tenant, database: Database) -> None:
    other = Tenant(database, anybody())
    ours, theirs = [await each.keys((await each.add("Okafor"))[0]) for each in (tenant, other)]
    assert len(ours) == len(theirs) > 1
    assert ours.isdisjoint(theirs)
    assert not any("okafor" in key.lower() or key.lower() == "ada" for key in ours)


async def test_con_17_keys_follow_what_they_are_made_of_and_nothing_else(tenant: Tenant) -> None:
    (person_id,) = await tenant.add("Okafor")
    before = await tenant.keys(person_id)
    async with tenant.unit() as uow:
        (await uow.people.get(person_id)).job_title = "Physicist"
    assert await tenant.keys(person_id) == before
    async with tenant.unit() as uow:
        person = await uow.people.get(person_id)
        person.channels[0].address = EmailAddress("grace@harbour.example")
        person.settle()
    after = await tenant.keys(person_id)
    assert after != before
    assert after & before  # the name's


async def test_con_17_a_thousand_people_are_matched_in_as_many_statements_as_one(tenant: Tenant) -> None:
    await tenant.add("Okafor", "Lovelace")
    one, thousand = [await statements_to_match(tenant, many) for many in (1, 1000)]
    assert one == thousand <= 4


async def statements_to_match(tenant: Tenant, many: int) -> int:
    people = [ada("Okafor") for _ in range(many)]
    for number, person in enumerate(people[1:]):
        person.channels[0].address = EmailAddress(f"ada{number}@brightwater.example")
        person.settle()
    statements: list[str] = []
    async with tenant.unit() as uow:
        driver = await driver_of(uow.connection)
        await uow.matching.policy()
        with driver.query_logger(lambda query: statements.append(query.query)):
            found = await uow.matching.match(people)
    assert found.candidates[0]
    return len(statements)
