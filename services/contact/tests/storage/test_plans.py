"""Whatever is asked for by id is found by an index, for all that row-level security keeps from one."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio
import sqlalchemy as sa

from rapport.contact.v1 import notes_pb2, people_pb2
from rapport_contact.domain.channel import Channel, EmailAddress
from rapport_contact.domain.membership import MemberKind
from rapport_contact.domain.note import Note
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.domain.record import ExternalId
from rapport_contact.handlers.data_quality import QUALITY, look_over
from rapport_contact.handlers.notes import Notes
from rapport_contact.handlers.people import People
from rapport_contact.handlers.record_kinds import records
from rapport_contact.mapping.targets import ImportedResource
from rapport_contact.service import service
from rapport_contact.storage.about_person import AboutPerson
from rapport_contact.storage.lookups import plan_once
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_contact.storage.tables import person
from rapport_kit.auth.principal import Principal, Scope
from rapport_kit.database import Database
from rapport_kit.jobs import Tick
from rapport_kit.local.databases import role_url
from rapport_kit.migrations import Chain, migrate_service
from rapport_kit.query.tokens import PageTokens
from rapport_kit.testing.stack import password_of

READ = "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables"
MANY = 300
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
PRINCIPAL = Principal(tenant=uuid4(), subject=uuid4(), grants={"*": Scope.ALL})
PEOPLE: Any = People()
NOTES: Any = Notes()
Ask = Callable[[ContactUnitOfWork, list[UUID]], Awaitable[Any]]


async def get(uow: ContactUnitOfWork, ids: list[UUID]) -> None:
    await PEOPLE.get_person(people_pb2.GetPersonRequest(id=str(ids[0])), uow)


async def get_many(uow: ContactUnitOfWork, ids: list[UUID]) -> None:
    await PEOPLE.batch_get_people(people_pb2.BatchGetPeopleRequest(ids=map(str, ids)), uow)


async def change(uow: ContactUnitOfWork, ids: list[UUID]) -> None:
    person = people_pb2.Person(id=str(ids[0]), job_title="Analyst")
    await PEOPLE.update_person(people_pb2.UpdatePersonRequest(person=person), uow)


async def load_many(uow: ContactUnitOfWork, ids: list[UUID]) -> None:
    assert len(await uow.people.find_many(ids)) == len(ids)


async def list_parts(uow: ContactUnitOfWork, ids: list[UUID]) -> None:
    answer = await NOTES.list_notes(notes_pb2.ListNotesRequest(filter=f'person_id = "{ids[0]}"'), uow)
    assert len(answer.notes) == 1


async def list_newest(uow: ContactUnitOfWork, ids: list[UUID]) -> None:
    first = await PEOPLE.list_people(people_pb2.ListPeopleRequest(), uow)
    again = people_pb2.ListPeopleRequest(page_token=first.next_page_token, show_deleted=False)
    assert len((await PEOPLE.list_people(again, uow)).people) == len(first.people) == 50


async def see(uow: ContactUnitOfWork, ids: list[UUID]) -> None:
    assert len(await uow.customers.visible(Person, ids)) == len(ids)


async def match(uow: ContactUnitOfWork, ids: list[UUID]) -> None:
    known = Person(given_name="Ada", family_name="Number 3", display_name="Ada", channels=[email(3)])
    assert (await uow.matching.match([known])).candidates[0]


async def describe(uow: ContactUnitOfWork, ids: list[UUID]) -> None:
    some = list(await uow.connection.scalars(sa.select(person.c.id).limit(3)))
    assert len(await uow.matching.features(some)) == len(some)


async def name(uow: ContactUnitOfWork, ids: list[UUID]) -> None:
    await uow.imports.organisations_called(["Ada 3"])


async def look_up(uow: ContactUnitOfWork, ids: list[UUID]) -> None:
    await uow.imports.by_emails(["ada3@example.org"])


async def find_by_origin(uow: ContactUnitOfWork, ids: list[UUID]) -> None:
    await uow.imports.by_external_ids(ImportedResource.PERSON, [("crm", "3")])


async def take_out(uow: ContactUnitOfWork, ids: list[UUID]) -> None:
    await records.page(uow, None, 1000, AboutPerson(uow, ids[:1]))


async def sweep(uow: ContactUnitOfWork, ids: list[UUID]) -> None:
    uow.now += timedelta(minutes=5)
    await look_over(Tick(uow.tenant, QUALITY, MemberKind.PEOPLE, uow.now, b"", 0, ""), uow)


def email(number: int) -> Channel:
    return Channel(address=EmailAddress(f"ada{number}@example.org"), normalized=f"ada{number}@example.org")


@dataclass(frozen=True)
class Ground:
    """A database with some people and a note on each."""

    admin: asyncpg.Connection[Any]
    url: str
    ids: list[UUID]
    newer: Principal
    """Of a tenant with as many people, of whom the statistics say nothing yet."""

    async def rows_read(self) -> dict[str, int]:
        """How many rows of each table were looked at; asked when nobody else is connected any more."""
        while await self.admin.fetchval(OTHERS):
            await asyncio.sleep(0.01)
        return dict(await self.admin.fetch(READ))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ground(postgres: str) -> AsyncIterator[Ground]:
    name, password = f"contact_plans_{secrets.token_hex(4)}", password_of("contact_app")
    await migrate_service(postgres, Chain.of(service), database=name, passwords={"contact_app": password})
    url = role_url(postgres, "contact_app", password, name)
    people = await filled(url, PRINCIPAL)
    admin = await asyncpg.connect(postgres.rpartition("/")[0] + f"/{name}")
    await admin.execute("ANALYZE")
    newer = replace(PRINCIPAL, tenant=uuid4())
    await filled(url, newer)
    yield Ground(admin, url, people[:3], newer)
    await admin.close()


async def filled(url: str, principal: Principal) -> list[UUID]:
    """A tenant's people, with a note each."""
    people = [
        Person(
            given_name="Ada",
            family_name=f"Number {number}",
            display_name=f"Ada {number}",
            channels=[email(number)],
            external_ids=[ExternalId("erp", str(number))],
        )
        for number in range(MANY)
    ]
    async with working(url, principal) as uow:
        for each in people:
            uow.people.add(each)
            uow.organisations.add(Organisation(display_name=each.display_name))
            uow.add(Note(person_id=each.id, body="x"))
    return [each.id for each in people]


