"""Files through the door that customers use: REST, with bytes as they are (the file half of CON-16)."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile

import httpx2
import pytest
import pytest_asyncio

from tests.callers import Suite, Tenant
from tests.databases import rows
from tests.eventually import eventually
from tests.files import PDF, blobs_of, new_person, stored, upload
from tests.people import posted


@pytest_asyncio.fixture(loop_scope="session")
async def person(rest: httpx2.AsyncClient) -> str:
    return await new_person(rest)


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

    await posted(rest, f"people/{first}:erase", {})
    assert (await rest.get(f"/v1/files/{kept['id']}:download")).content == content
    sweeps = "SELECT 1 FROM timer WHERE kind = 'rapport.blob.sweep' AND key LIKE '%' || $1"
    assert not await rows(suite.stack, "contact", sweeps, blob.name)
    assert blob.exists()

    await posted(rest, f"people/{second}:erase", {})

    async def gone() -> None:
        assert not blob.exists()

    await eventually(gone, AssertionError)
    assert not await rows(suite.stack, "contact", "SELECT 1 FROM blob WHERE sha256 = $1", kept["sha256"])


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
            refused = await stranger.get(link)
            assert refused.status_code == 404
            assert refused.json()["reason"] == "LINK_NOT_FOUND"

        await eventually(expired)


@pytest.mark.parametrize("lifetime", ["0s", "-5s", "2592001s"])
async def test_con_16_a_link_that_would_last_too_long_or_not_at_all_is_refused(
    rest: httpx2.AsyncClient, person: str, lifetime: str
) -> None:
    file = await stored(rest, person)
    answer = await rest.post(f"/v1/files/{file['id']}:createLink", json={"lifetime": lifetime})
    assert (answer.status_code, answer.json()["reason"]) == (400, "OUT_OF_RANGE")


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
