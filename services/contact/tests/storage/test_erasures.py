"""What an erasure that leaves something must keep to, beside who writes at the same time (PLT-08)."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest
import sqlalchemy as sa

from rapport_contact.domain.legal_hold import HeldData
from rapport_contact.domain.note import Note
from rapport_contact.domain.person import Person
from rapport_contact.domain.task import Task
from rapport_contact.storage.tables import note, person, schema, task
from rapport_kit.database import Database
from rapport_kit.database_errors import translate
from rapport_kit.errors import Invalid

from .units import anybody, unit, waiting_for_a_lock


async def test_plt_08_whoever_writes_of_somebody_who_is_erased_meanwhile_is_refused_though_notes_are_held(
    database: Database,
) -> None:
    principal = anybody()
    async with unit(database, principal) as uow:
        ada = uow.people.add(Person(display_name="Ada", job_title="Countess")).id
        uow.add(kept := Note(body="Paid", person_id=ada))
        uow.add(Task(title="Call", person_id=ada))

    async def write() -> None:
        async with unit(database, principal) as uow:
            uow.add(Task(title="Call again", person_id=ada))

    async with unit(database, principal) as uow:
        gone = await uow.erasures.strip(ada, [], [HeldData.NOTES])
        writing = asyncio.create_task(write())
        await waiting_for_a_lock(uow)
    with pytest.raises(asyncpg.ForeignKeyViolationError) as refused:
        await writing
    answer = translate(refused.value, schema.metadata)
    assert isinstance(answer, Invalid)
    assert answer.violations[0].field == "person_id"
    assert gone["task"] == 1

    async def found(column: sa.Column[UUID]) -> list[UUID]:
        async with unit(database, principal) as uow:
            return list(await uow.connection.scalars(sa.select(column)))

    assert await found(note.c.id) == [kept.id]
    assert await found(note.c.person_id) == [ada]
    assert await found(task.c.id) == []
    async with unit(database, principal) as uow:
        (shell,) = (await uow.connection.execute(sa.select(person).where(person.c.tenant == uow.tenant))).all()
    assert (shell.id, shell.display_name, shell.job_title) == (ada, "", "")
    assert shell.delete_time is not None
