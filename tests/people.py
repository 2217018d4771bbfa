"""People for tests that call through REST, and what remains of them in the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import httpx2
from google.protobuf.message import Message

from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.bus.acting import service_principal
from rapport_kit.database import Database
from rapport_kit.settings import variable
from tests.callers import Tenant
from tests.databases import rows


async def created(rest: httpx2.AsyncClient, **person: Any) -> dict[str, Any]:
    return await posted(rest, "people", {"givenName": "Some", "familyName": word()} | person)


async def posted(rest: httpx2.AsyncClient, collection: str, body: dict[str, Any]) -> dict[str, Any]:
    """What was made of `body`."""
    answer = await rest.post(f"/v1/{collection}", json=body)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def got(rest: httpx2.AsyncClient, path: str, asked: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What is at a path below `/v1`."""
    answer = await rest.get(f"/v1/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def listed(rest: httpx2.AsyncClient, path: str, asked: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The first page of a collection below `/v1`."""
    found: list[dict[str, Any]] = (await got(rest, path, asked)).get(path.rpartition("/")[2], [])
    return found


async def about(rest: httpx2.AsyncClient, collection: str, field: str, id_: str) -> list[str]:
    """The ids of the records of a kind that name somebody in a field."""
    return sorted(each["id"] for each in await listed(rest, collection, {"filter": f'{field} = "{id_}"'}))


def word() -> str:
    return f"W{uuid4().hex[:12]}"


def violations(answer: httpx2.Response) -> dict[str, str]:
    """Reasons by field."""
    return {each["field"]: each["reason"] for each in answer.json()["violations"]}


async def events_of(tenant: Tenant, person_id: str) -> list[int]:
    """The sequence numbers of a record's facts."""
    statement = "SELECT sequence FROM event WHERE aggregate = $1 ORDER BY sequence"
    return [row["sequence"] for row in await rows(tenant.suite.stack, "contact", statement, person_id)]


async def opened(tenant: Tenant, *facts: Message) -> None:
    """Open what is sealed in facts of contact, as the frame does for whoever follows them."""
    database = Database(tenant.suite.stack.environment[variable("contact", "database_url")], pool_size=1)
    try:
        async with ContactUnitOfWork(database, service_principal("contact", UUID(tenant.id))) as uow:
            await uow.privacy.open(*facts)
    finally:
        await database.close()


async def facts(tenant: Tenant, aggregate: str, kind: str) -> list[bytes]:
    """The payloads of one type of fact about one record."""
    statement = "SELECT payload FROM event WHERE aggregate = $1 AND type = $2 ORDER BY sequence"
    found = await rows(tenant.suite.stack, "contact", statement, aggregate, f"rapport.contact.v1.{kind}")
    return [row["payload"] for row in found]
