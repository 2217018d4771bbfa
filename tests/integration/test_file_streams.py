"""What becomes of uploads that fail, of streams that wait, and of what a scanner finds (CON-16)."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import pytest_asyncio

from rapport.api.v1.content_pb2 import Content
from rapport.contact.v1 import files_pb2
from rapport_contact.settings import process_settings
from rapport_kit.domain import uuid7
from rapport_kit.errors import Invalid
from rapport_kit.telemetry import metrics
from tests.callers import Suite, Tenant
from tests.databases import rows
from tests.eventually import eventually
from tests.files import blobs_of, new_person, stored, upload

OPEN_TRANSACTIONS = """
SELECT 1 FROM pg_stat_activity
 WHERE datname = current_database() AND application_name = 'contact-app' AND state LIKE 'idle in transaction%'
"""
WATCHED = "rapport.contact.v1.FileService.WatchFile"
LEFT_OVER = """
INSERT INTO timer (tenant, kind, key, due_at, try_at) VALUES ($1, 'rapport.blob.sweep', $2, now(), now())
"""


@pytest_asyncio.fixture(loop_scope="session")
async def person(rest: httpx2.AsyncClient) -> str:
    return await new_person(rest)


async def test_con_16_an_upload_that_is_repeated_is_stored_once_and_its_key_takes_no_other_content(
    suite: Suite, tenant: Tenant, rest: httpx2.AsyncClient, person: str
) -> None:
    before, content = blobs_of(suite, tenant), os.urandom(3000)
    first = await upload(rest, person, content, idempotency_key="the-same")
    again = await upload(rest, person, content, idempotency_key="the-same")
    assert first.json() == again.json()
    other = await upload(rest, person, content[:-1] + b"x", idempotency_key="the-same")
    assert (other.status_code, other.json()["reason"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert len(blobs_of(suite, tenant) - before) == 1


async def test_con_16_a_repeat_may_bring_the_same_content_in_other_pieces(tenant: Tenant, person: str) -> None:
    request_id = str(uuid7())

    async def request(*pieces: bytes) -> AsyncIterator[files_pb2.UploadFileRequest]:
        for place, data in enumerate(pieces, 1):
            message = files_pb2.UploadFileRequest(file_name="a.txt", person_id=person, request_id=request_id)
            message.content.MergeFrom(Content(data=data, last=place == len(pieces)))
            yield message

    whole = await tenant.admin.file.upload_file(request(b"the same"))
    assert await tenant.admin.file.upload_file(request(b"the", b" same")) == whole


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"fileName": "a.txt"}, "CUSTOMER_REQUIRED"),
        ({"fileName": "a.txt", "personId": "01890a5d-ac96-774b-bcce-b302099a8057"}, "NOT_FOUND"),
        ({"fileName": "../..", "personId": "«person»"}, "INVALID_NAME"),
        ({"personId": "«person»"}, "REQUIRED"),
        ({"fileName": "a.txt", "personId": "«person»", "validateOnly": "true"}, ""),
    ],
)
async def test_con_16_what_is_refused_or_only_checked_leaves_no_content(
    suite: Suite, tenant: Tenant, rest: httpx2.AsyncClient, person: str, params: dict[str, str], reason: str
) -> None:
    before = blobs_of(suite, tenant)
    params = {name: value.replace("«person»", person) for name, value in params.items()}
    answer = await rest.post("/v1/files:upload", params=params, content=os.urandom(100))
    assert answer.json().get("reason", "") == reason, answer.text
    assert {each["field"] for each in answer.json().get("violations", [])} <= {"person_id", "file_name"}
    assert blobs_of(suite, tenant) == before


@pytest.mark.parametrize(
    "headers", [{"content-type": "multipart/form-data; boundary=x"}, {"content-encoding": "gzip"}], ids=str
)
@pytest.mark.parametrize("path", ["files", "importJobs"])
async def test_con_16_a_form_or_a_compression_is_not_taken_for_the_content(
    rest: httpx2.AsyncClient, person: str, path: str, headers: dict[str, str]
) -> None:
    params = {"fileName": "a.csv"} | ({"personId": person} if path == "files" else {})
    content = b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\na,b\r\n--x--'
    answer = await rest.post(f"/v1/{path}:upload", params=params, content=content, headers=headers)
    assert (answer.status_code, answer.json()["reason"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_con_16_an_upload_that_is_broken_off_leaves_nothing(
    suite: Suite, tenant: Tenant, person: str, rest: httpx2.AsyncClient
) -> None:
    before = blobs_of(suite, tenant)
    files = len((await rest.get("/v1/files", params={"pageSize": 1000})).json()["files"])

    async def broken() -> AsyncIterator[files_pb2.UploadFileRequest]:
        request = files_pb2.UploadFileRequest(file_name="a.txt", person_id=person)
        request.content.data = b"half of it"
        yield request

    with pytest.raises(Invalid, match="broken off"):
        await tenant.admin.file.upload_file(broken())

    gateway = urlsplit(suite.stack.address)
    _, writer = await asyncio.open_connection(gateway.hostname, gateway.port)
    authorization = rest.headers["authorization"]
    target = f"/v1/files:upload?fileName=a.txt&personId={person}"
    head = f"POST {target} HTTP/1.1\r\nhost: x\r\nauthorization: {authorization}\r\ncontent-length: 100000\r\n\r\n"
    writer.write(head.encode() + b"x" * 5000)
    await writer.drain()
    await asyncio.sleep(0.3)
    writer.close()

    async def tidy() -> None:
        assert blobs_of(suite, tenant) == before
        assert not await rows(suite.stack, "contact", "SELECT 1 FROM timer WHERE kind = 'rapport.blob.sweep'")

    await eventually(tidy, AssertionError)
    assert len((await rest.get("/v1/files", params={"pageSize": 1000})).json()["files"]) == files


async def test_con_16_too_much_is_refused_before_it_is_read(suite: Suite, rest: httpx2.AsyncClient) -> None:
    gateway = urlsplit(suite.stack.address)
    reader, writer = await asyncio.open_connection(gateway.hostname, gateway.port)
    authorization = rest.headers["authorization"]
    head = f"POST /v1/files:upload?fileName=a HTTP/1.1\r\nhost: x\r\nauthorization: {authorization}\r\n"
    writer.write(f"{head}content-length: {2**40}\r\n\r\n".encode())
    assert b" 413 " in await asyncio.wait_for(reader.readline(), 5)
    writer.close()


async def test_con_16_a_file_is_watched_as_events(rest: httpx2.AsyncClient, person: str) -> None:
    file = await stored(rest, person)
    names = []
    async with rest.stream("GET", f"/v1/files/{file['id']}:watch") as events:
        assert events.headers["content-type"] == "text/event-stream"
        async for line in events.aiter_lines():
            if not line.startswith("data: "):
                continue
            seen = json.loads(line.removeprefix("data: "))
            names.append(seen["fileName"])
            if "deleteTime" in seen:
                break
            if len(names) == 1:
                await rest.patch(f"/v1/files/{file['id']}", json={"fileName": "renamed.pdf"})
            else:
                await rest.delete(f"/v1/files/{file['id']}")
    assert names == ["offer.pdf", "renamed.pdf", "renamed.pdf"]


def abandoned_streams() -> float:
    """How many streams of this kind have ended with their callers."""
    samples = [one for metric in metrics.RPC_SERVER_DURATION.collect() for one in metric.samples]
    counts = [one for one in samples if one.name.endswith("_count") and one.labels["method"] == WATCHED]
    return sum(one.value for one in counts if one.labels["code"] == "CANCELLED")


async def test_con_16_a_stream_holds_no_transaction_open_and_ends_with_its_caller(
    suite: Suite, rest: httpx2.AsyncClient, person: str
) -> None:
    file, before = await stored(rest, person), abandoned_streams()
    async with rest.stream("GET", f"/v1/files/{file['id']}:watch") as events:
        await anext(events.aiter_lines())
        open_ = 0
        for _ in range(20):
            await asyncio.sleep(0.05)
            open_ += bool(await rows(suite.stack, "contact", OPEN_TRANSACTIONS))
        assert open_ < 5

    async def ended() -> None:
        assert abandoned_streams() == before + 1

    await eventually(ended)


async def test_con_16_what_a_killed_process_left_of_an_upload_is_swept(suite: Suite, tenant: Tenant) -> None:
    folder = Path(urlsplit(suite.stack.environment["RAPPORT_BLOB_URL"]).path)
    key = f"{tenant.id}/contact/left-over"
    (folder / key).parent.mkdir(parents=True, exist_ok=True)
    (folder / key).write_bytes(b"nobody's")
    await rows(suite.stack, "contact", LEFT_OVER, tenant.id, key)

    async def swept() -> None:
        assert not (folder / key).exists()

    await eventually(swept, AssertionError)


async def test_con_16_a_virus_is_found_before_anybody_can_download_it(
    rest: httpx2.AsyncClient, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned = asyncio.Event()

    async def clamd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speaks ClamAV's INSTREAM and knows one signature."""
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(size)
        await scanned.wait()
        writer.write(b"stream: Eicar-Test-Signature FOUND\0" if b"EICAR" in content else b"stream: OK\0")
        writer.close()

    async def in_state(file: dict[str, Any], state: str) -> None:
        assert (await rest.get(f"/v1/files/{file['id']}")).json()["scanState"] == f"FILE_SCAN_STATE_{state}"

    async with await asyncio.start_server(clamd, "127.0.0.1", 0) as server:
        monkeypatch.setenv("RAPPORT_CONTACT_CLAMD", f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
        process_settings.cache_clear()
        try:
            bad = await stored(rest, person, b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")
            good = await stored(rest, person, b"harmless")
            refused = await rest.get(f"/v1/files/{good['id']}:download")
            assert (refused.status_code, refused.json()["reason"]) == (400, "FILE_NOT_SCANNED")
            scanned.set()
            await eventually(lambda: in_state(bad, "INFECTED"))
            await eventually(lambda: in_state(good, "CLEAN"))
        finally:
            monkeypatch.undo()
            process_settings.cache_clear()
    refused = await rest.get(f"/v1/files/{bad['id']}:download")
    assert (refused.status_code, refused.json()["reason"]) == (400, "FILE_INFECTED")
    assert (await rest.post(f"/v1/files/{bad['id']}:createLink", json={})).json()["reason"] == "FILE_INFECTED"
    assert (await rest.get(f"/v1/files/{good['id']}:download")).content == b"harmless"
