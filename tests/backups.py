"""One person as a backup would have it, and its restoring behind the back of a running service."""

from __future__ import annotations

from uuid import UUID

from rapport_kit.testing.stack import Stack
from tests.databases import rows

_KEYS = {"person": "id", "subject_key": "subject"}


async def taken(stack: Stack, person_id: str) -> dict[str, str]:
    """The rows of a person and of the key, by their tables."""
    found = {}
    for table, key in _KEYS.items():
        statement = f"SELECT to_jsonb({table})::text FROM {table} WHERE {key} = $1"
        ((found[table],),) = await rows(stack, "contact", statement, UUID(person_id))
    return found


async def restored(stack: Stack, person_id: str, backup: dict[str, str]) -> None:
    """Bring the rows back, and have nothing know of an erasure."""
    await rows(stack, "contact", "DELETE FROM erasure WHERE id = $1", UUID(person_id))
    for table, content in backup.items():
        made = f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, $1::text::jsonb)).*"
        await rows(stack, "contact", made, content)


async def has_key(stack: Stack, person_id: str) -> bool:
    """Whether what is sealed for a person can be read."""
    return bool(await rows(stack, "contact", "SELECT 1 FROM subject_key WHERE subject = $1", UUID(person_id)))
