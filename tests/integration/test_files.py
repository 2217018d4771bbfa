"""Files through the door that customers use: REST, with bytes as they are (the file half of CON-16)."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx2
import pytest
import pytest_asyncio

from rapport.contact.v1 import files_pb2
from rapport_contact.settings import contact_settings
from rapport_kit.errors import Invalid
from rapport_kit.telemetry import metrics
from tests.callers import Suite, Tenant
from tests.eventually import eventually

PDF = b"%PDF-1.7\n" + os.urandom(1000)

OPEN_TRANSACTIONS = """
SELECT 1 FROM pg_stat_activity
 WHERE datname = current_database() AND application_name = 'contact-app' AND state LIKE 'idle in transaction%'
"""
WATCHED = "rapport.contact.v1.FileService.WatchFile"
LEFT_OVER = """
INSERT INTO timer (tenant, kind, key, due_at, try_at) VALUES ($1, 'rapport.blob.sweep', $2, now(), now())
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def rest(tenant: Tenant) -> AsyncIterator[httpx2.AsyncClient]:
    async with tenant.admin.rest() as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def person(rest: httpx2.AsyncClient) -> str:
    return await new_person(rest)


async def new_person(rest: httpx2.AsyncClient) -> str:
    made = await rest.post("/v1/people", json={"givenName": "Ada", "familyName": "Okafor"})
    return str(made.json()["id"])


async def upload(
    rest: httpx2.AsyncClient, person: str, content: Any = PDF, name: str = "offer.pdf", **headers: str
) -> httpx2.Response:
    where = {"fileName": name, "personId": person}
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return await rest.post("/v1/files:upload", params=where, content=content, headers=headers)


async def stored(
    rest: httpx2.AsyncClient, person: str, content: bytes = PDF, name: str = "offer.pdf"
) -> dict[str, Any]:
    answer = await upload(rest, person, content, name)
    assert answer.status_code == 200, answer.text
    file: dict[str, Any] = answer.json()
    return file


async def contact_rows(suite: Suite, statement: str, *values: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(suite.stack.admin_urls["contact"])
    try:
        return list(await connection.fetch(statement, *values))
    finally:
        await connection.close()


async def erase(suite: Suite, tenant: Tenant, person: str) -> None:
    """Remove a person's row as an erasure does, in a transaction of the tenant; foreign keys take the rest along."""
    connection = await asyncpg.connect(suite.stack.admin_urls["contact"])
    async with connection.transaction():
        await connection.execute("SELECT set_config('rapport.tenant', $1, true)", tenant.id)
        await connection.execute("DELETE FROM person WHERE id = $1", person)
    await connection.close()


def blobs_of(suite: Suite, tenant: Tenant) -> set[Path]:
    """The files of the tenant in the blob store."""
    folder = Path(urlsplit(suite.stack.environment["RAPPORT_BLOB_URL"]).path) / tenant.id
    return {path for path in folder.rglob("*") if path.is_file()}


async def test_con_16_what_is_uploaded_is_described_and_comes_back(rest: httpx2.AsyncClient, person: str) -> None:
    answer = await upload(rest, person, content_type="application/pdf")
    assert answer.status_code == 200, answer.text
    file = answer.json()
    assert answer.headers["etag"] == '"1"'
    assert file["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert (file["size"], file["contentType"], file["scanState"]) == (
        str(len(PDF)),
        "application/pdf",
        "FILE_SCAN_STATE_UNSCANNED",
    )
    assert "claimedType" not in file
    got = await rest.get(f"/v1/files/{file['id']}:download")
    assert got.status_code == 200
    assert got.content == PDF
    assert (await rest.get(f"/v1/files/{file['id']}")).json() == file


async def test_con_16_a_download_cannot_run_in_the_page_that_offers_it(rest: httpx2.AsyncClient, person: str) -> None:
    page = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
    file = await stored(rest, person, page, 'Grüße "x".html')
    got = await rest.get(f"/v1/files/{file['id']}:download")
    assert got.headers["content-type"] == "text/html"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert got.headers["content-disposition"] == (
        "attachment; filename=\"Gr__e _x_.html\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%22x%22.html"
    )


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-9", 206, 0, 9),
        ("bytes=1000-", 206, 1000, len(PDF) - 1),
        ("bytes=-4", 206, len(PDF) - 4, len(PDF) - 1),
        ("bytes=990-99999", 206, 990, len(PDF) - 1),
        ("bytes=5-2", 200, 0, len(PDF) - 1),
        ("lines=1-2", 200, 0, len(PDF) - 1),
        ("bytes=0-1,5-6", 200, 0, len(PDF) - 1),
    ],
)
async def test_con_16_a_part_is_read_without_the_rest(
    rest: httpx2.AsyncClient, person: str, asked: str, status: int, first: int, last: int
) -> None:
    file = await stored(rest, person)
    got = await rest.get(f"/v1/files/{file['id']}:download", headers={"range": asked})
    assert got.status_code == status, got.text
    assert got.content == PDF[first : last + 1]
    assert got.headers.get("content-range") == (f"bytes {first}-{last}/{len(PDF)}" if status == 206 else None)


