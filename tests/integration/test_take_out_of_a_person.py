"""What is kept about one person, as an archive for whoever asks by the rights of access and portability (PLT-08)."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx2
import pytest
import pytest_asyncio

from rapport.identity.v1 import roles_pb2
from tests.callers import Suite, Tenant
from tests.databases import rows
from tests.holdings import Holdings, fill
from tests.people import created, posted
from tests.records import Record, rapport, said, taken_out
from tests.timelines import caught_up, entries, logged, noted

NOT_ABOUT = {"referrerPersonId"}
"""Who made somebody known is not whom that is about."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def source(suite: Suite) -> Holdings:
    """A tenant with records of every kind."""
    held = await fill(suite, "access")
    await caught_up(suite.stack.admin_urls, held.tenant.id)
    return held


async def archive_of(rest: httpx2.AsyncClient, person_id: str) -> ZipFile:
    answer = await rest.get(f"/v1/people/{person_id}:takeOut")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    return ZipFile(io.BytesIO(answer.content))


def records_in(archive: ZipFile) -> list[Record]:
    manifest = json.loads(archive.read("manifest.json"))
    found = []
    for each in manifest["records"]:
        lines = archive.read(f"records/{each['kind']}.jsonl").decode().splitlines()
        assert len(lines) == each["count"]
        found += [{each["kind"]: json.loads(line)} for line in lines]
    return found


def of_kind(records: list[Record], kind: str) -> list[Record]:
    return [each[kind] for each in records if kind in each]


