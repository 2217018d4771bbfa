"""Imports through REST: files go in, people come out, and everything can be taken back (PLT-14, PLT-16)."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from rapport.identity.v1 import roles_pb2
from tests.callers import Suite, Tenant
from tests.imports import counts, faults, imported, people, run, upload

PEOPLE = (
    "Vorname,Nachname,E-Mail,Telefon,Firma,Geburtsdatum,Kundennummer\n"
    "Zoë,Bär,zoe@example.org,+442079460100,Engines,29.02.1980,K1\n"
    "Émile,Noir,emile@example.org,,Engines,,K2\n"
    "Bad,Mail,no-address,,,,K3\n"
    "Bad,Day,day@example.org,,,31.02.1990,K4\n"
    "Zoe,Double,other@example.org,,,,K1\n"
)


@pytest_asyncio.fixture(loop_scope="session")
async def company(suite: Suite) -> Tenant:
    return await suite.open_tenant("imports", locale="en-AU")


@pytest_asyncio.fixture(loop_scope="session")
async def rest(company: Tenant) -> AsyncIterator[httpx2.AsyncClient]:
    async with company.admin.rest() as client:
        yield client


async def test_plt_14_a_file_is_understood_checked_imported_and_undone(rest: httpx2.AsyncClient) -> None:
    job = await upload(rest, PEOPLE.encode("cp1252"), file_name="kunden.csv", source="shop")
    targets = {each["column"]: each["target"] for each in job["mapping"]}
    assert (job["encoding"], job["state"]) == ("cp1252", "IMPORT_STATE_DRAFT")
    assert (targets["Vorname"], targets["Kundennummer"]) == ("given_name", "external_id[shop]")

    checked = await run(rest, job, "validate")
    assert (checked["state"], counts(checked)) == ("IMPORT_STATE_DRAFT", [5, 2, 0, 1, 2])
    assert await people(rest) == []

    done = await run(rest, job)
    assert (done["state"], counts(done)) == ("IMPORT_STATE_COMPLETED", [5, 2, 0, 1, 2])
    zoe, emile = await people(rest)
    assert (zoe["givenName"], zoe["birthDate"]) == ("Zoë", {"year": 1980, "month": 2, "day": 29})
    assert zoe["organisationId"] == emile["organisationId"]
    assert zoe["ownerId"] == job["ownerId"]
    assert {each["normalized"] for each in zoe["channels"]} == {"zoe@example.org", "+442079460100"}

    undone = await run(rest, job, "undo")
    assert (undone["state"], int(undone["undoneCount"]), int(undone.get("leftCount", 0))) == (
        "IMPORT_STATE_UNDONE",
        3,
        0,
    )
    assert await people(rest) == []
    again = await imported(rest, PEOPLE.encode(), source="shop")
    assert counts(again) == [5, 2, 0, 1, 2]


async def test_plt_14_refused_rows_come_back_as_a_file_that_can_be_put_right(rest: httpx2.AsyncClient) -> None:
    rows = 'given_name,email\n=Evil(),nothing\nGood,good@example.org\nBad,"bro"ken\n'
    job = await imported(rest, rows.encode())
    answer = await rest.get(f"/v1/importJobs/{job['id']}:downloadFaults")
    found = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-type"].startswith("text/csv")
    assert [(row["row"], row["column"], row["reason"]) for row in found] == [
        ("2", "email", "INVALID_EMAIL"),
        ("4", "", "BROKEN_QUOTING"),
    ]
    assert (found[0]["given_name"], found[0]["email"]) == ("'=Evil()", "nothing")
    path, asked = f"/v1/importJobs/{job['id']}/faults", {"page_size": "1"}
    first = (await rest.get(path, params=asked)).json()
    second = (await rest.get(path, params=asked | {"page_token": first["nextPageToken"]})).json()
    assert [fault["reason"] for fault in first["faults"] + second["faults"]] == ["INVALID_EMAIL", "BROKEN_QUOTING"]
    assert not second.get("nextPageToken")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("SKIP", ("Ada", "", 1)),
        ("FILL_BLANKS", ("Ada", "Boss", 2)),
        ("OVERWRITE", ("Augusta", "Boss", 2)),
        ("LINK_BY_EXTERNAL_ID", ("Augusta", "Boss", 2)),
    ],
)
async def test_plt_14_a_policy_says_what_happens_to_known_people(
    rest: httpx2.AsyncClient, policy: str, expected: tuple[str, str, int]
) -> None:
    key = policy.lower()
    body = {
        "givenName": "Ada",
        "familyName": f"Of{key}",
        "externalIds": [{"system": "erp", "value": key}],
        "channels": [{"email": {"address": f"{key}@example.org"}}],
    }
    made = (await rest.post("/v1/people", json=body)).json()
    rows = f"given_name,job_title,email[work],external_id[erp]\nAugusta,Boss,{key}.2@example.org,{key}\n"
    job = await imported(rest, rows.encode(), {"policy": f"IMPORT_POLICY_{policy}"})
    after = (await rest.get(f"/v1/people/{made['id']}")).json()
    assert (after["givenName"], after.get("jobTitle", ""), len(after["channels"])) == expected
    assert sum(counts(job)[1:]) == 1
    await run(rest, job, "undo")
    back = (await rest.get(f"/v1/people/{made['id']}")).json()
    volatile = {"etag", "updateTime", "channels"}
    assert {key: value for key, value in back.items() if key not in volatile} == {
        key: value for key, value in made.items() if key not in volatile
    }
    assert [each["normalized"] for each in back["channels"]] == [f"{key}@example.org"]


async def test_plt_14_what_was_edited_since_an_import_is_left_by_its_undo(rest: httpx2.AsyncClient) -> None:
    job = await imported(rest, b"given_name,family_name\nEdited,Undo\nUntouched,Undo\n")
    edited, _ = sorted(await people(rest, 'family_name = "Undo"'), key=lambda one: str(one["givenName"]))
    await rest.patch(f"/v1/people/{edited['id']}", json={"jobTitle": "Kept"})
    undone = await run(rest, job, "undo")
    assert (int(undone["undoneCount"]), int(undone.get("leftCount", 0))) == (1, 1)
    assert [one["givenName"] for one in await people(rest, 'family_name = "Undo"')] == ["Edited"]


async def test_plt_14_a_mapping_is_remembered_for_files_with_the_same_columns(rest: httpx2.AsyncClient) -> None:
    content = b"Who,What\nAda,Countess\n"
    mapping = [{"column": "Who", "target": "given_name"}, {"column": "What", "target": "job_title"}]
    first = await upload(rest, content)
    assert all(not each.get("target") for each in first["mapping"])
    refused = await rest.post(f"/v1/importJobs/{first['id']}:start", json={})
    assert refused.json()["reason"] == "IMPORT_NOT_MAPPED"
    await imported(rest, content, {"mapping": mapping})
    assert (await upload(rest, content))["mapping"] == mapping


async def test_plt_14_a_remembered_mapping_takes_the_ids_of_one_source_for_no_others(rest: httpx2.AsyncClient) -> None:
    shops = [b"given_name,family_name,Id,No\n%s,Of Shop,1,%s\n" % (name, name) for name in (b"Ada", b"Grace")]
    mapping = {"given_name": "given_name", "family_name": "family_name", "Id": "external_id[one]", "No": "job_title"}
    change = {"mapping": [{"column": column, "target": target} for column, target in mapping.items()]}
    assert counts(await imported(rest, shops[0], change, source="one")) == [1, 1, 0, 0, 0]
    other = await upload(rest, shops[1], source="two")
    assert {each["column"]: each["target"] for each in other["mapping"]} == mapping | {"Id": "external_id[two]"}
    assert counts(await run(rest, other)) == [1, 1, 0, 0, 0], "somebody else with the same number in another shop"
    again = await upload(rest, shops[0])
    assert again["mapping"] == other["mapping"]


@pytest.mark.parametrize(
    ("target", "reason"), [("nonsense", "UNKNOWN_TARGET"), ("email[", "UNKNOWN_TARGET"), ("given_name", "DUPLICATE")]
)
async def test_plt_14_a_mapping_to_what_is_none_is_refused(rest: httpx2.AsyncClient, target: str, reason: str) -> None:
    job = await upload(rest, b"First name,Other\nAda,x\n")
    mapping = [{"column": "First name", "target": "given_name"}, {"column": "Other", "target": target}]
    answer = await rest.patch(f"/v1/importJobs/{job['id']}", json={"mapping": mapping})
    assert (answer.status_code, answer.json()["reason"]) == (400, reason)


async def created(rest: httpx2.AsyncClient, kind: str, **fields: Any) -> dict[str, Any]:
    answer = await rest.post(f"/v1/{kind}", json=fields)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_plt_14_a_row_that_only_the_database_refuses_costs_no_other(rest: httpx2.AsyncClient) -> None:
    ids = [[{"system": "erp", "value": name}] for name in ("one", "two")]
    for taken in ids:
        await created(rest, "people", givenName="Ada", familyName="Unfit", externalIds=taken)
    rows = [f"Ada {n},Unfit,e{n},c{n}," for n in range(20)]
    rows[3] = "Two,Unfit,one,c3,"
    rows[4] = "Two,Unfit,one,c3,"
    rows[9] = "Nul,Unfit,e9,c9,Bad\0 Ltd"
    rows[17] = "Both,Unfit,two,c2,"
    header = "given_name,family_name,external_id[erp],external_id[crm],company"
    change = {"policy": "IMPORT_POLICY_FILL_BLANKS"}
    job = await imported(rest, "\n".join([header, *rows]).encode(), change)
    assert await faults(rest, job) == [(11, "company", "CONTROL_CHARACTER"), (19, "", "ALREADY_EXISTS")]
    assert counts(job) == [20, 16, 1, 1, 2]
    assert len(await people(rest, 'family_name = "Unfit"')) == 18


async def test_plt_14_an_undo_leaves_what_cannot_be_taken_back_and_goes_on(rest: httpx2.AsyncClient) -> None:
    before = await created(
        rest,
        "people",
        givenName="Ada",
        familyName="Renamed",
        externalIds=[{"system": "crm", "value": "old"}],
        channels=[{"email": {"address": "renamed@example.org"}}],
    )
    rows = (
        "given_name,family_name,email,external_id[crm],company\nAda,Renamed,renamed@example.org,new,\n"
        "Bob,Left,,b,Needed One\nBea,Left,,c,Needed Two\n"
    )
    job = await imported(rest, rows.encode(), {"policy": "IMPORT_POLICY_OVERWRITE"})
    assert counts(job) == [3, 2, 1, 0, 0]
    await created(rest, "people", givenName="Took", familyName="Name", externalIds=[{"system": "crm", "value": "old"}])
    for one in await people(rest, 'family_name = "Left"'):
        await rest.patch(f"/v1/people/{one['id']}", json={"jobTitle": "Kept"})
    undone = await run(rest, job, "undo")
    assert (undone["state"], undone.get("undoneCount", 0), undone["leftCount"]) == ("IMPORT_STATE_UNDONE", 0, "5")
    assert sorted(await faults(rest, job)) == [(2, "", "LEFT"), *[(3, "", "LEFT")] * 2, *[(4, "", "LEFT")] * 2]
    after = (await rest.get(f"/v1/people/{before['id']}")).json()
    assert after["externalIds"] == [{"system": "crm", "value": "new"}]


async def test_plt_14_a_link_by_external_id_leads_to_whom_two_were_merged_into(rest: httpx2.AsyncClient) -> None:
    kept, lost = [
        await created(
            rest, "people", givenName=name, familyName="Merged", externalIds=[{"system": "erp", "value": f"M-{name}"}]
        )
        for name in ("Kept", "Lost")
    ]
    await created(rest, f"people/{kept['id']}:merge", ids=[lost["id"]])
    rows = "job_title,given_name,external_id[erp]\nCountess,Kept,M-Lost\n"
    job = await imported(rest, rows.encode(), {"policy": "IMPORT_POLICY_LINK_BY_EXTERNAL_ID"})
    assert (counts(job), await faults(rest, job)) == ([1, 0, 1, 0, 0], [])
    assert (await rest.get(f"/v1/people/{kept['id']}")).json()["jobTitle"] == "Countess"


async def test_plt_14_organisations_that_are_known_are_not_made_again(rest: httpx2.AsyncClient) -> None:
    rows = b"display_name,website\nOrchard Analytics,https://orchard.example\nKestrel Ltd,https://kestrel.example\n"
    assert counts(await imported(rest, rows, resource="IMPORTED_RESOURCE_ORGANISATION"))[:4] == [2, 2, 0, 0]
    assert counts(await imported(rest, rows, resource="IMPORTED_RESOURCE_ORGANISATION"))[:4] == [2, 0, 0, 2]


async def test_plt_14_only_who_may_make_organisations_makes_them_by_an_import(company: Tenant) -> None:
    grants = [
        roles_pb2.Grant(permission=permission, scope=roles_pb2.SCOPE_ALL)
        for permission in ("contact.import_jobs.*", "contact.people.*")
    ]
    role = roles_pb2.Role(key="people-only", display_name="People only", grants=grants)
    await company.admin.role.create_role(roles_pb2.CreateRoleRequest(role=role))
    rows = b"given_name,family_name,company\nAda,Alone,\nBob,Employed,Nobody's Ltd\n"
    async with (await company.user("people-only")).rest() as rest:
        job = await imported(rest, rows)
    assert counts(job) == [2, 1, 0, 0, 1]
    async with company.admin.rest() as rest:
        assert await faults(rest, job) == [(3, "company", "ORGANISATION_UNKNOWN")]
        job = await imported(rest, rows)
    assert (counts(job)[0], counts(job)[4]) == (2, 0)
