"""All records of a tenant, taken out and restored in another: through REST, and as an archive (PLT-15)."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
import pytest_asyncio
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from typer.testing import CliRunner

from rapport.identity.v1 import roles_pb2
from rapport_contact.taking_out.writer import contract
from rapport_kit.cli import build
from tests.callers import Suite
from tests.databases import rows
from tests.eventually import eventually
from tests.holdings import Holdings, fill
from tests.people import created, posted, violations, word
from tests.records import Record, backwards, rapport, restored, said, taken_out
from tests.timelines import caught_up, noted


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def source(suite: Suite) -> Holdings:
    """A tenant with records of every kind, with settings of its own."""
    held = await fill(suite, "source")
    async with held.tenant.admin.rest() as rest:
        assert (await rest.patch("/v1/matchPolicy", json={"mode": "MATCH_MODE_ALLOW"})).status_code == 200
        settings = {"staleMonths": 7, "leapDay": "LEAP_DAY_MARCH_1"}
        answer = await rest.patch(f"/v1/tenants/{held.tenant.id}/contactSettings", json=settings)
        assert answer.status_code == 200, answer.text
    await caught_up(suite.stack.admin_urls, held.tenant.id)
    return held


async def test_plt_15_what_is_taken_out_of_one_tenant_is_equal_in_another(suite: Suite, source: Holdings) -> None:
    target = await suite.open_tenant("target", locale="de-AT")
    async with source.tenant.admin.rest() as old, target.admin.rest() as new:
        records = await taken_out(old)
        kinds = {kind for each in records for kind in each}
        answer = await restored(new, *backwards(records))
        assert answer.json() == {"restoredCount": len(backwards(records))}, answer.text
        assert said(await taken_out(new)) == said(backwards(records))
        assert (await restored(new, *backwards(records))).json() == {"keptCount": len(backwards(records))}
    assert {"person", "organisation", "consent", "note", "setMember", "matchPolicy", "contactSettings"} < kinds
    assert "timelineEntry" in kinds
    people = [each["person"] for each in records if "person" in each]
    assert any("mergedInto" in each for each in people), "who was merged away is found by the former id"
    assert any("deleteTime" in each for each in people), "the trash is part of it"


async def test_plt_15_an_archive_brings_a_tenant_back_with_the_contents_of_its_files(
    suite: Suite, source: Holdings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = await suite.open_tenant("archive", locale="de-AT")
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    told = await rapport(source.tenant, monkeypatch, "take-out", str(first))
    assert told.exit_code == 0, told.output
    assert first.stat().st_mode & 0o077 == 0, "nobody else may read it"
    told = await rapport(target, monkeypatch, "restore", str(first))
    assert (told.exit_code, "0 were there" in told.stderr) == (0, True), told.output
    told = await rapport(target, monkeypatch, "restore", str(first))
    assert (told.exit_code, "0 restored" in told.stderr) == (0, True), told.output
    told = await rapport(target, monkeypatch, "take-out", str(second))
    assert told.exit_code == 0, told.output

    one, other = (json.loads(ZipFile(each).read("manifest.json"))["records"] for each in (first, second))
    assert one == other
    assert {"file", "person", "preferenceKey"} < {each["kind"] for each in one}
    contents = {name for name in ZipFile(first).namelist() if name.startswith("contents/")}
    assert contents
    assert all(ZipFile(first).read(name) == ZipFile(second).read(name) for name in contents)


def test_plt_15_an_archive_says_what_its_lines_mean() -> None:
    pool = DescriptorPool()
    for file in FileDescriptorSet.FromString(contract()).file:
        pool.Add(file)
    assert "given_name" in pool.FindMessageTypeByName("rapport.contact.v1.Person").fields_by_name


async def test_plt_15_an_archive_that_was_changed_is_refused_before_anything_is_restored(tmp_path: Path) -> None:
    id_ = "0198c000-0000-7000-8000-000000000001"
    tag = json.dumps({"id": id_, "displayName": "VIP"})
    file = json.dumps({"id": id_, "fileName": "a.txt", "sha256": hashlib.sha256(b"a").hexdigest()})
    for manifest, lines, reason in (
        ({"records": [{"kind": "tag", "count": 1, "checksum": "0" * 64}]}, tag, "ARCHIVE_DAMAGED"),
        ({"records": [{"kind": "tag", "count": 1, "checksum": ""}]}, tag[:20], "ARCHIVE_DAMAGED"),
        ({"records": [{"kind": "tag", "count": 1, "checksum": ""}]}, '{"id": ["x"]}', "ARCHIVE_DAMAGED"),
        ({"records": [{"kind": "tag", "count": 1, "checksum": ""}]}, "[" * 100_000, "ARCHIVE_DAMAGED"),
        ({"records": [{"kind": "note", "count": 1, "checksum": ""}]}, tag, "ARCHIVE_DAMAGED"),
        ({"records": [{"kind": "file", "count": 1, "checksum": ""}]}, file, "ARCHIVE_DAMAGED"),
        ({"records": [{"kind": "deal", "count": 1, "checksum": ""}]}, "{}", "NO_ARCHIVE"),
        ({"format": "something else", "records": []}, "", "NO_ARCHIVE"),
        ({}, "", "NO_ARCHIVE"),
    ):
        with ZipFile(tmp_path / "archive.zip", "w") as archive:
            archive.writestr("manifest.json", json.dumps({"format": "rapport.contact.v1.Record"} | manifest))
            archive.writestr("records/tag.jsonl", lines)
            archive.writestr("records/file.jsonl", lines)
        told = await asyncio.to_thread(CliRunner().invoke, build(), ["restore", str(tmp_path / "archive.zip")])
        assert getattr(told.exception, "reason", "") == reason, (manifest, lines[:80], told.output)


async def test_plt_15_a_tenant_with_other_records_is_not_called_equal(
    suite: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = await suite.open_tenant("few"), await suite.open_tenant("more")
    async with one.admin.rest() as old, other.admin.rest() as new:
        await created(old)
        await posted(new, "tags", {"displayName": word()})
    assert (await rapport(one, monkeypatch, "take-out", str(tmp_path / "few.zip"))).exit_code == 0
    told = await rapport(other, monkeypatch, "restore", str(tmp_path / "few.zip"))
    assert (told.exit_code, "tag: 1, not equal" in told.stderr, "person: 1, equal" in told.stderr) == (1, True, True)


async def test_plt_15_who_was_erased_does_not_come_back(suite: Suite) -> None:
    tenant = await suite.open_tenant("gone")
    async with tenant.admin.rest() as rest:
        person = await created(rest)
        await posted(rest, "notes", {"personId": person["id"], "body": "Likes tea"})
        await noted(tenant, rest, person["id"], "At our stand")
        records = await taken_out(rest)
        assert {"person", "note", "timelineEntry"} <= {kind for each in records for kind in each}
        assert (await rest.post(f"/v1/people/{person['id']}:erase", json={})).status_code == 200
        for record in records:
            refused = await restored(rest, record)
            assert (refused.status_code, violations(refused)) == (400, {"records[0]": "ERASED"}), record


async def test_plt_15_what_stayed_with_who_became_another_stays_there(suite: Suite) -> None:
    one, other = await suite.open_tenant("merged"), await suite.open_tenant("again")
    async with one.admin.rest() as old, other.admin.rest() as new:
        people = [await created(old, birthDate={"year": 1990, "month": 5, "day": 17}) for _ in range(2)]
        (survivor, loser) = (each["id"] for each in people)
        await posted(old, "relations", {"personId": loser, "toPersonId": survivor, "type": "RELATION_TYPE_SIBLING"})
        await posted(old, f"people/{survivor}:merge", {"ids": [loser]})
        records = backwards(await taken_out(old))
        aliases = [each for each in records if each.get("person", {}).get("mergedInto")]
        rest = [each for each in records if "person" not in each]
        (kept,) = (each for each in records if "person" in each and each not in aliases)
        for record in [kept, *aliases, *rest]:  # one at a time: what comes later must not follow
            answer = await restored(new, record)
            assert answer.status_code == 200, answer.text
        assert said(await taken_out(new)) == said(records)


async def test_plt_15_a_restored_record_is_told_of_as_of_when_it_came_to_be(suite: Suite) -> None:
    one, other = await suite.open_tenant("then"), await suite.open_tenant("now")
    async with one.admin.rest() as old, other.admin.rest() as new:
        person = await created(old)
        note = await posted(old, "notes", {"personId": person["id"], "body": "Likes tea"})
        records = await taken_out(old)
        for record in records:
            next(iter(record.values()))["createTime"] = "2019-05-04T03:02:01Z"
        assert (await restored(new, *backwards(records))).status_code == 200

        async def entry() -> Record:
            answer = await new.get(f"/v1/people/{person['id']}/timelineEntries")
            found: Record = answer.json()["timelineEntries"][0]
            return found

        told = await eventually(entry, KeyError)
        again = (await new.get(f"/v1/notes/{note['id']}")).json()
    assert told["occurTime"] == again["createTime"] == "2019-05-04T03:02:01Z"
    assert told["recordTime"] > note["createTime"]


async def test_plt_15_a_restored_task_reminds_of_what_is_still_to_come(suite: Suite) -> None:
    one, other = await suite.open_tenant("remind"), await suite.open_tenant("reminded")
    due = datetime.now(UTC) + timedelta(days=3)
    async with one.admin.rest() as old, other.admin.rest() as new:
        asked = {"title": "Call", "dueTime": due.isoformat(), "reminders": [{"beforeDue": "3600s"}]}
        task = await posted(old, "tasks", asked)
        assert (await restored(new, *backwards(await taken_out(old)))).status_code == 200
    timers = "SELECT due_at FROM timer WHERE tenant = $1 AND kind = 'contact.task.reminder' AND key = $2"
    assert await rows(suite.stack, "contact", timers, one.id, task["id"]) == await rows(
        suite.stack, "contact", timers, other.id, task["id"]
    )


async def test_plt_15_what_a_record_refers_to_must_be_there_or_nothing_is_restored(suite: Suite) -> None:
    one, other = await suite.open_tenant("whole"), await suite.open_tenant("part")
    async with one.admin.rest() as old, other.admin.rest() as new:
        person = await created(old)
        await posted(old, "notes", {"personId": person["id"], "body": "Likes tea"})
        tag = await posted(old, "tags", {"displayName": word()})
        records = [each for each in await taken_out(old) if "person" not in each]
        refused = await restored(new, *backwards(records))
        assert refused.status_code == 400
        assert refused.json()["reason"] == "NOT_FOUND"
        (place,) = (place for place, each in enumerate(backwards(records)) if "note" in each)
        assert violations(refused) == {f"records[{place}].note.person_id": "NOT_FOUND"}
        assert (await new.get(f"/v1/tags/{tag['id']}")).status_code == 404


async def test_plt_15_a_record_that_cannot_be_restored_is_named(suite: Suite) -> None:
    tenant = await suite.open_tenant("named")
    tag = {"displayName": word(), "scope": "TAG_SCOPE_PEOPLE"}
    id_ = "0198c000-0000-7000-8000-000000000001"
    async with tenant.admin.rest() as rest:
        never = {"personId": id_, "toStage": "LIFECYCLE_STAGE_LEAD", "actorId": id_}
        since = {"actorId": id_, "addTime": "2020-01-01T00:00:00Z"}
        member = {"id": id_, "tagId": id_, "personId": id_} | since
        times = {"occurTime": "2020-01-01T00:00:00Z", "recordTime": "2020-01-02T00:00:00Z"}
        tells = {"type": "contact.rapport/TimelineEntry", "id": id_}
        says = {"kind": "fair", "summary": "Hi", "source": "contact", "record": tells}
        entry: Record = {"id": id_, "personId": id_, "actorId": id_} | says | times
        for record, field, reason in (
            ({}, "", "REQUIRED"),
            ({"tag": {"displayName": "VIP"}}, ".tag.id", "REQUIRED"),
            ({"tag": {"id": str(UUID(int=0)), "displayName": "VIP"}}, ".tag.id", "INVALID_UUID"),
            ({"tag": {"id": id_, "displayName": ""}}, ".tag.display_name", "REQUIRED"),
            ({"tag": {"id": id_, "displayName": "VIP"}}, ".tag.scope", "NOT_AS_STORED"),
            ({"person": {"id": id_, "displayName": "A", "mergedInto": "abc"}}, ".person.merged_into", "INVALID_UUID"),
            ({"person": {"id": id_, "displayName": "A", "teamId": "abc"}}, ".person.team_id", "INVALID_UUID"),
            ({"lifecycleMove": {"id": id_}}, ".lifecycle_move.person_id", "REQUIRED"),
            ({"lifecycleMove": never | {"id": id_, "reason": "x" * 501}}, ".lifecycle_move.reason", "TOO_LONG"),
            ({"matchPolicy": {"id": id_, "mode": "MATCH_MODE_WARN"}}, ".match_policy.id", "NOT_ALLOWED"),
            ({"file": {"id": id_, "fileName": "a.txt"}}, ".file", "CONTENT_NEEDED"),
            ({"setMember": {"id": id_} | since}, ".set_member.tag_id", "ONE_OF_TWO"),
            ({"timelineEntry": entry | {"personId": ""}}, ".timeline_entry.person_id", "CUSTOMER_REQUIRED"),
            ({"timelineEntry": entry | {"record": None}}, ".timeline_entry.record", "REQUIRED"),
            ({"timelineEntry": entry | {"summary": ""}}, ".timeline_entry.summary", "REQUIRED"),
            ({"timelineEntry": entry | {"source": "sales"}}, ".timeline_entry.source", "NOT_POSTED"),
            (
                {"setMember": member | {"removeTime": "2019-01-01T00:00:00Z"}},
                ".set_member.remove_time",
                "INVALID_RANGE",
            ),
        ):
            good = {"tag": tag | {"id": "0198c000-0000-7000-8000-000000000002"}}
            answer = await restored(rest, good, record)
            assert answer.status_code == 400, answer.text
            assert violations(answer).get(f"records[1]{field}") == reason, answer.text
        assert (await rest.get("/v1/tags")).json().get("tags", []) == []


async def test_plt_15_what_the_database_refuses_names_the_record(
    suite: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = await suite.open_tenant("names"), await suite.open_tenant("taken")
    async with one.admin.rest() as old, other.admin.rest() as new:
        person, name = await created(old), word()
        await posted(old, "notes", {"personId": person["id"], "body": "Likes tea"})
        tags = [await posted(old, "tags", {"displayName": each}) for each in (word(), name)]
        await posted(new, "tags", {"displayName": name})
        records = await taken_out(old)
        (place,) = (place for place, each in enumerate(records) if each.get("tag", {}).get("id") == tags[1]["id"])
        refused = await restored(new, *records)  # what the note is about comes behind it
        assert refused.status_code == 409
        assert refused.json()["detail"] == f"records[{place}].tag.display_name: taken by another record"
        assert (await new.get(f"/v1/people/{person['id']}")).status_code == 404
    assert (await rapport(one, monkeypatch, "take-out", str(tmp_path / "names.zip"))).exit_code == 0
    told = await rapport(other, monkeypatch, "restore", str(tmp_path / "names.zip"))
    assert str(told.exception) == f"tag {tags[1]['id']}: display_name: taken by another record"


async def test_plt_15_a_customer_is_on_a_list_once(suite: Suite) -> None:
    one, other = await suite.open_tenant("once"), await suite.open_tenant("twice")
    async with one.admin.rest() as old, other.admin.rest() as new:
        person, tag = await created(old), await posted(old, "tags", {"displayName": word()})
        await posted(old, f"tags/{tag['id']}:apply", {"personIds": [person["id"]]})
        records = backwards(await taken_out(old))
        (member,) = (each["setMember"] for each in records if "setMember" in each)
        double = {"setMember": member | {"id": "0198c000-0000-7000-8000-000000000001"}}
        refused = await restored(new, *records, double)
        assert (refused.status_code, refused.json()["reason"]) == (400, "ALREADY_MEMBER"), refused.text
        assert (await restored(new, *records)).status_code == 200
        assert (await restored(new, double)).json()["reason"] == "ALREADY_MEMBER"
        ended = double["setMember"] | {"removeTime": "2999-01-01T00:00:00Z", "removerId": member["actorId"]}
        assert (await restored(new, {"setMember": ended})).status_code == 200


async def test_plt_15_a_file_that_could_not_be_uploaded_is_not_restored(suite: Suite) -> None:
    one, other = await suite.open_tenant("sound"), await suite.open_tenant("unsound")
    async with one.admin.rest() as old, other.admin.rest() as new:
        person = await created(old)
        query = {"personId": person["id"], "fileName": "offer.txt"}
        made = (await old.post("/v1/files:upload", params=query, content=b"10% off")).json()
        await restored(new, *backwards(await taken_out(old)))
        for more, reason in (
            ({"fileName": "offer.exe"}, "EXECUTABLE_REFUSED"),
            ({"fileName": "../offer.txt"}, "INVALID_NAME"),
            ({"personId": "abc"}, "INVALID_UUID"),
            ({"deleteTime": "2020-01-01T00:00:00Z"}, "DELETED"),
        ):
            record = {f"file.{name}": value for name, value in (made | more).items()}
            refused = await new.post("/v1/records:uploadFile", params=record, content=b"10% off")
            assert (refused.status_code, refused.json()["reason"]) == (400, reason), refused.text
        record = {f"file.{name}": value for name, value in (made | {"personId": made["id"]}).items()}
        refused = await new.post("/v1/records:uploadFile", params=record, content=b"10% off")
        assert violations(refused) == {"file.person_id": "NOT_FOUND"}


async def test_plt_15_a_file_comes_with_the_content_that_its_record_names(suite: Suite) -> None:
    one, other = await suite.open_tenant("file"), await suite.open_tenant("filed")
    async with one.admin.rest() as old, other.admin.rest() as new:
        person = await created(old)
        query = {"personId": person["id"], "fileName": "offer.txt"}
        made = (await old.post("/v1/files:upload", params=query, content=b"10% off")).json()
        await restored(new, *backwards(await taken_out(old)))
        record = {f"file.{name}": value for name, value in made.items()}
        refused = await new.post("/v1/records:uploadFile", params=record, content=b"20% off")
        assert (refused.status_code, violations(refused)) == (400, {"file.sha256": "CONTENT_DIFFERS"})
        for counted in ({"restoredCount": 1}, {"keptCount": 1}):
            answer = await new.post("/v1/records:uploadFile", params=record, content=b"10% off")
            assert answer.json() == counted, answer.text
        assert (await new.get(f"/v1/files/{made['id']}:download")).content == b"10% off"


async def test_plt_15_a_take_out_during_which_somebody_is_erased_is_begun_anew(suite: Suite) -> None:
    tenant = await suite.open_tenant("erasing")
    async with tenant.admin.rest() as rest:
        for _ in range(3):
            person = await created(rest)
        page = (await rest.get("/v1/records", params={"pageSize": 1})).json()
        assert (await rest.post(f"/v1/people/{person['id']}:erase", json={})).status_code == 200
        following = await rest.get("/v1/records", params={"pageSize": 1, "pageToken": page["nextPageToken"]})
        assert (following.status_code, following.json()["reason"]) == (400, "ERASED_MEANWHILE")
        assert (await rest.get("/v1/records", params={"pageSize": 1})).status_code == 200


async def test_plt_15_nobody_takes_records_out_or_in_by_the_way(source: Holdings) -> None:
    for caller in source.callers[1:]:
        async with caller.rest() as rest:
            assert (await rest.get("/v1/records")).status_code == 403
            assert (await restored(rest, {"tag": {}})).status_code == 403


async def test_plt_15_who_reaches_some_records_only_takes_none_out(suite: Suite) -> None:
    tenant = await suite.open_tenant("reach")
    grants = [
        roles_pb2.Grant(permission=f"contact.records.{verb}", scope=roles_pb2.SCOPE_TEAM)
        for verb in ("take_out", "restore")
    ]
    grants.append(roles_pb2.Grant(permission="identity.api_keys.*", scope=roles_pb2.SCOPE_OWN))
    role = roles_pb2.Role(key="mover", display_name="Mover", grants=grants)
    await tenant.admin.role.create_role(roles_pb2.CreateRoleRequest(role=role))
    async with (await tenant.user("mover")).rest() as rest:
        for answer in (await rest.get("/v1/records"), await restored(rest, {"tag": {"displayName": word()}})):
            assert (answer.status_code, answer.json()["reason"]) == (403, "PERMISSION_DENIED")


async def test_plt_15_large_records_come_on_shorter_pages(suite: Suite) -> None:
    tenant = await suite.open_tenant("large")
    async with tenant.admin.rest() as rest:
        person = await created(rest)
        for _ in range(120):
            await posted(rest, "notes", {"personId": person["id"], "body": "x" * 100_000})
        page = (await rest.get("/v1/records", params={"pageSize": 1000})).json()
        assert 40 <= len(page["records"]) < 121
        assert len(await taken_out(rest, page_size=1000)) == 121


async def test_plt_15_every_page_and_every_restored_batch_is_told(suite: Suite) -> None:
    tenant = await suite.open_tenant("told")
    async with tenant.admin.rest() as rest:
        await posted(rest, "tags", {"displayName": word()})
        (record,) = await taken_out(rest)
        await restored(rest, record)
    types = "SELECT type FROM event WHERE tenant = $1 AND resource = 'contact.rapport/TakeOut' ORDER BY id"
    told = [row["type"].rpartition(".")[2] for row in await rows(suite.stack, "contact", types, tenant.id)]
    assert told == ["RecordsTakenOut", "RecordsRestored"]
