"""Whoever asks by the id of a merged person is answered for, and acts on, the person they became (CON-18)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest_asyncio

from tests.callers import Tenant
from tests.people import created, got, posted, violations, word

EMAIL, MOBILE = {"email": {"address": "grace@former.example"}}, {"phone": {"number": "+491711234567"}}


@pytest_asyncio.fixture(loop_scope="session")
async def rest(tenant: Tenant) -> AsyncIterator[httpx2.AsyncClient]:
    async with tenant.admin.rest() as client:
        yield client


async def two_ids(rest: httpx2.AsyncClient, **person: Any) -> tuple[str, str]:
    """The id of somebody, and a former one."""
    one, other = await created(rest, **person), await created(rest)
    await posted(rest, f"people/{one['id']}:merge", {"ids": [other["id"]]})
    return one["id"], other["id"]


async def asked(rest: httpx2.AsyncClient, path: str, **params: str) -> dict[str, Any]:
    return await got(rest, f"people/{path}", params)


async def test_con_18_what_somebody_prefers_is_told_by_a_former_id_too(rest: httpx2.AsyncClient) -> None:
    now, former = await two_ids(rest, channels=[EMAIL, MOBILE])
    key = {"key": word().lower(), "displayName": "Diet", "valueType": "PREFERENCE_TYPE_TEXT"}
    await posted(rest, "preferenceKeys", key)
    said = {"personId": now, "key": key["key"], "value": "vegan", "source": "PROVENANCE_CUSTOMER"}
    preference = await posted(rest, "preferences", said)
    (counting,) = (await asked(rest, f"{former}:resolvePreferences"))["preferences"]
    assert counting["id"] == preference["id"]
    call = {"personId": now, "channel": "CONTACT_CHANNEL_PHONE", "attemptTime": "2026-03-01T09:00:00Z"}
    made = await posted(rest, "contactAttempts", call)
    await rest.patch(f"/v1/contactAttempts/{made['id']}", json={"respondTime": "2026-03-01T09:05:00Z"})
    wanted = {"purpose": "PURPOSE_SERVICE", "at": "2026-04-01T00:00:00Z"}
    choices = [await asked(rest, f"{id_}:chooseChannel", **wanted) for id_ in (now, former)]
    assert choices[0] == choices[1]
    assert choices[0]["reason"] == "CHOICE_REASON_RESPONSES"


async def test_con_18_what_is_there_once_is_there_once_by_either_id(rest: httpx2.AsyncClient) -> None:
    now, former = await two_ids(rest)
    first = await posted(rest, "acquisitions", {"personId": now, "source": "ACQUISITION_SOURCE_EVENT"})
    later = await posted(rest, "acquisitions", {"personId": former, "source": "ACQUISITION_SOURCE_EVENT"})
    assert (first["firstTouch"], later.get("firstTouch", False)) == (True, False)
    await posted(rest, "favourites", {"personId": now})
    assert (await rest.post("/v1/favourites", json={"personId": former})).json()["reason"] == "FAVOURITE_EXISTS"
    twins = {"personId": now, "toPersonId": former, "type": "RELATION_TYPE_SIBLING"}
    refused = await rest.post("/v1/relations", json=twins)
    assert (refused.status_code, violations(refused)) == (400, {"relation.to_person_id": "SAME_PERSON"})
