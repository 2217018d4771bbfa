"""Exports through REST: what may be listed goes out as a file, and comes back as it was (PLT-15)."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from rapport.contact.v1 import events_pb2, exports_pb2, imports_pb2
from rapport.identity.v1 import api_keys_pb2, roles_pb2
from rapport_contact.handlers import exports
from rapport_kit.cli import build
from rapport_kit.errors import TooLate
from tests.callers import Caller, Suite, Tenant
from tests.databases import rows
from tests.eventually import eventually
from tests.walls import locked_table

EVIL = '=HYPERLINK("http://evil.example";"\'")'
PEOPLE: list[dict[str, Any]] = [
    {
        "givenName": "Zoë",
        "familyName": EVIL,
        "gender": "diverse",
        "birthDate": {"month": 2, "day": 29},
        "kind": "PERSON_KIND_PRESS",
        "locale": "de-AT",
        "externalIds": [{"system": "erp", "value": "007"}, {"system": "shop", "value": "+7"}],
        "annotations": {"note": "two\nlines; 'quoted'", "-": "=1"},
        "channels": [
            {"email": {"address": "zoe@example.org"}, "label": "work", "verifiedTime": "2024-02-29T10:00:00Z"},
            {"email": {"address": "zoe@home.example"}, "label": "home", "primary": True, "optedOut": True},
            {"phone": {"number": "+44 20 7946 0100"}, "label": "Büro"},
            {"phone": {"number": "020 7946 0101", "region": "GB"}, "label": "old", "validTo": "2020-01-01T00:00:00Z"},
            {"postal": {"lines": ["1 High St", "Flat 2"], "city": "Bath", "postcode": "BA1", "country": "GB"}},
            {"social": {"network": "mastodon", "handle": "@zoe"}},
        ],
    },
    {"displayName": "Ada", "lifecycleStage": "LIFECYCLE_STAGE_LEAD", "timeZone": "Europe/Vienna", "jobTitle": "@boss"},
]
ORGANISATION = {
    "displayName": "-Engines, Ltd",
    "legalName": "Engines Limited",
    "domains": ["engines.example"],
    "sizeBand": "SIZE_BAND_11_TO_50",
    "annualRevenue": {"currencyCode": "EUR", "units": "12", "nanos": 500000000},
    "taxIds": [{"country": "GB", "value": "GB1"}],
    "channels": [{"website": {"uri": "https://engines.example"}, "label": "shop"}],
}
PATIENCE = 0.5
"""Seconds that whoever is slow to take an export has given it."""
FORMATS = ("CSV", "XLSX", "VCARD", "PARQUET")
NEW = {"id", "etag", "createTime", "updateTime", "ownerId", "teamId", "organisationId", "source", "normalized"}
"""What an import gives anew, or follows from the rest."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def source(suite: Suite) -> Tenant:
    """A tenant with people and an organisation."""
    tenant = await suite.open_tenant("export")
    async with tenant.admin.rest() as rest:
        made = await rest.post("/v1/organisations", json=ORGANISATION)
        for person in PEOPLE:
            answer = await rest.post("/v1/people", json=person | {"organisationId": made.json()["id"]})
            assert answer.status_code == 200, answer.text
    return tenant


@pytest_asyncio.fixture(loop_scope="session")
async def rest(source: Tenant) -> AsyncIterator[httpx2.AsyncClient]:
    async with source.admin.rest() as client:
        yield client


async def exported(rest: httpx2.AsyncClient, resource: str = "people", **query: Any) -> httpx2.Response:
    answer = await rest.get(f"/v1/{resource}:export", params=query)
    assert answer.status_code == 200, answer.text
    return answer


async def table(rest: httpx2.AsyncClient, **query: Any) -> list[dict[str, str]]:
    text = (await exported(rest, **query)).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def kept(record: Any) -> Any:
    """A record without what is new, in an order."""
    if isinstance(record, dict):
        return {name: kept(value) for name, value in record.items() if name not in NEW}
    return sorted(map(kept, record), key=str) if isinstance(record, list) else record


async def listed(rest: httpx2.AsyncClient, resource: str) -> list[dict[str, Any]]:
    return list((await rest.get(f"/v1/{resource}", params={"page_size": 1000})).json().get(resource, []))


async def bring_in(rest: httpx2.AsyncClient, content: bytes, resource: str) -> dict[str, Any]:
    query = {"resource": f"IMPORTED_RESOURCE_{resource}"}
    job = (await rest.post("/v1/importJobs:upload", params=query, content=content)).json()
    assert [each for each in job.get("mapping", []) if not each.get("target")] == [], "every column is understood"
    await rest.post(f"/v1/importJobs/{job['id']}:start", json={})
    async with rest.stream("GET", f"/v1/importJobs/{job['id']}:watch") as stream:
        told = [json.loads(line[5:]) async for line in stream.aiter_lines() if line.startswith("data:")]
    return dict(told[-1])


