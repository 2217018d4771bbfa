"""Timelines and tasks of the people, made in the database from its own rows: copied in they would take minutes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg

from tests.load import contact, people
from tests.load.stand import Stand

ENTRIES = 10
"""Of each person."""
PEOPLE_PER_TASK = 10
STEP = 100_000
"""People at a time."""
TABLES = ("timeline_entry", "task")

_ENTRIES = """
INSERT INTO timeline_entry (tenant, id, person_id, occurred, recorded, kind, channel, direction, actor, summary,
                            resource, record_id, retracted, source, aggregate, sequence, place)
SELECT p.tenant, {part}, p.id, p.create_time + n * interval '17 days', p.create_time + n * interval '17 days',
       'activity', (ARRAY['call', 'email', 'meeting'])[1 + n % 3], 'outbound', p.owner_id,
       'Spoke about order number ' || n || ' and what comes next', 'sales.rapport/Order', {part}, false, 'sales', p.id,
       n, 0
  FROM person p CROSS JOIN generate_series(1, $4) n
 WHERE p.tenant = $1 AND p.create_time > $2 AND p.create_time <= $3
"""
_TASKS = """
INSERT INTO task (tenant, id, version, create_time, update_time, owner_id, person_id, title, due_time, priority, state,
                  source)
SELECT p.tenant, {part}, 1, p.create_time, p.create_time, p.owner_id, p.id, 'Call back about order number ' || n,
       p.create_time + interval '900 days', 'normal', 'open', 'user'
  FROM (SELECT *, row_number() OVER (ORDER BY create_time) AS n FROM person
         WHERE tenant = $1 AND create_time > $2 AND create_time <= $3) p
 WHERE p.n % $4 = 0
"""
_PART = "(left(p.id::text, 24) || lpad(to_hex(n), 2, '0') || substr(md5(p.id::text || n), 1, 10))::uuid"
"""An id near the person's, as those of what happened at the same time are."""


async def fill(standing: Stand) -> None:
    """Give everybody who has none yet a timeline, and every tenth of them a task."""
    if standing.told == standing.people:
        return
    async with contact.bulk(standing.contact_database, TABLES):
        for first in range(standing.told, standing.people, STEP):
            last = min(first + STEP, standing.people)
            await _add(standing.contact_database, standing.account.tenant, first, last)
    standing.told = standing.people
    for table in TABLES:
        await standing.contact_database.execute(f"VACUUM ANALYZE {table}")
    await standing.contact_database.execute("CHECKPOINT")


async def _add(database: asyncpg.Connection[Any], tenant: UUID, first: int, last: int) -> None:
    between = (people.BEGIN + people.APART * first, people.BEGIN + people.APART * last)
    for statement, number in ((_ENTRIES, ENTRIES), (_TASKS, PEOPLE_PER_TASK)):
        await database.execute(statement.format(part=_PART), tenant, *between, number, timeout=600)
