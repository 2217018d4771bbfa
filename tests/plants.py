"""Canaries planted through REST in everything about a person beside the record, and in what staff write of people."""

from __future__ import annotations

from typing import Any

import httpx2

from rapport.identity.v1 import users_pb2
from rapport_kit.domain import uuid7
from tests.callers import Tenant
from tests.canaries import Canaries
from tests.eventually import eventually
from tests.people import posted

LOST = {"system": "crm"}
"""The external id of who became the person."""


async def plant_profile(rest: httpx2.AsyncClient, person_id: str, canaries: Canaries) -> None:
    """What is known of a person beside the record."""
    about, word, link = {"personId": person_id}, canaries.word, f"https://{canaries.mark}.example/?q={canaries.mark}"
    refused = {"purpose": "PURPOSE_MARKETING", "channel": "CONTACT_CHANNEL_EMAIL", "state": "CONSENT_STATE_GRANTED"}
    proof = {"source": word("source"), "textVersion": word("text"), "proof": {"form": link, "ipHash": word("hash")}}
    await posted(rest, "consents", about | refused | proof)
    asked = {"setBy": "PROVENANCE_CUSTOMER", "source": word("portal")}
    await posted(rest, "channelPreferences", about | {"channel": "CONTACT_CHANNEL_PHONE"} | asked)
    await posted(rest, "contactAttempts", about | {"channel": "CONTACT_CHANNEL_PHONE", "source": word("call")})
    touch = {"medium": word("medium"), "utm": {"source": word("utm"), word("term"): "x"}, "landingUrl": link}
    await posted(rest, "acquisitions", about | {"source": "ACQUISITION_SOURCE_AD"} | touch)
    key = {"key": "seat", "displayName": "Seat", "valueType": "PREFERENCE_TYPE_TEXT"}
    await posted(rest, "preferenceKeys", key)
    wish = {"key": "seat", "value": word("window"), "scope": word("scope"), "source": "PROVENANCE_CUSTOMER"}
    await posted(rest, "preferences", about | wish)
    topic = await posted(rest, "interestTopics", {"displayName": "Sailing"})
    inferred = {"interestTopicId": topic["id"], "eventId": word("click"), "strength": 0.5}
    await posted(rest, f"people/{person_id}:inferInterest", inferred)
    moved = {"stage": "LIFECYCLE_STAGE_LEAD", "reason": word("because")}
    await posted(rest, f"people/{person_id}:moveLifecycleStage", moved)


async def plant_ties(rest: httpx2.AsyncClient, person_id: str, canaries: Canaries) -> None:
    """To whom and to what a person belongs, and what comes again."""
    about, word = {"personId": person_id}, canaries.word
    company = await posted(rest, "organisations", {"displayName": "Some company"})
    tie = {"toOrganisationId": company["id"], "type": "RELATION_TYPE_EMPLOYEE"}
    await posted(rest, "relations", about | tie | {"title": word("title"), "note": word("note")})
    club = await posted(rest, "groups", {"displayName": f"Friends of {canaries.name}", "kind": "GROUP_KIND_CLUB"})
    await posted(rest, "groupMemberships", about | {"groupId": club["id"], "role": word("treasurer")})
    wedding = {"kind": "MILESTONE_KIND_ANNIVERSARY", "date": {"month": 6, "day": 1}, "displayName": word("wedding")}
    await posted(rest, "milestones", about | wedding)
    child = {"role": "FAMILY_ROLE_CHILD", "displayName": word("child")}
    await posted(rest, "familyMembers", about | child)


async def plant_doings(rest: httpx2.AsyncClient, person_id: str, canaries: Canaries) -> None:
    """What happened with a person, and is to be done."""
    about, word = {"personId": person_id}, canaries.word
    related = {"related": [{"type": word("type"), "id": person_id}]}
    call = {"type": "ACTIVITY_TYPE_CALL", "subject": word("call"), "startTime": "2026-01-31T09:00:00Z"}
    guests = {"participants": [{"name": word("guest"), "role": word("role")}]}
    await posted(rest, "activities", about | call | guests | related)
    await posted(rest, "tasks", about | {"title": word("task")} | related)
    await posted(rest, "notes", about | {"body": word("note")})
    told = {name: word(name) for name in ("kind", "channel", "direction", "summary")}
    entry = await posted(rest, "timelineEntries", about | told | {"occurTime": "2026-01-31T09:00:00Z"})

    async def corrected() -> None:  # it is in the timeline once its event was heard
        await posted(rest, f"timelineEntries/{entry['id']}:correct", {"summary": word("corrected")})

    await eventually(corrected)


