"""Schemathesis drives every published operation of the running suite from its own description, and finds nothing."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from rapport.identity.v1 import tenants_pb2
from rapport_identity.bootstrap import operator_token
from rapport_kit.database import Database
from rapport_kit.errors import Unavailable
from rapport_kit.rpc.client import Client, open_channel
from rapport_kit.testing.stack import Stack
from tests.eventually import eventually

SECONDS = int(os.environ.get("RAPPORT_SCHEMATHESIS_SECONDS", "60"))
PASSWORD = "correct horse battery staple"
CONFIGURATION = """
[checks.positive_data_acceptance]
# A value that its schema allows may still mean nothing: a language that no registry knows, a filter on no field.
expected-statuses = ["2xx", "304", "400", "401", "403", "404", "409", "412", "422", "429"]

[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "409", "412", "413", "414", "415", "422", "429", "431"]
"""


async def admin_key(stack: Stack) -> str:
    """An API key of the administrator of a tenant of its own."""
    database = Database(stack.environment["RAPPORT_IDENTITY_DATABASE_URL"])
    token = await operator_token(database)
    await database.close()
    tenant = tenants_pb2.Tenant(display_name="Described", hosts=["localhost"])
    request = tenants_pb2.CreateTenantRequest(
        tenant=tenant, admin_email="admin@described.example", admin_password=PASSWORD
    )
    async with open_channel(stack.target("identity")) as channel:
        tenants = tenants_pb2.DESCRIPTOR.services_by_name["TenantService"]
        client = Client(channel, tenants, token=lambda: token)
        await eventually(lambda: client.create_tenant(request), Unavailable)  # it may not know its own keys yet
    address = stack.address.replace("127.0.0.1", "localhost")
    async with httpx2.AsyncClient(base_url=address) as browser:
        signed_in = await browser.post("/v1/sessions", json={"email": "admin@described.example", "password": PASSWORD})
        assert signed_in.status_code == 200, signed_in.text
        made = await browser.post(
            "/v1/apiKeys",
            json={"displayName": "schemathesis"},
            headers={"x-csrf-token": browser.cookies["rapport_csrf"]},
        )
        assert made.status_code == 200, made.text
        return str(made.json()["secret"])


async def described(stack: Stack) -> dict[str, Any]:
    """The suite's own description with one of its doors: schemathesis would knock at all of them at once."""
    async with httpx2.AsyncClient(base_url=stack.address) as client:
        document: dict[str, Any] = (await client.get("/openapi.json")).json()
    schemes = document["components"]["securitySchemes"]
    document["components"]["securitySchemes"] = {"apiKey": schemes["apiKey"]}
    for item in document["paths"].values():
        for operation in item.values():
            operation["security"] = [one for one in operation["security"] if "apiKey" in one]
    return document


def lists(document: dict[str, Any]) -> set[str]:
    """The paths of lists that can be asked for without knowing anything."""
    parameters = {path: item["get"].get("parameters", []) for path, item in document["paths"].items() if "get" in item}
    return {
        path
        for path, known in parameters.items()
        if not any(each.get("required") for each in known)
        and {each.get("name") for each in known} & {"page_size", "pageSize"}
    }


async def test_schemathesis_finds_nothing(stack: Stack, tmp_path: Path) -> None:
    key = await admin_key(stack)
    document = await described(stack)
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    (tmp_path / "schemathesis.toml").write_text(CONFIGURATION)
    arguments = ["run", "openapi.json", "--url", stack.address, "-H", f"X-Api-Key: {key}", "--seed", "7"]
    arguments += ["--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--max-time", str(SECONDS)]
    arguments += ["--request-timeout", "15", "--suppress-health-check", "all", "--no-color", "--warnings", "off"]
    arguments += ["--report", "har", "--report-har-path", "calls.har"]

    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "schemathesis.cli",
        *arguments,
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), SECONDS + 90)

    assert process.returncode == 0, output.decode()
    calls = json.loads((tmp_path / "calls.har").read_text())["log"]["entries"]
    accepted = {urlsplit(call["request"]["url"]).path for call in calls if call["response"]["status"] == 200}
    assert lists(document), "the document has lists"
    assert lists(document) - accepted == set(), "what was sent never got past the door"
