"""What was posted to timelines, taken out and restored: as it was, and once (PLT-15)."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.callers import Suite
from tests.people import created, posted
from tests.records import backwards, restored, taken_out
from tests.timelines import caught_up, checksum, entries, logged, noted, rebuild

Entry = dict[str, Any]


async def corrected(rest: httpx2.AsyncClient, entry: Entry, **said: Any) -> Entry:
    return await posted(rest, f"timelineEntries/{entry['id']}:correct", said)


async def timeline(rest: httpx2.AsyncClient, person_id: str) -> list[Entry]:
    """All of it, what was corrected too; but for when the service made its own entries."""
    found = await entries(rest, person_id, showCorrected="true")
    return [each if each["kind"] in ("fair", "Fair") else each | {"recordTime": ""} for each in found]


@pytest.mark.parametrize("order", [backwards, list], ids=["as told", "the other way round"])
async def test_plt_15_a_timeline_comes_back_with_what_was_posted_to_it(suite: Suite, order: Any) -> None:
    one, other = await suite.open_tenant("posted"), await suite.open_tenant("back")
    async with one.admin.rest() as old, other.admin.rest() as new:
        person = (await created(old))["id"]
        await logged(old, person, "Called", "2022-01-01T10:00:00Z")
        await posted(old, "notes", {"personId": person, "body": "Likes tea"})
        deal = {"type": "sales.rapport/Opportunity", "id": "0198c000-0000-7000-8000-000000000001"}
        told = {"channel": "visit", "direction": "inbound", "record": deal}
        first = await noted(one, old, person, "At our stand", **told)
        second = await noted(one, old, person, "Never was there", **told)
        await noted(one, old, person, "Bought tea", kind="Fair")
        await corrected(old, first, summary="At our big stand", occurTime="2021-02-03T10:00:00Z")
        await corrected(old, second, retract=True)
        await caught_up(suite.stack.admin_urls, one.id)
        (made,) = await entries(old, person, kinds="record")
        await corrected(old, made, summary="Came to us")
        await caught_up(suite.stack.admin_urls, one.id)
        records = await taken_out(old)
        assert sum("timelineEntry" in each for each in records) == 6

        answer = await restored(new, *order(records))
        assert answer.json() == {"restoredCount": len(records)}, answer.text
        await caught_up(suite.stack.admin_urls, other.id)
        expected = [each | {"actorId": ""} for each in await timeline(old, person)]
        assert [each | {"actorId": ""} for each in await timeline(new, person)] == expected
        said = {each["id"]: each for each in await entries(old, person, showCorrected="true")}
        for each in await entries(new, person, kinds=["fair", "Fair"], showCorrected="true"):
            assert each == said[each["id"]], "actor and times are those of before"

        assert (await restored(new, *order(records))).json() == {"keptCount": len(records)}
        assert [each for each in await taken_out(new) if "timelineEntry" in each] == [
            each for each in records if "timelineEntry" in each
        ]


async def test_plt_15_a_restored_entry_can_be_corrected_and_is_built_again(suite: Suite) -> None:
    one, other = await suite.open_tenant("stand"), await suite.open_tenant("stands")
    async with one.admin.rest() as old, other.admin.rest() as new:
        person = (await created(old))["id"]
        await logged(old, person, "Called", "2022-01-01T10:00:00Z")
        await noted(one, old, person, "Bought tea")
        entry = await noted(one, old, person, "At our stand")
        await restored(new, *backwards(await taken_out(old)))
        await corrected(new, entry, summary="At our big stand")
        await caught_up(suite.stack.admin_urls, other.id)
        shown = {each["summary"] for each in await entries(new, person, kinds="fair")}
        assert shown == {"Bought tea", "At our big stand"}
        before = await checksum(other)
        await rebuild(other)
        assert await checksum(other) == before, "what was restored is among the events, too"


async def test_plt_15_an_entry_of_whoever_was_erased_is_not_built_again(suite: Suite) -> None:
    one, other = await suite.open_tenant("erase"), await suite.open_tenant("erased")
    async with one.admin.rest() as old, other.admin.rest() as new:
        person = (await created(old))["id"]
        await noted(one, old, person, "At our stand")
        records = backwards(await taken_out(old))
        await restored(new, *records)
        assert (await new.post(f"/v1/people/{person}:erase", json={})).status_code == 200
        await rebuild(other)
        await caught_up(suite.stack.admin_urls, other.id)
        assert await taken_out(new) == []
