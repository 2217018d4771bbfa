"""Notes through REST: what CON-16 promises of them, above all who reads them."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
import pytest_asyncio

from rapport.identity.v1 import business_units_pb2, teams_pb2
from tests.callers import Caller, Tenant
from tests.people import created, posted, violations


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def team_id(tenant: Tenant) -> str:
    unit = await tenant.admin.business_unit.create_business_unit(
        business_units_pb2.CreateBusinessUnitRequest(business_unit=business_units_pb2.BusinessUnit(display_name="Unit"))
    )
    team = await tenant.admin.team.create_team(
        teams_pb2.CreateTeamRequest(team=teams_pb2.Team(display_name="Team", business_unit_id=unit.id))
    )
    return str(team.id)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def readers(tenant: Tenant, team_id: str) -> dict[str, Caller]:
    return {
        "author": await tenant.user("rep", team_id=team_id),
        "teammate": await tenant.user("rep", team_id=team_id),
        "marketer": await tenant.user("marketer"),
        "admin": tenant.admin,
    }


async def written(rest: httpx2.AsyncClient, **note: Any) -> dict[str, Any]:
    return await posted(rest, "notes", {"body": "**Likes** tea."} | note)


@pytest.mark.parametrize(
    ("visibility", "expected"),
    [
        ("PRIVATE", {"author"}),
        ("TEAM", {"author", "teammate"}),
        ("ALL", {"author", "teammate", "marketer", "admin"}),
    ],
)
async def test_con_16_a_note_is_read_by_those_it_is_for_and_by_nobody_else(
    visibility: str, expected: set[str], readers: dict[str, Caller]
) -> None:
    async with readers["author"].rest() as author:
        person = await created(author)
        note = await written(author, personId=person["id"], visibility=f"NOTE_VISIBILITY_{visibility}")
    seen: dict[str, set[str]] = {"get": set(), "list": set(), "change": set()}
    for name, reader in readers.items():
        async with reader.rest() as mine:
            if (await mine.get(f"/v1/notes/{note['id']}")).status_code == 200:
                seen["get"].add(name)
            page = (await mine.get("/v1/notes", params={"filter": f'person_id = "{person["id"]}"'})).json()
            if [each["id"] for each in page.get("notes", [])] == [note["id"]]:
                seen["list"].add(name)
            if (await mine.patch(f"/v1/notes/{note['id']}", json={"pinned": True})).status_code == 200:
                seen["change"].add(name)
    assert seen == {"get": expected, "list": expected, "change": expected}


async def test_con_16_a_count_does_not_tell_of_private_notes(readers: dict[str, Caller]) -> None:
    async with readers["author"].rest() as author, readers["admin"].rest() as admin:
        person = await created(author)
        await written(author, personId=person["id"], visibility="NOTE_VISIBILITY_PRIVATE")
        asked = {"filter": f'person_id = "{person["id"]}"', "includeTotalSize": "true"}
        own = (await author.get("/v1/notes", params=asked)).json()
        others = (await admin.get("/v1/notes", params=asked)).json()
    assert (own["totalSize"], others.get("totalSize", 0)) == (1, 0)


async def test_con_16_a_note_comes_back_as_it_was_written(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    person = await created(rest)
    body = "# Tea\n\n- *green*\n- <script>x</script>\n"
    made = await written(
        rest, body=body, personId=person["id"], pinned=True, mentions=[tenant.admin.id, tenant.admin.id]
    )
    read = (await rest.get(f"/v1/notes/{made['id']}")).json()
    assert read == made
    assert (read["body"], read["pinned"], read["mentions"]) == (body, True, [tenant.admin.id])
    assert (read["visibility"], read["ownerId"]) == ("NOTE_VISIBILITY_ALL", tenant.admin.id)


async def test_con_16_a_note_has_bounds(rest: httpx2.AsyncClient) -> None:
    person_id = (await created(rest))["id"]
    longest = await written(rest, body="é" * 100_000, personId=person_id)
    too_long = await rest.post("/v1/notes", json={"body": "x" * 100_001, "personId": person_id})
    stranger = await rest.post(
        "/v1/notes", json={"body": "x", "personId": person_id, "mentions": ["01890a5d-ac96-774b-bcce-b302099a8057"]}
    )
    assert len(longest["body"]) == 100_000
    assert violations(too_long) == {"note.body": "TOO_LONG"}
    assert violations(stranger) == {"note.mentions[0]": "USER_UNKNOWN"}


async def test_con_16_an_integration_keeps_no_private_notes(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    person, integration = await created(rest), await tenant.service_account("integration")
    async with integration.rest(headers={"authorization": f"Bearer {integration.bearer}"}) as mine:
        asked = {"body": "x", "personId": person["id"], "visibility": "NOTE_VISIBILITY_PRIVATE"}
        answer = await mine.post("/v1/notes", json=asked)
    assert violations(answer) == {"note.visibility": "NO_READER"}
