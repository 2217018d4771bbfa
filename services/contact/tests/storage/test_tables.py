"""What contact's tables keep beside the records: the words they are found by, and names that must be unique."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from rapport_contact.domain.channel import Channel, EmailAddress, PhoneNumber
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.domain.record import ContactRecord, ExternalId
from rapport_contact.domain.words import words_of
from rapport_contact.storage.tables import schema
from rapport_kit.migrations import Chain, migrate_service
from rapport_kit.migrations.databases import connect
from rapport_kit.schema.sets import Batch


class Contacts:
    """Contact's database as its app role sees it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    @asynccontextmanager
    async def session(self, tenant: UUID) -> AsyncIterator[AsyncSession]:
        async with self.connection.begin():
            await self.connection.execute(sa.text("SET LOCAL ROLE contact_app"))
            await self.connection.execute(sa.select(sa.func.set_config("rapport.tenant", str(tenant), True)))
            async with AsyncSession(self.connection, expire_on_commit=False) as session:
                yield session
                await session.flush()

    async def add(self, tenant: UUID, *records: ContactRecord) -> None:
        batch = Batch()
        for record in records:
            record.settle("DE")
            record.create_time = record.update_time = datetime.now(UTC)
            record.__dict__["_tenant"] = tenant
            vars(record).update(dict.fromkeys(schema.at_rest(type(record)).attributes))
            schema.rows(type(record)).put(record, batch)
        async with self.session(tenant):
            await batch.write(self.connection)

    async def find(self, tenant: UUID, query: str) -> list[UUID]:
        async with self.session(tenant) as session:
            found = await session.scalars(
                sa.text("SELECT id FROM person_search(:words, 20)"), {"words": words_of(query)}
            )
            return list(found)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def contacts(postgres: str) -> AsyncIterator[Contacts]:
    name = f"contact_tables_{secrets.token_hex(4)}"
    await migrate_service(postgres, Chain("contact", "rapport_contact.migrations", schema.metadata), database=name)
    async with connect(postgres, name) as connection:
        yield Contacts(connection)
    async with connect(postgres, autocommit=True) as admin:
        await admin.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.parametrize(
    "query",
    [
        *("Ada", "ADA LOVE", "muller", "Ada Müller", "countess", "engines ada"),
        *("ada.l@analytical.example", "analytical", "030 12 34 56", "+49 30 123456", "0049 30123456", "30123"),
    ],
)
async def test_a_person_is_found_by_name_mail_phone_and_company(contacts: Contacts, query: str) -> None:
    tenant = uuid4()
    company = Organisation(display_name="Difference Engines", legal_name="Babbage & Sons")
    ada = Person(
        given_name="Ada",
        family_name="Lovelace-Müller",
        name_prefix="Countess",
        organisation_id=company.id,
        channels=[
            Channel(address=EmailAddress("Ada.L@Analytical.example")),
            Channel(address=PhoneNumber("030 123456")),
        ],
    )
    await contacts.add(tenant, company, ada, Person(display_name="Charles Babbage"))
    assert await contacts.find(tenant, query) == [ada.id]
    assert await contacts.find(uuid4(), query) == []


async def test_a_changed_name_is_found_and_the_old_one_is_not(contacts: Contacts) -> None:
    tenant, person = uuid4(), Person(display_name="Ada Byron")
    await contacts.add(tenant, person)
    async with contacts.session(tenant) as session:
        loaded = await session.get_one(Person, (tenant, person.id))
        loaded.display_name = "Ada King"
    assert await contacts.find(tenant, "king") == [person.id]
    assert await contacts.find(tenant, "byron") == []


async def test_a_renamed_company_finds_its_people_by_the_new_name_at_once(contacts: Contacts) -> None:
    tenant, company = uuid4(), Organisation(display_name="Acme")
    person = Person(display_name="Ada", organisation_id=company.id)
    await contacts.add(tenant, company, person)
    async with contacts.session(tenant) as session:
        (await session.get_one(Organisation, (tenant, company.id))).display_name = "Umbrella"
    assert await contacts.find(tenant, "umbrella ada") == [person.id]
    assert await contacts.find(tenant, "acme") == []


@pytest.mark.parametrize("kind", [Person, Organisation])
async def test_an_external_id_is_unique_within_a_tenant_and_a_kind(
    contacts: Contacts, kind: type[ContactRecord]
) -> None:
    tenant, name = uuid4(), ExternalId("erp", "4711")
    await contacts.add(tenant, kind(display_name="first", external_ids=[name, ExternalId("crm", "4711")]))
    with pytest.raises(asyncpg.UniqueViolationError, match=r"pk_\w+_external_id"):
        await contacts.add(tenant, kind(display_name="second", external_ids=[name]))
    other = Organisation if kind is Person else Person
    await contacts.add(tenant, other(display_name="another kind", external_ids=[name]))
    await contacts.add(uuid4(), kind(display_name="another tenant", external_ids=[name]))


async def test_an_external_id_that_is_given_up_is_free_again(contacts: Contacts) -> None:
    tenant, name = uuid4(), ExternalId("erp", "4711")
    person = Person(display_name="first", external_ids=[name])
    await contacts.add(tenant, person)
    async with contacts.session(tenant) as session:
        (await session.get_one(Person, (tenant, person.id))).external_ids = [ExternalId("erp", "4712")]
    await contacts.add(tenant, Person(display_name="second", external_ids=[name]))
    with pytest.raises(asyncpg.UniqueViolationError, match="pk_person_external_id"):
        await contacts.add(tenant, Person(display_name="third", external_ids=[ExternalId("erp", "4712")]))