@pytest.mark.parametrize("file_format", FORMATS)
async def test_plt_15_what_is_exported_is_equal_in_the_tenant_that_imports_it(
    suite: Suite, rest: httpx2.AsyncClient, file_format: str
) -> None:
    other = await suite.open_tenant("import")
    query = {"file_format": f"FILE_FORMAT_{file_format}"}
    async with other.admin.rest() as there:
        if file_format != "VCARD":
            file = await exported(rest, "organisations", **query)
            assert (await bring_in(there, file.content, "ORGANISATION"))["state"] == "IMPORT_STATE_COMPLETED"
        file = await exported(rest, **query)
        done = await bring_in(there, file.content, "PERSON")
        assert (done["state"], int(done["createdCount"])) == ("IMPORT_STATE_COMPLETED", len(PEOPLE)), done
        assert kept(await listed(there, "people")) == kept(await listed(rest, "people"))
        organisations = await listed(there, "organisations")
        assert [each["displayName"] for each in organisations] == ["-Engines, Ltd"]
        assert file_format == "VCARD" or kept(organisations) == kept(await listed(rest, "organisations"))
        assert {each["organisationId"] for each in await listed(there, "people")} == {organisations[0]["id"]}


@pytest.mark.parametrize(
    ("file_format", "content_type", "name"),
    [
        ("CSV", "text/csv; charset=utf-8", "people.csv"),
        ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "people.xlsx"),
        ("VCARD", "text/vcard; charset=utf-8", "people.vcf"),
        ("PARQUET", "application/vnd.apache.parquet", "people.parquet"),
    ],
)
async def test_plt_15_a_file_says_what_it_is(
    rest: httpx2.AsyncClient, file_format: str, content_type: str, name: str
) -> None:
    answer = await exported(rest, file_format=f"FILE_FORMAT_{file_format}")
    assert answer.headers["content-type"] == content_type
    assert f'filename="{name}"' in answer.headers["content-disposition"]


async def test_plt_15_filter_order_and_columns_are_obeyed(rest: httpx2.AsyncClient) -> None:
    columns = ["family_name", "email[work]", "phone"]
    found = await table(rest, filter='gender = "diverse"', columns=columns)
    assert found == [{"family_name": f"'{EVIL}", "email[work]": "zoe@example.org", "phone": "'+44 20 7946 0100"}]
    ordered = await table(rest, order_by="display_name", columns=["display_name", "organisation"])
    assert [(row["display_name"], row["organisation"]) for row in ordered] == [
        ("Ada", "'-Engines, Ltd"),
        (f"Zoë {EVIL}", "'-Engines, Ltd"),
    ]
    assert await table(rest, filter='given_name = "Nobody"') == []


@pytest.mark.parametrize(
    ("query", "field", "reason"),
    [
        ({"columns": ["given_name", "shoe_size"]}, "columns[1]", "UNKNOWN_COLUMN"),
        ({"filter": "shoe_size = 1"}, "filter", "INVALID_FILTER"),
        ({"order_by": "gender"}, "order_by", "INVALID_ORDER_BY"),
    ],
)
async def test_plt_15_what_cannot_be_exported_is_named(
    rest: httpx2.AsyncClient, query: dict[str, Any], field: str, reason: str
) -> None:
    answer = await rest.get("/v1/people:export", params=query)
    assert (answer.status_code, answer.json()["reason"]) == (400, reason)
    assert [each["field"] for each in answer.json()["violations"]] == [field]


async def test_plt_15_there_are_no_cards_of_organisations(rest: httpx2.AsyncClient) -> None:
    answer = await rest.get("/v1/organisations:export", params={"file_format": "FILE_FORMAT_VCARD"})
    assert (answer.status_code, answer.json()["reason"]) == (400, "NOT_FOR_ORGANISATIONS")


SCOPES = {"all": roles_pb2.SCOPE_ALL, "own": roles_pb2.SCOPE_OWN}


async def with_scopes(tenant: Tenant, export: str, lists: str) -> Caller:
    """A user who may export so far, and list so far."""
    scopes = {"create": "own", "export": export, "list": lists, "get": lists}
    grants = [
        roles_pb2.Grant(permission=f"contact.people.{verb}", scope=SCOPES[scope]) for verb, scope in scopes.items()
    ]
    grants.append(roles_pb2.Grant(permission="identity.api_keys.*", scope=roles_pb2.SCOPE_OWN))
    role = roles_pb2.Role(key=f"exports-{export}-lists-{lists}", display_name="Exports", grants=grants)
    await tenant.admin.role.create_role(roles_pb2.CreateRoleRequest(role=role))
    return await tenant.user(role.key)


@pytest.mark.parametrize(("export", "lists"), [("own", "all"), ("all", "own")])
async def test_plt_15_nobody_exports_more_than_they_may_list_or_may_export(
    source: Tenant, export: str, lists: str
) -> None:
    caller = await with_scopes(source, export, lists)
    async with caller.rest() as rest:
        await rest.post("/v1/people", json={"displayName": f"Mine {export}"})
        found = await table(rest, columns=["display_name", "organisation"])
        assert [(row["display_name"], row["organisation"]) for row in found] == [(f"Mine {export}", "")]


