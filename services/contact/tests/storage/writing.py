"""A tenant on one connection, what is asked of it there, and what it has then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from google.protobuf.message import Message

from rapport.contact.v1 import channels_pb2
from rapport.contact.v1 import people_pb2 as pb
from rapport.contact.v1.events_pb2 import OrganisationChanged, PersonChanged
from rapport_contact.domain.channel import Channel, EmailAddress
from rapport_contact.domain.person import Person
from rapport_contact.handlers.organisations import Organisations
from rapport_contact.handlers.people import People
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_contact.storage.tables import schema
from rapport_kit.auth.principal import Principal
from rapport_kit.database import Database

people, organisations = People(), Organisations()
event = schema.frame.event


@dataclass
class Tenant:
    """A tenant of its own, on one connection to contact's database."""

    database: Database
    principal: Principal

    def unit(self) -> ContactUnitOfWork:
        return ContactUnitOfWork(self.database, self.principal)

    async def with_its_key(self) -> None:
        """Have the tenant's key made, and known to this process as it is but for twice a minute."""
        for _ in range(2):
            async with self.unit() as uow:
                await uow.subject_keys.make(uow, {uuid4()})

    async def person(self, id_: str | UUID) -> pb.Person:
        async with self.unit() as uow:
            found = await people.reader(uow).get(uow, str(id_))
        assert isinstance(found, pb.Person)
        return found

    async def events(self, aggregate: UUID) -> list[tuple[int, Message]]:
        """The sequence and the fact of each event, in the order of their ids."""
        types: dict[str, Any] = {kind.DESCRIPTOR.full_name: kind for kind in (PersonChanged, OrganisationChanged)}
        statement = sa.select(event).where(event.c.aggregate == aggregate).order_by(event.c.id)
        async with self.unit() as uow:
            rows = (await uow.connection.execute(statement)).all()
            facts = [(row.sequence, types[row.type].FromString(row.payload)) for row in rows]
            await uow.privacy.open(*(fact for _, fact in facts))
        return facts


def ada(**fields: Any) -> Person:
    return Person(display_name="Ada", channels=[email("ada@example.org")], **fields)


def email(address: str) -> Channel:
    return Channel(address=EmailAddress(address), normalized=address)


def asked(**fields: Any) -> pb.CreatePersonRequest:
    channel = channels_pb2.Channel(email=channels_pb2.EmailAddress(address="Ada@Example.org"))
    return pb.CreatePersonRequest(person=pb.Person(given_name="Ada", channels=[channel]), **fields)