async def plant_merges(rest: httpx2.AsyncClient, person_id: str, canaries: Canaries) -> None:
    """Two who became the person, of whom one became somebody again and was merged anew."""
    for n in range(2):
        other = canaries.person() | {
            "externalIds": [LOST | {"value": canaries.word(f"lost{n}")}],
            "channels": [{"email": {"address": f"{canaries.mark}.{n}@lost.example"}}],
        }
        lost = await posted(rest, "people", other)
        await posted(rest, "notes", {"personId": lost["id"], "body": canaries.word("lost")})
        await posted(rest, f"people/{person_id}:merge", {"ids": [lost["id"]]})
    await posted(rest, "people:unmerge", {"personId": lost["id"]})
    await posted(rest, f"people/{person_id}:merge", {"ids": [lost["id"]]})


async def plant_cases(rest: httpx2.AsyncClient, person_id: str, canaries: Canaries) -> None:
    """Requests of the person, closed and open, and a hold that was lifted: their texts name whom they should not."""
    mail = f"Asked by {canaries.mail}"
    case = {"personId": person_id, "right": "PRIVACY_RIGHT_ACCESS", "identityProof": "IDENTITY_PROOF_KNOWN_CHANNEL"}
    done = await posted(rest, "privacyRequests", case | {"proofReference": mail})
    refusal = {"what": f"Mails to {canaries.mail}", "reason": "Law"}
    await posted(rest, f"privacyRequests/{done['id']}:complete", {"outcome": canaries.name, "refusals": [refusal]})
    await posted(rest, "privacyRequests", case | {"proofReference": canaries.name})
    held = {"personId": person_id, "reason": f"Case of {canaries.name}", "kept": ["HELD_DATA_NOTES"]}
    hold = await posted(rest, "legalHolds", held)
    assert (await rest.delete(f"/v1/legalHolds/{hold['id']}")).status_code == 200


async def plant_texts(tenant: Tenant, rest: httpx2.AsyncClient, canaries: Canaries, other: str) -> None:
    """What staff write that is about nobody in particular; `other` is somebody to whom the same was done."""
    whole = f'given_name = "{canaries.given}" AND family_name = "{canaries.family}"'
    mail = f'channels.normalized:"{canaries.mail.upper()}"'
    tag = await posted(rest, "tags", {"displayName": f"For {canaries.name}"})
    listed = await posted(rest, "staticLists", {"displayName": canaries.name, "description": canaries.mail})
    bulk = {"action": "BULK_ACTION_ADD", "resource": "BULK_RESOURCE_PEOPLE"}
    for text in (f'{whole} OR id = "{other}"', mail):
        change = {"tagId": tag["id"], "filter": text, "reason": f"As {canaries.mail} asked"}
        await ended(rest, await posted(rest, "bulkChanges", bulk | change))
    change = {"staticListId": listed["id"], "filter": f'display_name = "{canaries.name}"'}
    await ended(rest, await posted(rest, "bulkChanges", bulk | change))
    for text in (whole, mail, 'given_name = "Other"'):
        view = {"displayName": "View", "resourceType": "contact.rapport/Person", "filter": text}
        view |= {"displayName": canaries.name} if "Other" in text else {}
        kept = await rest.post("/v1/savedViews", json=view, headers={"Idempotency-Key": str(uuid7())})
        assert kept.status_code == 200, kept.text
    leaver = users_pb2.User(email=f"left@{tenant.host}", display_name="Leaver")
    left = await tenant.admin.user.create_user(users_pb2.CreateUserRequest(user=leaver))
    over = {"fromUserId": left.id, "toUserId": tenant.admin.id, "note": f"Call {canaries.word('external')} first"}

    async def handed_over() -> None:  # contact hears of users by event
        await posted(rest, "handOvers:handOverRecords", over)

    await eventually(handed_over)
    header = f"{canaries.given},{canaries.family},{canaries.mail}\n".encode()
    sent = {"fileName": f"{canaries.given}_{canaries.family}.csv"}
    job = (await rest.post("/v1/importJobs:upload", params=sent, content=header + b"Bo,Bell,bo@x.example\n")).json()
    mapping = [{"column": job["columns"][0], "target": "given_name"}, {"column": job["columns"][1]}]
    patched = await rest.patch(f"/v1/importJobs/{job['id']}", json={"mapping": mapping})
    assert patched.status_code == 200, patched.text
    await posted(rest, f"importJobs/{job['id']}:start", {})

    async def read() -> None:
        now = (await rest.get(f"/v1/importJobs/{job['id']}")).json()
        assert now["state"] == "IMPORT_STATE_COMPLETED", now

    await eventually(read)


async def ended(rest: httpx2.AsyncClient, change: dict[str, Any]) -> None:
    async def look() -> None:
        now = (await rest.get(f"/v1/bulkChanges/{change['id']}")).json()
        assert now["state"] == "BULK_STATE_DONE", now

    await eventually(look)