@pytest.mark.parametrize(("role", "status"), [("rep", 403), ("agent", 403), ("read_only", 403), ("marketer", 200)])
async def test_plt_15_exports_are_for_those_who_work_on_many_at_once(source: Tenant, role: str, status: int) -> None:
    async with (await source.user(role)).rest() as rest:
        for resource in ("people", "organisations"):
            assert (await rest.get(f"/v1/{resource}:export")).status_code == status


async def facts(suite: Suite, tenant: Tenant) -> list[tuple[str, Any]]:
    """What was told of exports, in order."""
    statement = "SELECT type, payload, actor FROM event WHERE tenant = $1 AND resource = $2 ORDER BY id"
    found = await rows(suite.stack, "contact", statement, UUID(tenant.id), "contact.rapport/Export")
    names = [row["type"].rpartition(".")[2] for row in found]
    assert {str(row["actor"]) for row in found} <= {tenant.admin.id}
    return [
        (name, getattr(events_pb2, name).FromString(row["payload"])) for name, row in zip(names, found, strict=True)
    ]


async def test_plt_15_an_export_leaves_a_trace_without_a_word_of_what_was_in_it(suite: Suite) -> None:
    tenant = await suite.open_tenant("audit")
    async with tenant.admin.rest() as rest:
        await rest.post("/v1/people", json={"displayName": "Seen"})
        await exported(rest, filter='display_name = "Seen"', columns=["display_name"])
    (begun, what), (ended, counted) = await facts(suite, tenant)
    assert (begun, list(what.columns)) == ("ExportBegun", ["display_name"])
    assert (ended, counted.row_count, counted.complete) == ("PeopleExported", 1, True)
    assert counted.export_id == what.export_id
    assert counted.file_format == what.file_format == imports_pb2.FILE_FORMAT_CSV
    assert b"Seen" not in what.SerializeToString() + counted.SerializeToString()


@pytest.mark.parametrize("gone", [True, False], ids=["its caller left", "its time is up"])
async def test_plt_15_a_download_that_is_cut_off_ends_and_is_told_of(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, *, gone: bool
) -> None:
    monkeypatch.setattr(exports, "ROWS", 1)
    tenant = await suite.open_tenant("gone")
    requests = [{"person": {"displayName": f"One {n}"}} for n in range(100)]
    async with tenant.admin.rest() as rest:
        assert (await rest.post("/v1/people:batchCreate", json={"requests": requests})).status_code == 200
    async with locked_table(suite.stack, "contact", "person") as lock:
        download = tenant.admin.export.export_people(exports_pb2.ExportPeopleRequest(), timeout=PATIENCE)
        assert (await anext(download)).file_name == "people.csv"
        await lock()
        if gone:
            await download.aclose()
        else:
            with pytest.raises(TooLate):
                [_ async for _ in download]

    async def ended() -> None:
        assert [name for name, _ in await facts(suite, tenant)] == ["ExportBegun", "PeopleExported"]

    await eventually(ended, AssertionError)
    (_, told) = (await facts(suite, tenant))[1]
    assert not told.complete


async def test_plt_15_rapport_export_writes_a_file_that_rapport_import_takes(
    suite: Suite, source: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for service in ("contact", "identity"):
        monkeypatch.setenv(f"RAPPORT_{service.upper()}_TARGET", suite.stack.target(service))
    other, commands, file = await suite.open_tenant("cli"), CliRunner(), tmp_path / "some.xlsx"

    async def rapport(caller: Caller, *arguments: str) -> Any:
        made = await caller.api_key.create_api_key(
            api_keys_pb2.CreateApiKeyRequest(api_key=api_keys_pb2.ApiKey(display_name="cli"))
        )
        monkeypatch.setenv("RAPPORT_API_KEY", made.secret)
        return await asyncio.to_thread(commands.invoke, build(), arguments)

    asked = ("export", "people", "--filter", 'display_name = "Ada"', "--columns", "display_name,job_title")
    told = await rapport(source.admin, *asked)
    assert (told.exit_code, told.stdout_bytes.decode("utf-8-sig")) == (0, "display_name,job_title\r\nAda,'@boss\r\n")
    assert (await rapport(source.admin, *asked, "--format", "xlsx", "-o", str(file))).exit_code == 0
    brought = await rapport(other.admin, "import", str(file))
    assert (brought.exit_code, "1 created" in brought.stdout) == (0, True), brought.output
    (tmp_path / "scan.csv").write_bytes(b"%PDF-1.7\n1 0 obj\n")
    brought = await rapport(other.admin, "import", str(tmp_path / "scan.csv"), str(file))
    assert brought.exit_code == 1
    assert "scan.csv: " in brought.stderr
    assert "is a PDF document" in brought.stderr
    assert "some.xlsx: 1 rows" in brought.stdout
    (tmp_path / "scan.csv").unlink()
    refused = await rapport(source.admin, "export", "people", "--columns", "shoe_size", "-o", str(tmp_path / "none"))
    assert refused.exit_code != 0
    assert [each.name for each in await asyncio.to_thread(lambda: [*tmp_path.iterdir()])] == ["some.xlsx"]
