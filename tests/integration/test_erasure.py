"""A person who is erased is erased everywhere, and there is a proof of it (PLT-07, PLT-08)."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import nats
import pytest
from typer.testing import CliRunner

from rapport.contact.v1.events_pb2 import PersonErased
from rapport_kit.cli import build
from rapport_kit.domain import uuid7
from rapport_kit.testing.stack import Stack
from tests.backups import has_key, restored, taken
from tests.callers import Suite, Tenant
from tests.canaries import Canaries, every_place, files_of
from tests.databases import rows
from tests.eventually import eventually
from tests.files import blobs_of, stored
from tests.imports import at_rest
from tests.people import created


async def erased(rest: httpx2.AsyncClient, person: str, **headers: str) -> dict[str, Any]:
    answer = await rest.post(f"/v1/people/{person}:erase", json={}, headers=headers)
    assert answer.status_code == 200, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


async def test_plt_07_no_canary_is_left_anywhere_after_an_erasure(
    suite: Suite, tenant: Tenant, rest: httpx2.AsyncClient, servers_directory: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    canaries = Canaries.fresh()
    key = {"Idempotency-Key": str(uuid7())}
    made = (await rest.post("/v1/people", json=canaries.person(), headers=key)).json()
    path = f"/v1/people/{made['id']}"
    await rest.patch(path, json={"jobTitle": canaries.word("title")}, headers={"Idempotency-Key": str(uuid7())})
    await rest.get(f"{path}:listRevisions")
    tag = (await rest.post("/v1/tags", json={"displayName": "Met"})).json()
    applied = {"personIds": [made["id"]], "reason": canaries.word("reason")}
    assert (await rest.post(f"/v1/tags/{tag['id']}:apply", json=applied)).status_code == 200
    found = await rest.get("/v1/people:search", params={"query": canaries.word("family")})
    assert [person["id"] for person in found.json()["people"]] == [made["id"]]
    for file_format in ("CSV", "XLSX", "VCARD", "PARQUET"):  # made while it is sent, and kept nowhere
        sent = await rest.get("/v1/people:export", params={"file_format": f"FILE_FORMAT_{file_format}"})
        assert sent.status_code == 200
        assert canaries.within(sent.content) or file_format in ("XLSX", "PARQUET"), "those two are packed"
    await eventually(lambda: published(suite), AssertionError)
    before = await every_place(suite.stack, servers_directory, canaries)
    assert any(made["id"].encode() in path.read_bytes() for path in files_of(servers_directory)), "the broker has it"
    places = ("person", "person_channel", "person_external_id", "membership")
    assert {f"contact: {table}" for table in places} == before

    await erased(rest, made["id"])

    await eventually(lambda: published(suite), AssertionError)
    assert await every_place(suite.stack, servers_directory, canaries) == set()
    assert not canaries.within("".join(capfd.readouterr()).encode())
    assert (await rest.get(path)).json()["reason"] == "PERSON_NOT_FOUND"
    assert (await rest.get(f"{path}:listRevisions")).status_code == 404
    assert "people" not in (await rest.get("/v1/people:search", params={"query": canaries.word("family")})).json()
    again = (await rest.post("/v1/people", json=canaries.person(), headers=key)).json()
    assert again["id"] == made["id"]
    assert not canaries.within(json.dumps(again).encode())


async def test_plt_07_what_is_about_somebody_and_the_files_they_came_in_go_with_them(
    suite: Suite, tenant: Tenant, rest: httpx2.AsyncClient, servers_directory: Path
) -> None:
    canaries = Canaries.fresh()
    named, mail = canaries.word("family"), f"{canaries.mark}@people.example"
    content = f"given_name,family_name,email\nAda,{named},{mail}\nNobody,{named},no address\n"
    job = (await rest.post("/v1/importJobs:upload", content=content.encode())).json()
    assert await every_place(suite.stack, servers_directory, canaries) == set(), "a file is sealed from the beginning"
    await rest.post(f"/v1/importJobs/{job['id']}:start", json={})
    await at_rest(rest, job)
    (made,) = (await rest.get("/v1/people", params={"filter": f'family_name = "{named}"'})).json()["people"]
    call = {"type": "ACTIVITY_TYPE_CALL", "subject": canaries.word("call"), "startTime": "2026-01-31T09:00:00Z"}
    for plural, body in (
        ("notes", {"body": canaries.word("note")}),
        ("activities", call),
        ("tasks", {"title": canaries.word("task")}),
        ("familyMembers", {"role": "FAMILY_ROLE_CHILD", "displayName": canaries.word("child")}),
    ):
        assert (await rest.post(f"/v1/{plural}", json={"personId": made["id"]} | body)).status_code == 200
    await stored(rest, made["id"], canaries.word("file").encode(), f"{canaries.mark}.txt")
    assert named in (await rest.get(f"/v1/importJobs/{job['id']}:downloadFaults")).text

    await erased(rest, made["id"])

    async def nowhere() -> None:
        await published(suite)
        assert await every_place(suite.stack, servers_directory, canaries) == set()

    await eventually(nowhere, AssertionError)
    refused = (await rest.get(f"/v1/importJobs/{job['id']}:downloadFaults")).text.splitlines()
    assert [line.split(",")[:3] for line in refused[1:]] == [["3", "email", "INVALID_EMAIL"]]
    assert not canaries.within("".join(refused).encode())


async def test_plt_07_a_file_that_nothing_is_read_from_any_more_is_not_kept(
    suite: Suite, tenant: Tenant, rest: httpx2.AsyncClient
) -> None:
    before = blobs_of(suite, tenant)

    async def imported(content: str, *verbs: str) -> None:
        job = (await rest.post("/v1/importJobs:upload", content=content.encode())).json()
        assert len(blobs_of(suite, tenant) - before) == 1
        for verb in verbs:
            assert (await rest.post(f"/v1/importJobs/{job['id']}:{verb}", json={})).status_code == 200
            await at_rest(rest, job)

    async def nothing_more() -> None:
        assert blobs_of(suite, tenant) == before

    await imported("given_name,email\nAda,ada@example.org\n", "start")
    await eventually(nothing_more, AssertionError)
    await imported("given_name,email\nBo,bo@example.org\nCy,none\n", "start", "undo")
    await eventually(nothing_more, AssertionError)


async def published(suite: Suite) -> None:
    """Whether the relay has brought every event to the broker."""
    assert await rows(suite.stack, "contact", "SELECT 1 FROM event WHERE published_seq IS NULL") == []


async def test_plt_08_who_is_erased_is_told_of_without_being_described(suite: Suite, rest: httpx2.AsyncClient) -> None:
    made = await created(rest)
    await erased(rest, made["id"])
    statement = "SELECT type, payload FROM event WHERE aggregate = $1 ORDER BY id"
    told = await rows(suite.stack, "contact", statement, UUID(made["id"]))
    assert [row["type"].rpartition(".")[2] for row in told] == ["PersonChanged", "PersonErased"]
    assert PersonErased.FromString(told[1]["payload"]).person_id == made["id"]
    broker = await nats.connect(suite.stack.environment["RAPPORT_NATS_URL"])
    subscription = await broker.jetstream().subscribe("rapport.contact.v1.PersonErased", ordered_consumer=True)
    seen = ""
    while seen != made["id"]:
        seen = PersonErased.FromString((await subscription.next_msg(timeout=10)).data).person_id
    await broker.close()


async def test_plt_08_a_receipt_says_what_was_erased_and_holds_offline(
    tenant: Tenant, rest: httpx2.AsyncClient, tmp_path: Path
) -> None:
    made = await created(
        rest, channels=[{"email": {"address": "a@b.example"}}], externalIds=[{"system": "erp", "value": str(uuid4())}]
    )
    receipt = await erased(rest, made["id"])
    assert (receipt["personId"], receipt["erasedBy"]) == (made["id"], tenant.admin.id)
    gone = {"person": 1, "person_channel": 1, "person_external_id": 1, "subject_key": 1}
    assert gone.items() <= receipt["erasedRows"].items()
    public = (await rest.get("/v1/receiptKeys")).json()
    file, keys = tmp_path / "receipt.json", tmp_path / "keys.json"
    file.write_text(json.dumps(receipt))
    keys.write_text(json.dumps(public))
    cli, rapport = CliRunner(), build()
    for pinned in (["--key", str(keys)], ["--fingerprint", public["keys"][0]["kid"]]):
        checked = cli.invoke(rapport, ["receipt", "verify", str(file), *pinned])
        assert checked.exit_code == 0, checked.output
        assert json.loads(checked.output)["person_id"] == made["id"]
    stranger = cli.invoke(rapport, ["receipt", "verify", str(file), "--fingerprint", "A" * 43])
    head, content, signature = receipt["token"].split(".")
    file.write_text(f"{head}.{content[:-4]}AAAA.{signature}")
    changed = cli.invoke(rapport, ["receipt", "verify", str(file), "--key", str(keys)])
    assert (stranger.exit_code, changed.exit_code) == (1, 1)
    token = receipt["token"].encode()
    for nothing, keyring in ((b"{", keys), (b"{}", keys), (b"[]", keys), (b"\xff\x00", keys), (token, file)):
        file.write_bytes(nothing)
        refused = cli.invoke(rapport, ["receipt", "verify", str(file), "--key", str(keyring)])
        assert refused.exit_code == 1
        assert isinstance(refused.exception, SystemExit), "it is told, not thrown"
        assert "not valid" in refused.output
    missing = cli.invoke(rapport, ["receipt", "verify", str(tmp_path / "none"), "--key", str(keys)])
    assert (missing.exit_code, isinstance(missing.exception, SystemExit)) == (2, True)


async def test_plt_08_an_erasure_that_is_repeated_has_the_same_receipt(rest: httpx2.AsyncClient) -> None:
    made, key = await created(rest), str(uuid7())
    first = await erased(rest, made["id"], **{"Idempotency-Key": key})
    assert await erased(rest, made["id"], **{"Idempotency-Key": key}) == first
    assert await erased(rest, made["id"]) == first


async def test_plt_08_erasures_and_changes_at_once_end_in_an_erasure(rest: httpx2.AsyncClient) -> None:
    made = await created(rest)
    path = f"/v1/people/{made['id']}"
    answers = await asyncio.gather(
        *(rest.patch(path, json={"jobTitle": f"Title {n}"}) for n in range(5)),
        *(rest.post(f"{path}:erase", json={}) for _ in range(3)),
        *(rest.get(path) for _ in range(5)),
    )
    assert {answer.status_code for answer in answers} <= {200, 404}
    assert len({answer.json()["token"] for answer in answers[5:8]}) == 1
    assert (await rest.get(path)).status_code == 404


async def test_plt_08_only_an_administrator_may_erase(tenant: Tenant, rest: httpx2.AsyncClient) -> None:
    made = await created(rest)
    for role in ("manager", "rep", "marketer", "agent", "analyst"):
        async with (await tenant.user(role)).rest() as other:
            assert (await other.post(f"/v1/people/{made['id']}:erase", json={})).status_code == 403
    integration = await tenant.service_account("integration")
    async with integration.rest() as other:
        assert (await other.post(f"/v1/people/{made['id']}:erase", json={})).status_code == 403
    unknown = await rest.post(f"/v1/people/{uuid4()}:erase", json={})
    assert (unknown.status_code, unknown.json()["reason"]) == (404, "PERSON_NOT_FOUND")


async def test_plt_07_keys_are_rotated_while_people_are_read_and_written(
    suite: Suite, tenant: Tenant, rest: httpx2.AsyncClient
) -> None:
    people = [await created(rest, gender=f"g{n}") for n in range(20)]
    wrapped = "SELECT DISTINCT tenant_key_version FROM subject_key WHERE tenant = $1"
    outcomes, finished = [], asyncio.Event()

    async def work(start: int) -> None:
        number = start
        while not finished.is_set():
            person = people[number % len(people)]
            number += 1
            read = await rest.get(f"/v1/people/{person['id']}")
            revisions = await rest.get(f"/v1/people/{person['id']}:listRevisions")
            new = await rest.post("/v1/people", json={"givenName": "New", "gender": "new"})
            outcomes.extend([read.status_code, revisions.status_code, new.status_code])
            assert read.json()["gender"] == person["gender"]
            assert revisions.json()["revisions"][-1]["snapshot"]["gender"] == person["gender"]

    async def rewrapped() -> None:
        assert [row[0] for row in await rows(suite.stack, "contact", wrapped, UUID(tenant.id))] == [2]

    async with asyncio.TaskGroup() as tasks:
        readers = [tasks.create_task(work(5 * n)) for n in range(3)]
        assert (await rest.post("/v1/subjectKeys:rotate", json={})).status_code == 200
        await eventually(rewrapped, AssertionError)
        finished.set()
    assert len(readers) == 3
    assert set(outcomes) == {200}


async def test_plt_08_who_comes_back_with_a_backup_is_erased_again_by_the_receipts(
    stack: Stack, rest: httpx2.AsyncClient, tmp_path: Path
) -> None:
    back, gone = await created(rest), await created(rest)
    backup = await taken(stack, back["id"])
    receipts = [(await erased(rest, each["id"]))["token"] for each in (back, gone)]
    await restored(stack, back["id"], backup)
    assert (await rest.get(f"/v1/people/{back['id']}")).json()["familyName"] == back["familyName"]

    file, keys = tmp_path / "receipts", tmp_path / "keys.json"
    keys.write_text((await rest.get("/v1/receiptKeys")).text)
    file.write_text("\n".join([*receipts, receipts[0][:-9] + "forgedone"]))
    assert (await reapplied(rest, file, keys))[0] == 1
    assert (await rest.get(f"/v1/people/{back['id']}")).status_code == 200
    file.write_text("\n".join(receipts))
    assert await reapplied(rest, file, keys) == (0, f"{back['id']} erased\n{gone['id']} gone already\n")
    assert (await rest.get(f"/v1/people/{back['id']}")).status_code == 404
    assert not await has_key(stack, back["id"])


async def reapplied(rest: httpx2.AsyncClient, file: Path, keys: Path) -> tuple[int | None, str]:
    """The exit code and the output of the command, with the caller's key."""
    environment = {**os.environ, "RAPPORT_API_KEY": rest.headers["authorization"].removeprefix("Bearer ")}
    command = (sys.executable, "-c", "from rapport_kit.cli import build; build()()", "receipt", "reapply")
    process = await asyncio.create_subprocess_exec(
        *command, str(file), "--key", str(keys), env=environment, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()