async def test_con_16_a_part_behind_the_end_is_refused(rest: httpx2.AsyncClient, person: str) -> None:
    file = await stored(rest, person)
    got = await rest.get(f"/v1/files/{file['id']}:download", headers={"range": f"bytes={len(PDF)}-"})
    assert got.status_code == 416
    assert got.json()["reason"] == "RANGE_NOT_SATISFIABLE"


async def test_con_16_what_the_caller_has_is_not_sent_again(rest: httpx2.AsyncClient, person: str) -> None:
    file = await stored(rest, person)
    got = await rest.get(f"/v1/files/{file['id']}:download")
    again = await rest.get(f"/v1/files/{file['id']}:download", headers={"if-none-match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = await rest.head(f"/v1/files/{file['id']}:download")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(PDF)))


async def test_con_16_the_content_says_what_it_is_and_a_wrong_claim_is_kept_beside(
    rest: httpx2.AsyncClient, person: str
) -> None:
    answer = await upload(rest, person, PDF, "photo.jpg", content_type="image/jpeg")
    assert (answer.json()["contentType"], answer.json()["claimedType"]) == ("application/pdf", "image/jpeg")


@pytest.mark.parametrize(
    ("content", "name", "field"),
    [
        (b"MZ\x90\0" + bytes(100), "invoice.pdf", "content"),
        (b"\x7fELF" + bytes(100), "photo.png", "content"),
        (b"#!/bin/sh\nrm -rf /", "notes.txt", "content"),
        (b"WScript.Echo(1)", "invoice.pdf.JS", "file_name"),
    ],
)
async def test_con_16_programs_are_refused(
    rest: httpx2.AsyncClient, person: str, content: bytes, name: str, field: str
) -> None:
    answer = await upload(rest, person, content, name)
    assert answer.status_code == 400, answer.text
    assert (answer.json()["reason"], answer.json()["violations"][0]["field"]) == ("EXECUTABLE_REFUSED", field)


async def test_con_16_the_same_content_is_stored_once_and_stays_until_the_last_record_is_erased(
    suite: Suite, tenant: Tenant, rest: httpx2.AsyncClient
) -> None:
    before, content = blobs_of(suite, tenant), os.urandom(5000)
    first, second = [await new_person(rest) for _ in range(2)]
    await stored(rest, first, content)
    kept = await stored(rest, second, content)
    (blob,) = blobs_of(suite, tenant) - before

    await erase(suite, tenant, first)
    assert (await rest.get(f"/v1/files/{kept['id']}:download")).content == content
    await asyncio.sleep(1.5)  # a timer that should not be there would have run
    assert blob.exists()

    await erase(suite, tenant, second)

    async def gone() -> None:
        assert not blob.exists()

    await eventually(gone, AssertionError)
    assert not await contact_rows(suite, "SELECT 1 FROM blob WHERE sha256 = $1", kept["sha256"])


async def test_con_16_a_deleted_file_takes_its_content_and_its_links_along(
    suite: Suite, tenant: Tenant, rest: httpx2.AsyncClient, person: str
) -> None:
    before = blobs_of(suite, tenant)
    file = await stored(rest, person, os.urandom(2000))
    (blob,) = blobs_of(suite, tenant) - before
    link = (await rest.post(f"/v1/files/{file['id']}:createLink", json={})).json()["uri"]
    assert (await rest.delete(f"/v1/files/{file['id']}")).status_code == 200

    async def gone() -> None:
        assert not blob.exists()

    await eventually(gone, AssertionError)
    refused = await rest.get(f"/v1/files/{file['id']}:download")
    assert (refused.status_code, refused.json()["reason"]) == (400, "FILE_DELETED")
    assert (await rest.get(link)).status_code == 400


async def test_con_16_a_link_needs_no_session_and_ends_in_time(
    suite: Suite, rest: httpx2.AsyncClient, person: str
) -> None:
    file = await stored(rest, person)
    answer = await rest.post(f"/v1/files/{file['id']}:createLink", json={"lifetime": "2s"})
    assert answer.status_code == 200, answer.text
    link = answer.json()["uri"]
    async with suite.anybody.rest() as stranger:
        got = await stranger.get(link, headers={"range": "bytes=0-3"})
        assert (got.status_code, got.content) == (206, PDF[:4])
        assert got.headers["content-disposition"].startswith("attachment")
        forged = link[:-2] + ("AA" if link[-2:] != "AA" else "BB")
        assert (await stranger.get(forged)).status_code == 404

        async def expired() -> None:
            assert (await stranger.get(link)).json().get("reason") == "LINK_NOT_FOUND"

        await asyncio.sleep(2)
        await expired()


@pytest.mark.parametrize("lifetime", ["0s", "-5s", "2592001s"])
async def test_con_16_a_link_that_would_last_too_long_or_not_at_all_is_refused(
    rest: httpx2.AsyncClient, person: str, lifetime: str
) -> None:
    file = await stored(rest, person)
    answer = await rest.post(f"/v1/files/{file['id']}:createLink", json={"lifetime": lifetime})
    assert (answer.status_code, answer.json()["reason"]) == (400, "OUT_OF_RANGE")


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


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"fileName": "a.txt"}, "REQUIRED"),
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
    assert blobs_of(suite, tenant) == before


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
        assert not await contact_rows(suite, "SELECT 1 FROM timer WHERE kind = 'rapport.blob.sweep'")

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


