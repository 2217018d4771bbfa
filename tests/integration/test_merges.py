"""Merging and parting people through REST (CON-18)."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2

from rapport.contact.v1 import events_pb2
from tests.callers import Tenant
from tests.people import about, created, facts, got, posted, violations, word
from tests.timelines import checksum, logged, rebuild, shows


def email(address: str) -> dict[str, Any]:
    return {"email": {"address": address}}


async def merged(rest: httpx2.AsyncClient, survivor_id: str, *ids: str, **more: Any) -> dict[str, Any]:
    return await posted(rest, f"people/{survivor_id}:merge", {"ids": ids} | more)


async def parted(rest: httpx2.AsyncClient, **which: str) -> dict[str, Any]:
    return await posted(rest, "people:unmerge", which)


UNSTABLE = {"etag", "updateTime", "duplicateCandidates"}


def known(person: dict[str, Any]) -> dict[str, Any]:
    """All of a person but what every write changes."""
    channels = [{key: value for key, value in each.items() if key != "id"} for each in person.get("channels", [])]
    return {key: value for key, value in person.items() if key not in UNSTABLE} | {"channels": channels}


async def test_con_18_three_mails_to_a_merged_person_are_theirs_again_when_unmerged(rest: httpx2.AsyncClient) -> None:
    a = await created(rest, jobTitle="Buyer", channels=[email("a@x.example")])
    b = await created(rest, jobTitle="Head of buying", channels=[email("b@x.example")])
    await merged(rest, a["id"], b["id"])
    mails = [
        await logged(rest, b["id"], f"Mail {n}", f"2031-01-0{n}T10:00:00Z", type="ACTIVITY_TYPE_EMAIL")
        for n in (1, 2, 3)
    ]
    ids = sorted(mail["id"] for mail in mails)
    assert await about(rest, "activities", "person_id", a["id"]) == ids
    await shows(rest, a["id"], ["Mail 3", "Mail 2", "Mail 1", "Merged with another record", "Created", "Created"])
    await parted(rest, personId=b["id"])
    assert known(await got(rest, f"people/{b['id']}")) == known(b)
    assert known(await got(rest, f"people/{a['id']}")) == known(a)
    assert await about(rest, "activities", "person_id", b["id"]) == ids
    assert await about(rest, "activities", "person_id", a["id"]) == []
    await shows(
        rest,
        b["id"],
        ["Mail 3", "Mail 2", "Mail 1", "Parted from another record", "Merged with another record", "Created"],
    )


async def test_con_18_people_under_different_legal_holds_are_not_merged(rest: httpx2.AsyncClient) -> None:
    a, b, c, free = [await created(rest, familyName=word()) for _ in range(4)]
    tax = {"reason": "Tax law", "kept": ["HELD_DATA_NOTES"]}
    for person, terms in ((a, tax), (b, tax), (c, tax | {"kept": ["HELD_DATA_TASKS"]})):
        await posted(rest, "legalHolds", {"personId": person["id"]} | terms)
    await merged(rest, a["id"], b["id"], free["id"])
    for verb in ("previewMerge", "merge"):
        refused = await rest.post(f"/v1/people/{c['id']}:{verb}", json={"ids": [a["id"]]})
        assert (refused.status_code, refused.json()["reason"]) == (400, "LEGAL_HOLDS_DIFFER")
    assert "mergedInto" not in await got(rest, f"people/{a['id']}")


async def test_con_18_an_old_id_answers_as_the_survivor(rest: httpx2.AsyncClient) -> None:
    a, b = await created(rest), await created(rest)
    await merged(rest, a["id"], b["id"])
    found = await got(rest, f"people/{b['id']}")
    assert (found["id"], found.get("mergedInto")) == (a["id"], None)
    several = await rest.get("/v1/people:batchGet", params={"ids": [b["id"], a["id"]]})
    assert [each["id"] for each in several.json()["people"]] == [a["id"], a["id"]]
    changed = await rest.patch(f"/v1/people/{b['id']}", json={"jobTitle": "Painter"})
    assert (changed.json()["id"], changed.json()["jobTitle"]) == (a["id"], "Painter")
    stale = await rest.patch(f"/v1/people/{b['id']}", json={"jobTitle": "x"}, headers={"If-Match": b["etag"]})
    assert stale.status_code == 412
    note = await posted(rest, "notes", {"body": "Hello", "personId": b["id"]})
    assert (await rest.get(f"/v1/notes/{note['id']}")).json()["personId"] == a["id"]
    listed = await rest.get(
        "/v1/people", params={"showDeleted": "true", "filter": f'family_name = "{b["familyName"]}"'}
    )
    assert [each["id"] for each in listed.json().get("people", [])] in ([], [a["id"]])
    deleted = await rest.delete(f"/v1/people/{b['id']}")
    assert deleted.json()["id"] == a["id"]


async def test_con_18_lists_filtered_by_an_old_id_are_the_survivors(rest: httpx2.AsyncClient) -> None:
    a, b, c = [await created(rest) for _ in range(3)]
    note = await posted(rest, "notes", {"body": "Of b", "personId": b["id"]})
    first = await merged(rest, a["id"], b["id"])
    await merged(rest, c["id"], a["id"])
    for asked in (a, b, c):
        assert await about(rest, "notes", "person_id", asked["id"]) == [note["id"]]
        others = {"filter": f'NOT person_id = "{asked["id"]}" AND id = "{note["id"]}"'}
        assert (await rest.get("/v1/notes", params=others)).json() == {}
        named = await rest.get("/v1/people", params={"filter": f'id = "{asked["id"]}"', "includeTotalSize": "true"})
        assert ([each["id"] for each in named.json()["people"]], named.json()["totalSize"]) == ([c["id"]], 1)
    history = await rest.get("/v1/merges", params={"filter": f'survivor_id = "{a["id"]}"'})
    assert [each["id"] for each in history.json()["merges"]] == [first["id"]]


async def test_con_18_every_field_says_where_its_value_is_from(rest: httpx2.AsyncClient) -> None:
    older = await created(
        rest, givenName="Ada", familyName="Okafor", jobTitle="Clerk", externalIds=[{"system": "crm", "value": word()}]
    )
    newer = await created(
        rest,
        givenName="Ada",
        familyName="Okafor-Bell",
        locale="en-GB",
        externalIds=[{"system": "erp", "value": word()}],
    )
    asked = {"ids": [newer["id"]]}
    preview = (await rest.post(f"/v1/people/{older['id']}:previewMerge", json=asked)).json()
    assert {each["field"]: (each.get("value", ""), each["sourceId"]) for each in preview["fields"]} == {
        "family_name": ("Okafor-Bell", newer["id"]),
        "display_name": ("Ada Okafor-Bell", newer["id"]),
        "locale": ("en-GB", newer["id"]),
    }
    assert await got(rest, f"people/{older['id']}") == older
    merge = await merged(rest, older["id"], newer["id"], fieldChoices={"family_name": older["id"]})
    survivor = await got(rest, f"people/{older['id']}")
    assert (survivor["displayName"], survivor["jobTitle"], survivor["locale"]) == ("Ada Okafor", "Clerk", "en-GB")
    assert {each["system"] for each in survivor["externalIds"]} == {"crm", "erp"}
    assert preview["person"]["familyName"] == "Okafor-Bell"
    assert (await rest.get(f"/v1/merges/{merge['id']}")).json() == merge
    await parted(rest, mergeId=merge["id"])
    assert known(await got(rest, f"people/{newer['id']}")) == known(newer)
    assert known(await got(rest, f"people/{older['id']}")) == known(older)


async def test_con_18_a_preview_writes_nothing(rest: httpx2.AsyncClient) -> None:
    a, b = [await created(rest, channels=[email(f"{word()}@x.example")]) for _ in "ab"]
    preview = await rest.post(f"/v1/people/{a['id']}:previewMerge", json={"ids": [b["id"]]})
    assert preview.status_code == 200, preview.text
    assert [(await got(rest, f"people/{each['id']}"))["etag"] for each in (a, b)] == ['"1"', '"1"']


async def test_con_18_a_merge_and_a_parting_are_one_change_of_each(rest: httpx2.AsyncClient) -> None:
    a, b = [await created(rest, channels=[email(f"{word()}@x.example")]) for _ in "ab"]
    await merged(rest, a["id"], b["id"])
    await parted(rest, personId=b["id"])
    for each in (a, b):
        past = (await rest.get(f"/v1/people/{each['id']}:listRevisions")).json()["revisions"]
        assert [revision["snapshot"]["etag"] for revision in past] == ['"3"', '"2"', '"1"']
        assert past[0]["snapshot"] == await got(rest, f"people/{each['id']}")


async def test_con_18_what_was_edited_since_stays(rest: httpx2.AsyncClient) -> None:
    a = await created(rest, jobTitle="Old", gender="f", channels=[email(f"{word()}@x.example")])
    b = await created(rest, jobTitle="New", gender="m", channels=[{"phone": {"number": "+4930123456"}}])
    merge = await merged(rest, a["id"], b["id"])
    note = await posted(rest, "notes", {"body": "Since", "personId": a["id"]})
    await rest.patch(f"/v1/people/{a['id']}", json={"jobTitle": "Edited"})
    await parted(rest, mergeId=merge["id"])
    left = await got(rest, f"people/{a['id']}")
    assert (left["jobTitle"], left["gender"]) == ("Edited", "f")
    assert [each["normalized"] for each in left["channels"]] == [each["normalized"] for each in a["channels"]]
    assert await about(rest, "notes", "person_id", a["id"]) == [note["id"]]
    assert known(await got(rest, f"people/{b['id']}")) == known(b)


async def test_con_18_what_is_about_them_follows_and_goes_back(rest: httpx2.AsyncClient) -> None:
    a, b, c = await created(rest), await created(rest), await created(rest)
    task = await posted(rest, "tasks", {"title": "Call", "personId": b["id"]})
    mailing = {"purpose": "PURPOSE_MARKETING", "channel": "CONTACT_CHANNEL_EMAIL"}
    withdrawal = {"personId": c["id"], "state": "CONSENT_STATE_WITHDRAWN", "source": "mail"}
    consent = await posted(rest, "consents", withdrawal | mailing)
    touch = {"personId": c["id"], "source": "ACQUISITION_SOURCE_EVENT", "captureTime": "2020-01-01T00:00:00Z"}
    first = await posted(rest, "acquisitions", touch)
    await posted(rest, "acquisitions", {"personId": a["id"], "source": "ACQUISITION_SOURCE_AD"})
    merge = await merged(rest, a["id"], b["id"], c["id"])
    assert await about(rest, "tasks", "person_id", a["id"]) == [task["id"]]
    for asked in (a["id"], c["id"]):
        verdict = (await rest.get(f"/v1/people/{asked}:checkContact", params=mailing)).json()
        assert verdict["reason"] == "CONTACT_REASON_WITHDRAWN", verdict
        assert (await rest.get(f"/v1/people/{asked}/firstTouch")).json()["id"] == first["id"]
    await parted(rest, mergeId=merge["id"])
    assert await about(rest, "tasks", "person_id", b["id"]) == [task["id"]]
    assert await about(rest, "consents", "person_id", c["id"]) == [consent["id"]]


async def test_con_18_a_timeline_is_united_and_the_same_when_built_again(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    a, b, c = [await created(rest) for _ in range(3)]
    await logged(rest, a["id"], "First", "2031-01-01T10:00:00Z")
    two = await logged(rest, b["id"], "Second", "2031-01-02T10:00:00Z")
    merge = await merged(rest, a["id"], b["id"])
    await rest.patch(f"/v1/activities/{two['id']}", json={"subject": "Second, edited"})
    await shows(rest, a["id"], ["Second, edited", "First"], kinds="activity")
    await shows(rest, b["id"], ["Second, edited", "First"], kinds="activity")
    await parted(rest, mergeId=merge["id"])
    await shows(rest, a["id"], ["First"], kinds="activity")
    await shows(rest, b["id"], ["Second, edited"], kinds="activity")
    await shows(rest, b["id"], ["Parted from another record", "Merged with another record", "Created"], kinds="record")
    await merged(rest, c["id"], b["id"])
    await logged(rest, b["id"], "Third", "2031-01-03T10:00:00Z")
    await shows(rest, c["id"], ["Third", "Second, edited"], kinds="activity")
    before = await checksum(tenant)
    await rebuild(tenant)
    assert await checksum(tenant) == before


async def test_con_18_a_task_goes_back_with_what_it_tells_and_what_follows_it(rest: httpx2.AsyncClient) -> None:
    a, b = await created(rest), await created(rest)
    again = {"dueTime": "2031-03-01T10:00:00Z", "recurrence": {"rule": "FREQ=DAILY"}}
    task = await posted(rest, "tasks", {"title": "Call", "personId": b["id"]} | again)
    await merged(rest, a["id"], b["id"])
    done = (await rest.post(f"/v1/tasks/{task['id']}:complete", json={})).json()
    await shows(rest, a["id"], ["Call"], kinds="task")
    assert await about(rest, "tasks", "person_id", a["id"]) == sorted([task["id"], done["nextTaskId"]])
    await parted(rest, personId=b["id"])
    await shows(rest, b["id"], ["Call"], kinds="task")
    await shows(rest, a["id"], [], kinds="task")
    assert await about(rest, "tasks", "person_id", b["id"]) == sorted([task["id"], done["nextTaskId"]])


async def test_con_18_chains_answer_in_one_step_and_are_undone_from_the_end(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    a, b, c = [await created(rest) for _ in range(3)]
    note = await posted(rest, "notes", {"body": "Of a", "personId": a["id"]})
    first, second = await merged(rest, b["id"], a["id"]), await merged(rest, c["id"], b["id"])
    assert {(await got(rest, f"people/{each['id']}"))["id"] for each in (a, b, c)} == {c["id"]}
    assert await about(rest, "notes", "person_id", c["id"]) == [note["id"]]
    fact = [events_pb2.PeopleMerged.FromString(each) for each in await facts(tenant, c["id"], "PeopleMerged")]
    assert {frozenset(each.merged_ids) for each in fact} == {frozenset((a["id"], b["id"]))}
    refused = await rest.post("/v1/people:unmerge", json={"mergeId": first["id"]})
    assert (refused.status_code, refused.json()["reason"]) == (400, "MERGE_NOT_LATEST")
    await parted(rest, mergeId=second["id"])
    assert (await got(rest, f"people/{a['id']}"))["id"] == b["id"]
    assert await about(rest, "notes", "person_id", b["id"]) == [note["id"]]
    await parted(rest, personId=a["id"])
    assert await about(rest, "notes", "person_id", a["id"]) == [note["id"]]
    again = await rest.post("/v1/people:unmerge", json={"mergeId": first["id"]})
    assert again.json()["reason"] == "MERGE_UNDONE"


async def test_con_18_what_cannot_be_merged_is_refused_with_the_reason(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    a, b, c, trashed = [await created(rest) for _ in range(4)]
    path = f"/v1/people/{a['id']}:merge"
    await rest.delete(f"/v1/people/{trashed['id']}")
    await merged(rest, b["id"], c["id"])
    assert violations(await rest.post(path, json={"ids": [a["id"]]})) == {"ids": "SELF"}
    assert violations(await rest.post(path, json={"ids": [b["id"], b["id"]]})) == {"ids": "DUPLICATE"}
    assert violations(await rest.post(path, json={"ids": [b["id"]] * 51})) == {"ids": "TOO_MANY"}
    already = (await rest.post(path, json={"ids": [c["id"]]})).json()
    assert (already["reason"], already["metadata"]["merged_into"]) == ("PERSON_MERGED", b["id"])
    assert (await rest.post(path, json={"ids": [trashed["id"]]})).json()["reason"] == "PERSON_DELETED"
    stale = await rest.post(path, json={"ids": [b["id"]], "etags": {b["id"]: '"999"'}})
    assert stale.json()["reason"] == "ETAG_MISMATCH"
    choice = await rest.post(path, json={"ids": [b["id"]], "fieldChoices": {"gender": c["id"]}})
    assert violations(choice) == {"field_choices": "NOT_IN_MERGE"}
    missing = await rest.post(path, json={"ids": ["00000000-0000-7000-8000-000000000000"]})
    assert (missing.status_code, missing.json()["reason"]) == (404, "PERSON_NOT_FOUND")
    manager = await tenant.user("manager")
    async with manager.rest() as other:
        foreign = await other.post(path, json={"ids": [b["id"]]})
    assert (foreign.status_code, foreign.json()["reason"]) == (404, "PERSON_NOT_FOUND")
    rep = await tenant.user("rep")
    async with rep.rest() as other:
        assert (await other.post(path, json={"ids": [b["id"]]})).status_code == 403


async def test_con_18_overlapping_merges_at_once_wait_for_one_another(rest: httpx2.AsyncClient) -> None:
    people = [(await created(rest))["id"] for _ in range(4)]
    orders = [people, [people[0], *reversed(people[1:])], [people[3], *people[:3]]]
    answers = await asyncio.gather(
        *(rest.post(f"/v1/people/{first}:merge", json={"ids": others}) for first, *others in orders)
    )
    outcomes = sorted(answer.status_code for answer in answers)
    assert outcomes == [200, 400, 400], [answer.text for answer in answers]
    assert len({(await got(rest, f"people/{each}"))["id"] for each in people}) == 1


async def test_con_18_duplicates_are_settled(rest: httpx2.AsyncClient) -> None:
    a = await created(rest, givenName="Zora", familyName="Quill", channels=[email("zora@quill.example")])
    b = await created(rest, givenName="Zora", familyName="Quill", channels=[email("zora@quill.example")])
    assert [each["personId"] for each in b["duplicateCandidates"]] == [a["id"]]
    await merged(rest, a["id"], b["id"])
    third = await created(rest, givenName="Zora", familyName="Quill", channels=[email("zora@quill.example")])
    assert [each["personId"] for each in third["duplicateCandidates"]] == [a["id"]]


async def test_con_18_that_people_differ_is_remembered_when_they_are_parted(rest: httpx2.AsyncClient) -> None:
    a, b = [await created(rest, familyName="Quillon", channels=[email("z@quillon.example")]) for _ in "ab"]
    await merged(rest, a["id"], b["id"])
    await parted(rest, personId=b["id"])
    between = {"filter": f'person_id = "{min(a["id"], b["id"])}" AND other_person_id = "{max(a["id"], b["id"])}"'}
    (pair,) = (await rest.get("/v1/duplicateCandidates", params=between)).json()["duplicateCandidates"]
    assert (pair["state"], pair["score"] > 0.5) == ("DUPLICATE_STATE_DIFFERENT", True)


async def test_con_18_nothing_of_whoever_is_erased_stays_with_whom_they_were_parted_from(
    rest: httpx2.AsyncClient,
) -> None:
    a, b = await created(rest), await created(rest, jobTitle="Physicist")
    merge = await merged(rest, a["id"], b["id"])
    await parted(rest, personId=b["id"])
    erased = await rest.post(f"/v1/people/{b['id']}:erase", json={})
    assert erased.status_code == 200, erased.text
    assert (await rest.get(f"/v1/merges/{merge['id']}")).status_code == 404
    assert (await rest.get(f"/v1/people/{a['id']}")).status_code == 200


async def test_con_18_whoever_is_erased_goes_with_everybody_who_became_them(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    a, b = await created(rest), await created(rest)
    await merged(rest, a["id"], b["id"])
    erased = await rest.post(f"/v1/people/{b['id']}:erase", json={})
    assert (erased.status_code, erased.json()["erasedRows"]["subject_key"]) == (200, 2), erased.text
    for each in (a, b):
        assert (await rest.get(f"/v1/people/{each['id']}")).status_code == 404
    fact = [events_pb2.PersonErased.FromString(each) for each in await facts(tenant, a["id"], "PersonErased")]
    assert {each.person_id for each in fact} == {a["id"], b["id"]}