@asynccontextmanager
async def working(url: str, principal: Principal = PRINCIPAL) -> AsyncIterator[ContactUnitOfWork]:
    """A unit of work on a connection of its own: what that counted is told when it ends, at the latest."""
    database = Database(url, pool_size=1)
    async with ContactUnitOfWork(database, principal, page_tokens=PageTokens([b"k" * 32])) as uow:
        yield uow
    await database.close()


@pytest.mark.parametrize(
    "ask", [get, get_many, change, load_many, list_newest, list_parts, see, match, look_up, find_by_origin, take_out]
)
async def test_rows_are_found_by_an_index(ground: Ground, ask: Ask) -> None:
    assert await read_most(ground, ask, PRINCIPAL) == {}


@pytest.mark.parametrize("ask", [describe, match, look_up, find_by_origin, name])
async def test_an_import_looks_no_tenant_through_of_which_there_are_no_statistics(ground: Ground, ask: Ask) -> None:
    async def ask_like_a_job(uow: ContactUnitOfWork, ids: list[UUID]) -> None:
        await plan_once(uow.connection)
        await ask(uow, ids)

    assert await read_most(ground, ask_like_a_job, ground.newer) == {}


async def test_a_first_page_is_no_look_through_a_tenant_of_which_there_are_no_statistics(ground: Ground) -> None:
    assert await read_most(ground, list_newest, ground.newer) == {}


async def test_a_sweep_looks_no_tenant_through_for_each_of_its_people(ground: Ground) -> None:
    assert (await rows_read_by(ground, sweep, ground.newer))["person_channel"] < 2 * MANY


async def test_an_import_has_its_questions_planned_anew_while_tables_grow(ground: Ground) -> None:
    table = "organisation_external_id"
    await ground.admin.execute(f"VACUUM ANALYZE {table}")
    before = await ground.rows_read()
    database, principal = Database(ground.url, pool_size=1), replace(PRINCIPAL, tenant=uuid4())
    async with ContactUnitOfWork(database, principal) as uow:
        await ask_of_organisations(uow)
    async with ContactUnitOfWork(database, principal) as uow:
        for number in range(2 * MANY):
            origin = ExternalId("erp", str(number))
            uow.organisations.add(Organisation(display_name=f"Ada {number}", external_ids=[origin]))
    async with ContactUnitOfWork(database, principal) as uow:
        await ask_of_organisations(uow)
    await database.close()
    after = await ground.rows_read()
    assert after[table] - before[table] < MANY


async def ask_of_organisations(uow: ContactUnitOfWork) -> None:
    await plan_once(uow.connection, anew=True)
    await uow.imports.by_external_ids(ImportedResource.ORGANISATION, [("crm", "3")])


async def read_most(ground: Ground, ask: Ask, principal: Principal) -> dict[str, int]:
    """The tables of which most rows were looked at."""
    read = await rows_read_by(ground, ask, principal)
    return {table: rows for table, rows in read.items() if rows > MANY / 2}


async def rows_read_by(ground: Ground, ask: Ask, principal: Principal) -> dict[str, int]:
    """How many rows of each table were looked at."""
    before = await ground.rows_read()
    async with working(ground.url, principal) as uow:
        await ask(uow, ground.ids)
    after = await ground.rows_read()
    return {table: count - before.get(table, 0) for table, count in after.items()}