def served_streams() -> float:
    """How many streams of this kind have ended, however they did."""
    samples = [one for metric in metrics.RPC_SERVER_DURATION.collect() for one in metric.samples]
    return sum(one.value for one in samples if one.name.endswith("_count") and one.labels["method"] == WATCHED)


async def test_con_16_a_stream_holds_no_transaction_open_and_ends_with_its_caller(
    suite: Suite, rest: httpx2.AsyncClient, person: str
) -> None:
    file, before = await stored(rest, person), served_streams()
    async with rest.stream("GET", f"/v1/files/{file['id']}:watch") as events:
        await anext(events.aiter_lines())
        open_ = 0
        for _ in range(20):
            await asyncio.sleep(0.05)
            rows = await contact_rows(suite, OPEN_TRANSACTIONS)
            open_ += bool(rows)
        assert open_ < 5

    async def ended() -> None:
        assert served_streams() == before + 1

    await eventually(ended)


async def test_con_16_what_a_killed_process_left_of_an_upload_is_swept(suite: Suite, tenant: Tenant) -> None:
    folder = Path(urlsplit(suite.stack.environment["RAPPORT_BLOB_URL"]).path)
    key = f"{tenant.id}/contact/left-over"
    (folder / key).parent.mkdir(parents=True, exist_ok=True)
    (folder / key).write_bytes(b"nobody's")
    await contact_rows(suite, LEFT_OVER, tenant.id, key)

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
        contact_settings.cache_clear()
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
            contact_settings.cache_clear()
    refused = await rest.get(f"/v1/files/{bad['id']}:download")
    assert (refused.status_code, refused.json()["reason"]) == (400, "FILE_INFECTED")
    assert (await rest.post(f"/v1/files/{bad['id']}:createLink", json={})).json()["reason"] == "FILE_INFECTED"
    assert (await rest.get(f"/v1/files/{good['id']}:download")).content == b"harmless"


async def test_con_16_who_may_not_see_a_file_may_not_read_or_watch_it(tenant: Tenant, rest: httpx2.AsyncClient) -> None:
    file = await stored(rest, await new_person(rest))
    rep = await tenant.user("rep")
    async with rep.rest() as client:
        for verb in ("", ":download", ":watch"):
            assert (await client.get(f"/v1/files/{file['id']}{verb}")).status_code == 404
        assert (await upload(client, file["personId"])).json()["reason"] == "NOT_FOUND"
    async with tenant.suite.anybody.rest() as client:
        assert (await upload(client, file["personId"])).status_code == 401
        assert (await client.get(f"/v1/files/{file['id']}:watch")).status_code == 401


async def test_con_16_office_documents_are_told_apart(rest: httpx2.AsyncClient, person: str) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as document:
        document.writestr("[Content_Types].xml", "<x/>")
        document.writestr("xl/workbook.xml", "<x/>")
    file = await stored(rest, person, archive.getvalue(), "prices.zip")
    assert file["contentType"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
