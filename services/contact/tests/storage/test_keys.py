"""Keys of people and of tenants where a transaction, or a part of one, comes to nothing (PLT-07)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
import sqlalchemy as sa

from rapport.contact.v1 import people_pb2 as pb
from rapport.contact.v1.events_pb2 import PersonChanged
from rapport_contact.crypto.wrapping import MasterKeys
from rapport_contact.domain.channel import Channel, EmailAddress
from rapport_contact.domain.person import Person
from rapport_contact.handlers.erasure import erase
from rapport_contact.settings import process_settings
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_contact.storage.subject_keys import StoredSubjectKeys
from rapport_contact.storage.tables import schema, subject_key
from rapport_contact.storage.tenant_keys import TenantKeys
from rapport_kit.auth.principal import Principal
from rapport_kit.database import Database
from rapport_kit.domain import PartialDate
from rapport_kit.privacy.events import sealed_for

from .units import anybody

event = schema.frame.event


@pytest.fixture
def somebody() -> Principal:
    """Of a tenant that is new."""
    return anybody()


class ElsewhereUnitOfWork(ContactUnitOfWork):
    """As another process works, which remembers nothing of this one."""

    subject_keys = StoredSubjectKeys()


async def last_told(database: Database, principal: Principal, person: UUID) -> pb.Person:
    """A person by the last event, as another process reads it."""
    ElsewhereUnitOfWork.subject_keys = StoredSubjectKeys()
    async with ElsewhereUnitOfWork(database, principal) as uow:
        of_person = sa.select(event.c.payload).where(event.c.aggregate == person).order_by(event.c.id.desc()).limit(1)
        fact = PersonChanged.FromString((await uow.connection.scalars(of_person)).one())
        await uow.privacy.open(fact)
    return fact.person


@asynccontextmanager
async def in_vain(uow: ContactUnitOfWork) -> AsyncIterator[None]:
    """An attempt that comes to nothing, and says why."""
    said = False
    try:
        async with uow.attempt():
            yield
            await uow.flush()
            raise ZeroDivisionError
    except ZeroDivisionError:
        said = True
    assert said


async def is_told_of(database: Database, principal: Principal) -> bool:
    """Whether what the tenant tells of somebody new can be read."""
    async with ContactUnitOfWork(database, principal) as uow:
        made = uow.people.add(Person(display_name="Ada", given_name="Ada", birth_date=PartialDate(12, 10, 1815)))
    return (await last_told(database, principal, made.id)).given_name == "Ada"


async def test_plt_07_a_tenants_first_key_that_was_rolled_back_seals_nothing(
    database: Database, somebody: Principal
) -> None:
    async with ContactUnitOfWork(database, somebody) as uow:
        async with in_vain(uow):
            uow.people.add(Person(display_name="Nobody", given_name="Nobody"))
        made = uow.people.add(Person(display_name="Ada", given_name="Ada", birth_date=PartialDate(12, 10, 1815)))
    said = await last_told(database, somebody, made.id)
    assert (said.given_name, said.birth_date.year) == ("Ada", 1815)


async def test_plt_07_a_tenants_first_key_is_not_known_from_a_unit_that_failed(
    database: Database, somebody: Principal
) -> None:
    async def work() -> None:
        async with ContactUnitOfWork(database, somebody) as uow:
            for _ in range(2):  # known from the first, to the second
                uow.people.add(Person(display_name="Nobody", birth_date=PartialDate(1, 1, 1970)))
                await uow.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work()
    assert await is_told_of(database, somebody)
    keys = TenantKeys(lambda: MasterKeys(process_settings().secrets("master_keys")))
    async with ContactUnitOfWork(database, somebody) as uow:
        assert (await keys.index_key(uow)).raw == (await uow.subject_keys.index_key(uow)).raw


async def test_plt_07_keys_are_not_known_from_units_whose_shared_transaction_failed(
    database: Database, somebody: Principal
) -> None:
    async def work() -> None:
        async with database.transaction(somebody.tenant) as connection:
            for _ in range(2):  # the second reads the tenant's key that the first made
                async with ContactUnitOfWork(database, somebody, within=connection) as uow:
                    uow.people.add(Person(display_name="Nobody", birth_date=PartialDate(1, 1, 1970)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work()
    assert await is_told_of(database, somebody)


async def test_plt_07_a_key_that_an_attempt_gave_in_vain_is_given_again(
    database: Database, somebody: Principal
) -> None:
    async with ContactUnitOfWork(database, somebody) as uow:
        older = uow.people.add(Person(display_name="Ada", given_name="Ada"))
    async with ContactUnitOfWork(database, somebody) as uow:  # as if older than the keys
        await uow.connection.execute(sa.delete(subject_key).where(subject_key.c.subject == older.id))
    async with ElsewhereUnitOfWork(database, somebody) as uow:
        async with in_vain(uow):
            (await uow.people.get(older.id)).job_title = "Programmer"
        (await uow.people.get(older.id)).job_title = "Countess"
    assert (await last_told(database, somebody, older.id)).job_title == "Countess"


async def test_plt_07_an_attempt_tells_what_it_failed_of_whatever_it_had_loaded(
    database: Database, somebody: Principal
) -> None:
    channels = [Channel(address=EmailAddress(each), normalized=each) for each in (f"{n}@x.example" for n in range(9))]
    async with ContactUnitOfWork(database, somebody) as uow:
        made = uow.people.add(Person(display_name="Ada", channels=channels))
    async with ContactUnitOfWork(database, somebody) as uow, in_vain(uow):
        loaded = await uow.people.get(made.id)
        loaded.channels.append(Channel(address=EmailAddress("y@x.example"), normalized="y@x.example"))
    async with ContactUnitOfWork(database, somebody) as uow:
        kept = await uow.people.get(made.id)
    assert (kept.version, [each.normalized for each in kept.channels]) == (1, [each.normalized for each in channels])


async def test_plt_08_nobody_who_was_erased_is_given_another_key(database: Database, somebody: Principal) -> None:
    async with ContactUnitOfWork(database, somebody) as uow:
        made = uow.people.add(Person(display_name="Ada", given_name="Ada"))
    async with ContactUnitOfWork(database, somebody) as uow:
        await erase(made.id, uow)
    fact = PersonChanged(person=pb.Person(id=str(made.id), given_name="Ada", locale="sv-SE"))
    async with ContactUnitOfWork(database, somebody) as uow:
        await uow.privacy.ready([fact])
        said = PersonChanged.FromString(uow.privacy.payload(fact))
    assert said.person == pb.Person(id=str(made.id), locale="sv-SE")
    assert sealed_for(said) is None