def named(value: Any, key: str = "") -> Iterator[str]:
    """The ids of people in a record, however deep, but for whoever it is not about."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from named(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from named(each, key)
    elif key.lower().endswith("personid") and key not in NOT_ABOUT:
        yield value


def is_about(record: Record, people: Collection[str]) -> bool:
    return record.get("person", {}).get("id") in people or not set(named(record)).isdisjoint(people)


def without_guests(record: Record) -> Record:
    """A record without the names of participants of whom there are no records."""
    if "activity" not in record:
        return record
    guests = [{"id": each["id"]} for each in record["activity"]["participants"]]
    return {"activity": record["activity"] | {"participants": guests}}


async def test_plt_08_all_that_is_kept_about_a_person_is_given_and_nothing_else(source: Holdings) -> None:
    async with source.tenant.admin.rest() as rest:
        every = await taken_out(rest)
        people = of_kind(every, "person")
        kinds = set()
        for person in people:
            if "mergedInto" in person:
                continue
            ids = {person["id"], *(each["id"] for each in people if each.get("mergedInto") == person["id"])}
            archive = await archive_of(rest, person["id"])
            found = records_in(archive)
            expected = [without_guests(each) for each in every if is_about(each, ids) and "timelineEntry" not in each]
            assert said([each for each in found if "timelineEntry" not in each]) == said(expected)
            shown = await entries(rest, person["id"], showCorrected="true", pageSize=1000)
            assert {each["id"]: each for each in of_kind(found, "timelineEntry")} == {
                each["id"]: each for each in shown
            }
            contents = {f"contents/{each['sha256']}" for each in of_kind(found, "file")}
            assert {name for name in archive.namelist() if name.startswith("contents/")} == contents
            kinds |= {kind for each in found for kind in each}
    about = {kind for each in every for kind in each if is_about(each, {each["id"] for each in people})}
    assert kinds == about, "there is somebody for each kind of records that can be about a person"


async def test_plt_08_an_archive_of_a_person_has_files_with_their_contents(suite: Suite) -> None:
    tenant = await suite.open_tenant("contents")
    async with tenant.admin.rest() as rest:
        person, other = await created(rest), await created(rest)
        for whose, name, content in ((person, "a.txt", b"Mine"), (person, "b.txt", b"Mine"), (other, "c.txt", b"No")):
            query = {"personId": whose["id"], "fileName": name}
            assert (await rest.post("/v1/files:upload", params=query, content=content)).status_code == 200
        gone = (await rest.post("/v1/files:upload", params=query | {"personId": person["id"]}, content=b"Gone")).json()
        await rest.delete(f"/v1/files/{gone['id']}")
        archive = await archive_of(rest, person["id"])
    files = of_kind(records_in(archive), "file")
    assert sorted(each["fileName"] for each in files) == ["a.txt", "b.txt", "c.txt"]
    assert [archive.read(name) for name in archive.namelist() if name.startswith("contents/")] == [b"Mine"]
    assert json.loads(archive.read("manifest.json"))["personId"] == person["id"]
    assert archive.testzip() is None


async def test_plt_08_others_are_named_by_their_ids_alone(suite: Suite) -> None:
    tenant = await suite.open_tenant("others")
    async with tenant.admin.rest() as rest:
        person, friend = await created(rest), await created(rest, familyName="Zweistein")
        await posted(
            rest,
            "relations",
            {"personId": friend["id"], "toPersonId": person["id"], "type": "RELATION_TYPE_SIBLING"},
        )
        guests = [{"name": "Guest Dreistein"}, {"personId": friend["id"], "name": "Zweistein"}]
        mine = {"personId": person["id"], "name": "Me"}
        await logged(rest, friend["id"], "Called", "2022-01-01T10:00:00Z", participants=[*guests, mine])
        referred = {"personId": friend["id"], "referrerPersonId": person["id"]}
        await posted(rest, "acquisitions", referred | {"source": "ACQUISITION_SOURCE_WORD_OF_MOUTH"})
        archive = await archive_of(rest, person["id"])
    found = records_in(archive)
    (activity,) = of_kind(found, "activity")
    assert [(each.get("personId"), each.get("name")) for each in activity["participants"]] == [
        (None, None),
        (friend["id"], None),
        (person["id"], "Me"),
    ]
    assert [each["personId"] for each in of_kind(found, "relation")] == [friend["id"]]
    assert of_kind(found, "acquisition") == [], "how somebody else came is not about the person"
    assert not any("stein" in archive.read(name).decode() for name in archive.namelist() if name != "contract.binpb")


async def test_plt_08_whoever_was_merged_into_the_person_is_in_it(suite: Suite) -> None:
    tenant = await suite.open_tenant("became")
    async with tenant.admin.rest() as rest:
        people = [await created(rest, birthDate={"year": 1990, "month": 5, "day": 17}) for _ in range(2)]
        survivor, loser = (each["id"] for each in people)
        await posted(rest, "notes", {"personId": loser, "body": "Likes tea"})
        await posted(rest, "relations", {"personId": loser, "toPersonId": survivor, "type": "RELATION_TYPE_SIBLING"})
        await noted(tenant, rest, loser, "At our stand")
        await posted(rest, f"people/{survivor}:merge", {"ids": [loser]})
        await caught_up(suite.stack.admin_urls, tenant.id)
        for asked in (survivor, loser):
            found = records_in(await archive_of(rest, asked))
            assert sorted(each["id"] for each in of_kind(found, "person")) == sorted([survivor, loser])
            assert [each["body"] for each in of_kind(found, "note")] == ["Likes tea"]
            assert len(of_kind(found, "relation")) == 1, "it stayed with whom it was about"
            assert "At our stand" in {each["summary"] for each in of_kind(found, "timelineEntry")}


async def test_plt_08_whoever_is_in_the_trash_is_given_and_whoever_was_erased_is_not(suite: Suite) -> None:
    tenant = await suite.open_tenant("gone")
    async with tenant.admin.rest() as rest:
        person = await created(rest)
        await rest.delete(f"/v1/people/{person['id']}")
        (found,) = of_kind(records_in(await archive_of(rest, person["id"])), "person")
        assert (found["id"], "deleteTime" in found) == (person["id"], True)
        assert (await rest.post(f"/v1/people/{person['id']}:erase", json={})).status_code == 200
        await not_found(rest, person["id"])


async def not_found(rest: httpx2.AsyncClient, person_id: str) -> None:
    answer = await rest.get(f"/v1/people/{person_id}:takeOut")
    assert (answer.status_code, answer.json()["reason"]) == (404, "PERSON_NOT_FOUND"), answer.text


async def taker(tenant: Tenant, scope: roles_pb2.Scope) -> Any:
    """Somebody who may take people out, and read them, as far as a scope reaches."""
    wanted = ("contact.people.get", "contact.people.create", "contact.notes.create", "contact.people.take_out")
    grants = [roles_pb2.Grant(permission=each, scope=scope) for each in wanted]
    grants.append(roles_pb2.Grant(permission="identity.api_keys.*", scope=roles_pb2.SCOPE_OWN))
    role = roles_pb2.Role(key="officer", display_name="Privacy officer", grants=grants)
    await tenant.admin.role.create_role(roles_pb2.CreateRoleRequest(role=role))
    return await tenant.user("officer")


async def test_plt_08_nobody_takes_out_whom_they_cannot_see(suite: Suite, source: Holdings) -> None:
    tenant = await suite.open_tenant("unseen")
    officer = await taker(tenant, roles_pb2.SCOPE_OWN)
    async with tenant.admin.rest() as rest, officer.rest() as other:
        person, own = await created(rest), await created(other)
        await not_found(other, person["id"])
        assert len(of_kind(records_in(await archive_of(other, own["id"])), "person")) == 1
        await not_found(rest, source.ids["PersonService"][0])
    for caller in source.callers[1:]:
        async with caller.rest() as rest:
            answer = await rest.get(f"/v1/people/{source.ids['PersonService'][0]}:takeOut")
            assert (answer.status_code, answer.json()["reason"]) == (403, "PERMISSION_DENIED")


async def test_plt_08_notes_that_are_private_to_others_are_not_given(suite: Suite) -> None:
    tenant = await suite.open_tenant("private")
    officer = await taker(tenant, roles_pb2.SCOPE_ALL)
    async with tenant.admin.rest() as rest, officer.rest() as other:
        person = await created(rest)
        for client, body in ((rest, "Theirs"), (other, "Mine")):
            note = {"personId": person["id"], "body": body, "visibility": "NOTE_VISIBILITY_PRIVATE"}
            await posted(client, "notes", note)
        await caught_up(suite.stack.admin_urls, tenant.id)
        archive = await archive_of(other, person["id"])
    assert [each["body"] for each in of_kind(records_in(archive), "note")] == ["Mine"]
    assert {each["summary"] for each in of_kind(records_in(archive), "timelineEntry")} == {"Created", "Mine"}


async def test_plt_08_every_take_out_of_a_person_is_told(suite: Suite) -> None:
    tenant = await suite.open_tenant("telling")
    async with tenant.admin.rest() as rest:
        await archive_of(rest, (await created(rest))["id"])
    types = "SELECT type, actor FROM event WHERE tenant = $1 AND resource = 'contact.rapport/TakeOut'"
    told = [tuple(row) for row in await rows(suite.stack, "contact", types, tenant.id)]
    assert [(type_.rpartition(".")[2], str(actor)) for type_, actor in told] == [("PersonTakenOut", tenant.admin.id)]


async def test_plt_08_an_archive_of_more_records_than_are_held_at_a_time_is_whole(suite: Suite) -> None:
    tenant = await suite.open_tenant("many")
    async with tenant.admin.rest() as rest:
        person = await created(rest)
        for n in range(120):
            await posted(rest, "notes", {"personId": person["id"], "body": f"{n}" + "x" * 60_000})
        archive = await archive_of(rest, person["id"])
    assert len(of_kind(records_in(archive), "note")) == 120
    assert archive.testzip() is None


async def test_plt_08_the_command_line_writes_an_archive_that_is_to_be_read_and_not_restored(
    suite: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = await suite.open_tenant("command")
    async with tenant.admin.rest() as rest:
        person = await created(rest)
    file = tmp_path / "person.zip"
    told = await rapport(tenant, monkeypatch, "take-out", "--person", person["id"], str(file))
    assert told.exit_code == 0, told.output
    assert file.stat().st_mode & 0o077 == 0, "nobody else may read it"
    assert [each["id"] for each in of_kind(records_in(ZipFile(file)), "person")] == [person["id"]]
    refused = await rapport(tenant, monkeypatch, "restore", str(file))
    assert getattr(refused.exception, "reason", "") == "ARCHIVE_OF_ONE", refused.output
    nobody = await rapport(tenant, monkeypatch, "take-out", "--person", tenant.id, str(tmp_path / "nobody.zip"))
    assert getattr(nobody.exception, "reason", "") == "PERSON_NOT_FOUND"
    assert not (tmp_path / "nobody.zip").exists()
