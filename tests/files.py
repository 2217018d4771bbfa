"""Files of customers, as a caller of the REST door puts them there, and what the stores then hold."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx2

from tests.callers import Suite, Tenant

PDF = b"%PDF-1.7\n" + os.urandom(1000)


async def new_person(rest: httpx2.AsyncClient) -> str:
    made = await rest.post("/v1/people", json={"givenName": "Ada", "familyName": "Okafor"})
    return str(made.json()["id"])


async def upload(
    rest: httpx2.AsyncClient, person: str, content: Any = PDF, name: str = "offer.pdf", **headers: str
) -> httpx2.Response:
    where = {"fileName": name, "personId": person}
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return await rest.post("/v1/files:upload", params=where, content=content, headers=headers)


async def stored(
    rest: httpx2.AsyncClient, person: str, content: bytes = PDF, name: str = "offer.pdf"
) -> dict[str, Any]:
    answer = await upload(rest, person, content, name)
    assert answer.status_code == 200, answer.text
    file: dict[str, Any] = answer.json()
    return file


async def erase(suite: Suite, tenant: Tenant, person: str) -> None:
    """Remove a person's row as an erasure does, in a transaction of the tenant; foreign keys take the rest along."""
    connection = await asyncpg.connect(suite.stack.admin_urls["contact"])
    async with connection.transaction():
        await connection.execute("SELECT set_config('rapport.tenant', $1, true)", tenant.id)
        await connection.execute("DELETE FROM person WHERE id = $1", person)
    await connection.close()


def blobs_of(suite: Suite, tenant: Tenant) -> set[Path]:
    """The files of the tenant in the blob store."""
    folder = Path(urlsplit(suite.stack.environment["RAPPORT_BLOB_URL"]).path) / tenant.id
    return {path for path in folder.rglob("*") if path.is_file()}
