"""Records of tenants for tests that take them out, and restore them in others."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from rapport.identity.v1 import api_keys_pb2
from rapport_kit.cli import build
from tests.callers import Tenant

Record = dict[str, Any]


async def taken_out(rest: httpx2.AsyncClient, page_size: int = 17) -> list[Record]:
    """Every record, in the order of the list."""
    found: list[Record] = []
    token = ""
    while True:
        answer = await rest.get("/v1/records", params={"pageSize": page_size, "pageToken": token})
        assert answer.status_code == 200, answer.text
        found += answer.json().get("records", [])
        token = answer.json().get("nextPageToken", "")
        if not token:
            return found


async def restored(rest: httpx2.AsyncClient, *records: Record) -> httpx2.Response:
    return await rest.post("/v1/records:restore", json={"records": records})


def backwards(records: list[Record]) -> list[Record]:
    """As they can be restored without contents of files."""
    return [each for each in reversed(records) if "file" not in each]


def said(records: list[Record]) -> dict[str, Record]:
    """What records say, but for when and how often they were written."""
    found = {}
    for record in records:
        ((kind, value),) = record.items()
        found[f"{kind} {value.get('id')}"] = {k: v for k, v in value.items() if k not in ("etag", "updateTime")}
    return found


async def rapport(tenant: Tenant, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    """What the command line does as the tenant's administrator."""
    for service in ("contact", "identity"):
        monkeypatch.setenv(f"RAPPORT_{service.upper()}_TARGET", tenant.suite.stack.target(service))
    made = await tenant.admin.api_key.create_api_key(
        api_keys_pb2.CreateApiKeyRequest(api_key=api_keys_pb2.ApiKey(display_name="cli"))
    )
    monkeypatch.setenv("RAPPORT_API_KEY", made.secret)
    return await asyncio.to_thread(CliRunner().invoke, build(), arguments)
