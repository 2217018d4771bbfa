"""How a unit of work writes: new aggregates as sets, with their events, and what refuses them."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rapport.contact.v1 import people_pb2 as pb
from rapport.contact.v1.events_pb2 import PersonChanged
from rapport_contact.domain.channel import Channel, EmailAddress
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.domain.record import ExternalId
from rapport_contact.storage.tables import person_channel, schema
from rapport_kit.database import Database
from rapport_kit.database_errors import translate
from rapport_kit.domain import PartialDate
from rapport_kit.errors import AlreadyExists, DomainError, Invalid, NotFound
from rapport_kit.schema.sets import Batch

from .units import anybody
from .writing import Tenant, ada, asked, email, people


@pytest.fixture
def tenant(connection: Database) -> Tenant:
    return Tenant(connection, anybody())


async def test_a_person_reads_back_as_the_answer_to_its_creation(tenant: Tenant) -> None:
    async with tenant.unit() as uow:
        answer = await people.create_person(asked(), uow)  # type: ignore[attr-defined]
    assert answer.etag == '"1"'
    assert answer.create_time == answer.update_time
    assert await tenant.person(answer.id) == answer
    ((sequence, fact),) = await tenant.events(UUID(answer.id))
    assert (sequence, fact) == (1, PersonChanged(person=answer, update_mask=fact.update_mask))  # type: ignore[attr-defined]
    assert {"given_name", "channels"} <= set(fact.update_mask.paths)  # type: ignore[attr-defined]


async def test_a_read_that_is_alone_sees_its_own_tenant_only(tenant: Tenant) -> None:
    async with tenant.unit() as uow:
        answer = await people.create_person(asked(), uow)  # type: ignore[attr-defined]
    stranger = Tenant(tenant.database, anybody())
    with pytest.raises(NotFound):
        await stranger.person(answer.id)


async def test_a_row_of_another_tenant_is_refused_also_when_it_is_written_alone(tenant: Tenant) -> None:
    batch, person = Batch(), ada()
    person.create_time = person.update_time = datetime.now(UTC)
    person.__dict__["_tenant"] = uuid4()
    vars(person).update(dict.fromkeys(schema.at_rest(Person).attributes))
    schema.rows(Person).put(person, batch)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await batch.write_alone(tenant.database, tenant.principal.tenant, timeout=5)


async def test_the_setting_of_a_statement_that_is_alone_ends_with_it(tenant: Tenant) -> None:
    async with tenant.unit() as uow:
        await people.create_person(asked(), uow)  # type: ignore[attr-defined]
    async with tenant.database.engine.connect() as connection:
        assert not await connection.scalar(sa.text("SELECT current_setting('rapport.tenant', true)"))


async def test_a_person_may_name_an_organisation_that_is_made_with_it(tenant: Tenant) -> None:
    async with tenant.unit() as uow:
        company = Organisation(display_name="Engines")
        person = ada(organisation_id=company.id)
        uow.people.add(person)
        uow.organisations.add(company)
    assert (await tenant.person(person.id)).organisation_id == str(company.id)
    assert len(await tenant.events(company.id)) == 1


async def test_what_is_changed_after_its_creation_is_written_as_a_change(tenant: Tenant) -> None:
    async with tenant.unit() as uow:
        person = uow.people.add(ada())
        person.channels += [email("b@example.org"), email("c@example.org")]
        await uow.flush()
        person.display_name = "Ada King"
        del person.channels[0]
        person.channels.reverse()
        person.channels[0].label = "work"
        person.channels.append(email("d@example.org"))
        await uow.flush()
        answer = uow.message(person)
        left = await uow.connection.scalar(sa.select(sa.func.count()).where(person_channel.c.person_id == person.id))
    stored = await tenant.person(person.id)
    assert stored == answer
    assert (stored.etag, stored.display_name, left) == ('"2"', "Ada King", 3)
    assert [channel.normalized for channel in stored.channels] == ["c@example.org", "b@example.org", "d@example.org"]
    (_, made), (sequence, changed) = await tenant.events(person.id)
    assert made.person.display_name == "Ada"  # type: ignore[attr-defined]
    assert (sequence, changed) == (2, PersonChanged(person=stored, update_mask=changed.update_mask))  # type: ignore[attr-defined]
    assert list(changed.update_mask.paths) == ["display_name", "channels"]  # type: ignore[attr-defined]


async def test_what_is_changed_between_its_answer_and_the_end_is_a_change_too(tenant: Tenant) -> None:
    async with tenant.unit() as uow:
        person = uow.people.add(ada())
        await uow.settle()
        answer = uow.message(person)
        person.annotations["note"] = "later"
    stored = await tenant.person(person.id)
    assert answer.etag == '"1"'  # type: ignore[attr-defined]
    assert (stored.etag, dict(stored.annotations)) == ('"2"', {"note": "later"})
    assert [sequence for sequence, _ in await tenant.events(person.id)] == [1, 2]


async def test_only_a_change_of_what_is_sensitive_is_a_change_too(tenant: Tenant) -> None:
    async with tenant.unit() as uow:
        person = uow.people.add(ada(gender="she"))
    async with tenant.unit() as uow:
        loaded = await uow.people.get(person.id)
        assert (loaded.gender, loaded.birth_date) == ("she", None)
        loaded.birth_date = PartialDate(12, 10, 1815)
    stored = await tenant.person(person.id)
    assert (stored.etag, stored.gender, stored.birth_date.year) == ('"2"', "she", 1815)
    _, (_, changed) = await tenant.events(person.id)
    assert list(changed.update_mask.paths) == ["birth_date"]  # type: ignore[attr-defined]


async def test_what_was_made_is_found_in_the_same_unit_and_is_the_same_object(tenant: Tenant) -> None:
    async with tenant.unit() as uow:
        person = uow.people.add(ada())
        await uow.flush()
        found = await uow.people.get(person.id, etag='"1"')
        assert found is person
        found.display_name = "Ada King"
    assert (await tenant.person(person.id)).display_name == "Ada King"


async def test_facts_follow_the_change_that_they_explain_and_are_numbered_on(tenant: Tenant) -> None:
    facts = [PersonChanged(person=pb.Person(id=str(uuid4()))) for _ in range(3)]
    async with tenant.unit() as uow:
        person = uow.people.add(ada())
        person.record(facts[0])
        person.record(facts[1])
        await uow.flush()
        person.record(facts[2])
    recorded = await tenant.events(person.id)
    assert [sequence for sequence, _ in recorded] == [1, 2, 3, 4]
    assert [fact for _, fact in recorded[1:]] == facts


async def test_a_unit_that_raises_writes_nothing(tenant: Tenant) -> None:
    person = ada()

    async def work() -> None:
        async with tenant.unit() as uow:
            uow.people.add(person)
            await uow.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work()
    assert await tenant.events(person.id) == []


async def test_an_attempt_that_fails_leaves_what_was_done_before_and_nothing_else(tenant: Tenant) -> None:
    name = ExternalId("erp", "4712")
    async with tenant.unit() as uow:
        uow.people.add(ada(external_ids=[name]))
        known, before = uow.people.add(ada()), uow.people.add(ada())
    async with tenant.unit() as uow:
        loaded = await uow.people.get(before.id)
        for twice in (True, False):
            with pytest.raises(asyncpg.UniqueViolationError) if twice else nullcontext():
                async with uow.attempt():
                    changed = next(iter((await uow.people.find_many([known.id])).values()))
                    changed.job_title = "Countess" if twice else "Programmer"
                    changed.gender = "she" if twice else changed.gender
                    made = uow.people.add(ada(external_ids=[name] if twice else []))
        loaded.family_name = "King"
    stored = await tenant.person(known.id)
    assert (stored.job_title, stored.gender) == ("Programmer", "")
    assert (await tenant.person(before.id)).family_name == "King"
    assert [sequence for sequence, _ in await tenant.events(known.id)] == [1, 2]
    assert len(await tenant.events(made.id)) == 1


async def test_an_attempt_that_only_adds_can_fail_by_itself_too(tenant: Tenant) -> None:
    async with tenant.unit() as uow:
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            async with uow.attempt():
                uow.people.add(ada(organisation_id=uuid4()))
        person = uow.people.add(ada())
    assert (await tenant.person(person.id)).display_name == "Ada"


async def test_a_row_for_another_tenant_meets_row_level_security(tenant: Tenant) -> None:
    async def work() -> None:
        async with tenant.unit() as uow:
            vars(uow.people.add(ada()))["_tenant"] = uuid4()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await work()


async def refused(tenant: Tenant, *new: Person) -> DomainError | None:
    """What a caller is told when these people are added."""

    async def work() -> None:
        async with tenant.unit() as uow:
            for person in new:
                uow.people.add(person)

    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as caught:
        await work()
    return translate(caught.value, schema.metadata)


async def test_a_reference_to_nothing_is_refused_by_the_name_of_its_field(tenant: Tenant) -> None:
    told_ = await refused(tenant, ada(organisation_id=uuid4()))
    assert isinstance(told_, Invalid)
    assert [(fault.field, fault.reason) for fault in told_.violations] == [("organisation_id", "NOT_FOUND")]


async def test_a_name_that_another_record_has_is_refused_also_within_one_set(tenant: Tenant) -> None:
    name = ExternalId("erp", "4711")
    told_ = await refused(tenant, ada(external_ids=[name]), ada(external_ids=[name]))
    assert isinstance(told_, AlreadyExists)
    assert told_.metadata["fields"] == "system, value"


async def test_a_record_that_is_too_large_to_publish_is_refused(tenant: Tenant) -> None:
    with pytest.raises(Invalid, match="a record may have"):
        async with tenant.unit() as uow:
            uow.people.add(ada(annotations={"long": "x" * 600_000}))


texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)
addresses = st.builds("{}@example.org".format, st.from_regex(r"[a-z]{1,8}", fullmatch=True))
channels = st.builds(Channel, address=st.builds(EmailAddress, addresses), label=texts, opted_out=st.booleans())
drawn = st.builds(
    Person,
    display_name=st.text(st.characters(categories=["L"]), min_size=1, max_size=20),
    given_name=texts,
    gender=texts,
    birth_date=st.none() | st.builds(PartialDate, st.integers(1, 12), st.integers(1, 28), st.integers(0, 2020)),
    annotations=st.dictionaries(texts, texts, max_size=3),
    channels=st.lists(channels, max_size=3),
)


@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(new=st.lists(drawn, min_size=1, max_size=4))
async def test_whatever_is_written_as_a_set_is_what_is_loaded_and_what_is_read(
    tenant: Tenant, new: list[Person]
) -> None:
    async with tenant.unit() as uow:
        for person in new:
            person.settle()
            uow.people.add(person)
        await uow.settle()
        answers = [uow.message(person) for person in new]
    async with tenant.unit() as uow:
        for answer in answers:
            loaded = await uow.people.get(answer.id)  # type: ignore[attr-defined]
            assert uow.message(loaded) == answer
            assert await people.reader(uow).get(uow, answer.id) == answer  # type: ignore[attr-defined]
