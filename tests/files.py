"""Files of customers, as a caller of the REST door puts them there, and what the stores then hold."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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


def blobs_of(suite: Suite, tenant: Tenant) -> set[Path]:
    """The files of the tenant in the blob store."""
    folder = Path(urlsplit(suite.stack.environment["RAPPORT_BLOB_URL"]).path) / tenant.id
    return {path for path in folder.rglob("*") if path.is_file()}
