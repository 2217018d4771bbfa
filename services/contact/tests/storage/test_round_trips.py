"""In how few round trips a unit of work reads and writes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
import sqlalchemy as sa

from rapport.contact.v1 import people_pb2 as pb
from rapport_contact.domain.person import Person
from rapport_contact.storage.match_policies import forget_policy
from rapport_kit.database import Database, driver_of
from rapport_kit.rpc import idempotency
from rapport_kit.rpc.idempotency import RequestKey

from .units import anybody
from .writing import Tenant, ada, asked, event, people


@pytest_asyncio.fixture(loop_scope="session")
async def tenant(connection: Database) -> Tenant:
    """On a connection that knows all types by now: the driver asks for each once."""
    async with Tenant(connection, anybody()).unit() as uow:
        await people.create_person(asked(), uow)  # type: ignore[attr-defined]
    return Tenant(connection, anybody())


@asynccontextmanager
async def sent(tenant: Tenant) -> AsyncIterator[list[str]]:
    """What goes over the tenant's one connection while the block lasts."""
    statements: list[str] = []
    async with tenant.database.engine.connect() as connection:
        driver = await driver_of(connection)
    with driver.query_logger(lambda query: statements.append(query.query)):
        yield statements
        await asyncio.sleep(0)  # the driver tells of a statement when it has given the answer


async def test_a_creation_asks_for_the_policy_begins_looks_for_duplicates_writes_and_commits(tenant: Tenant) -> None:
    await tenant.with_its_key()
    async with sent(tenant) as statements, tenant.unit() as uow:
        answer = await people.create_person(asked(), uow)  # type: ignore[attr-defined]
    _, begin, _, write, commit = statements
    assert (begin[:5], commit) == ("BEGIN", "COMMIT")
    assert write.count("INSERT INTO") == 5  # person, its channel, its key, what it is matched by, the event
    assert await tenant.person(answer.id) == answer


async def test_the_policy_is_known_to_the_next_creation_until_it_is_changed(tenant: Tenant) -> None:
    await tenant.with_its_key()
    asked_for = []
    for change in (False, False, True):
        if change:
            forget_policy(tenant.principal.tenant)
        async with sent(tenant) as statements, tenant.unit() as uow:
            await people.create_person(asked(), uow)  # type: ignore[attr-defined]
        asked_for.append(sum("match_policy" in query for query in statements))
    assert asked_for == [1, 0, 1]


async def test_what_is_told_of_a_new_person_is_read_without_asking_for_its_key(tenant: Tenant) -> None:
    async with tenant.unit() as uow:
        person = uow.people.add(ada(gender="she"))
    async with sent(tenant) as statements:
        assert (await tenant.person(person.id)).gender == "she"
    assert len(statements) == 1


async def test_a_key_that_came_to_nothing_is_not_remembered(tenant: Tenant) -> None:
    person = ada(gender="she")
    with pytest.raises(ZeroDivisionError):
        await _taken_in_and_given_up(person, tenant)
    async with tenant.unit() as uow:
        assert await uow.subject_keys.find(uow, [person.id]) == {}


async def _taken_in_and_given_up(person: Person, tenant: Tenant) -> None:
    async with tenant.unit() as uow:
        uow.people.add(person)
        await uow.flush()
        raise ZeroDivisionError


async def test_a_creation_with_a_request_id_is_six_messages(tenant: Tenant) -> None:
    await tenant.with_its_key()
    request = asked(request_id=str(uuid4()))
    key = RequestKey.of("CreatePerson", request)
    assert key is not None
    async with sent(tenant) as statements, tenant.unit() as uow:
        assert await idempotency.recall(uow, key, pb.Person) is None
        answer = await people.create_person(request, uow)  # type: ignore[attr-defined]
        await idempotency.remember(uow, key, answer)
    begin, *_, write, commit = statements
    assert begin.startswith("BEGIN")
    assert len(statements) == 6
    assert write.count("INSERT INTO") == 6
    assert commit == "COMMIT"
    async with tenant.unit() as uow:
        assert pb.Person.FromString(await idempotency.recall(uow, key, pb.Person) or b"") == answer


async def test_a_read_by_id_is_one_message(tenant: Tenant) -> None:
    async with tenant.unit() as uow:
        answer = await people.create_person(asked(), uow)  # type: ignore[attr-defined]
    async with sent(tenant) as statements:
        assert await tenant.person(answer.id) == answer
    assert len(statements) == 1


async def test_a_change_of_a_job_title_leaves_alone_what_one_is_matched_by(tenant: Tenant) -> None:
    async with tenant.unit() as uow:
        known = await people.create_person(asked(), uow)  # type: ignore[attr-defined]
    request = pb.UpdatePersonRequest(person=pb.Person(id=known.id, job_title="Analyst"))
    through_the_session: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        through_the_session.append(statement)

    sa.event.listen(tenant.database.engine.sync_engine, "before_cursor_execute", note)
    try:
        async with tenant.unit() as uow:
            await people.update_person(request, uow)  # type: ignore[attr-defined]
    finally:
        sa.event.remove(tenant.database.engine.sync_engine, "before_cursor_execute", note)
    assert [statement.split()[0] for statement in through_the_session] == ["SELECT", "SELECT", "UPDATE"]


async def test_a_unit_that_does_nothing_sends_nothing(tenant: Tenant) -> None:
    async with sent(tenant) as statements, tenant.unit():
        pass
    assert statements == []


async def test_something_sensitive_costs_a_read_one_message_more_until_its_key_is_known(tenant: Tenant) -> None:
    async with tenant.unit() as uow:
        person = uow.people.add(ada(gender="she"))
    uow.subject_keys.forget(uow.tenant, person.id)
    for messages in (2, 1):
        async with sent(tenant) as statements:
            assert (await tenant.person(person.id)).gender == "she"
        assert len(statements) == messages


async def test_a_thousand_people_are_one_statement_and_keep_their_order(tenant: Tenant) -> None:
    await tenant.with_its_key()
    request = pb.BatchCreatePeopleRequest(requests=[asked() for _ in range(1000)])
    async with sent(tenant) as statements, tenant.unit() as uow:
        answer = await people.batch_create_people(request, uow)  # type: ignore[attr-defined]
        await uow.flush()
        statement = sa.select(event.c.aggregate).where(event.c.tenant == uow.tenant).order_by(event.c.id)
        recorded = (await uow.connection.scalars(statement)).all()
    assert sum("INSERT INTO" in query for query in statements) == 1
    assert [str(aggregate) for aggregate in recorded] == [person.id for person in answer.people]
    assert await tenant.person(answer.people[999].id) == answer.people[999]
