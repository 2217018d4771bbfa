"""What a unit of work tells of people, by whether it has their keys."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from uuid import UUID, uuid4

import pytest

from rapport.contact.v1 import people_pb2
from rapport.contact.v1.events_pb2 import PersonChanged
from rapport_kit.bus.acting import service_principal
from rapport_kit.database import Database
from rapport_kit.errors import Unavailable
from rapport_kit.privacy.cipher import Key
from rapport_kit.privacy.events import sealed_for
from rapport_kit.privacy.keys import NoSubjectKeys
from rapport_kit.schema import Schema
from rapport_kit.uow import UnitOfWork

ADA, ERASED = uuid4(), uuid4()


class Kept(NoSubjectKeys):
    """Ada's key, and nobody else's."""

    async def find(self, uow: UnitOfWork, subjects: Collection[UUID], *, to_write: bool = False) -> Mapping[UUID, Key]:
        return {subject: Key(os.urandom(32)) for subject in subjects if subject == ADA}


class KeeperUnitOfWork(UnitOfWork):
    """Of the service that keeps the keys."""

    schema = Schema("keeper")
    subject_keys = Kept()


@pytest.fixture
def uow() -> UnitOfWork:
    return KeeperUnitOfWork(Database("postgresql://nowhere/nothing"), service_principal("keeper", uuid4()))


def changed(subject: UUID) -> PersonChanged:
    return PersonChanged(person=people_pb2.Person(id=str(subject), given_name="canary", locale="sv-SE"))


async def test_a_key_that_nobody_looked_for_is_no_reason_to_leave_something_out(uow: UnitOfWork) -> None:
    with pytest.raises(Unavailable):
        uow.privacy.payload(changed(ADA))
    await uow.privacy.ready([changed(ADA)])
    assert sealed_for(PersonChanged.FromString(uow.privacy.payload(changed(ADA)))) == ADA


async def test_of_who_was_erased_the_public_part_is_told(uow: UnitOfWork) -> None:
    await uow.privacy.ready([changed(ERASED)])
    told = PersonChanged.FromString(uow.privacy.payload(changed(ERASED)))
    assert told.person == people_pb2.Person(id=str(ERASED), locale="sv-SE")
    assert sealed_for(told) is None
