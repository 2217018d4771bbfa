"""A database that came out of a backup forgets again, before it serves, whom it had forgotten (PLT-08)."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

from rapport.contact.v1 import people_pb2
from rapport_kit.errors import NotFound, Unavailable
from rapport_kit.rpc.client import open_channel
from tests.backups import has_key, restored, taken
from tests.callers import Caller, Suite, Tenant
from tests.eventually import eventually
from tests.people import created, posted

PATIENCE = 60.0


@asynccontextmanager
async def contact(suite: Suite, listen: str, receipts: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Another process of contact on the same database, which is told of the receipts."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rapport_kit.app", "contact"),
        env=os.environ | {"RAPPORT_CONTACT_LISTEN": listen, "RAPPORT_CONTACT_ERASURE_RECEIPTS": str(receipts)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.communicate(), PATIENCE)


async def test_plt_08_a_restored_person_is_erased_by_the_receipts_before_contact_answers(
    suite: Suite, tenant: Tenant, rest: httpx2.AsyncClient, tmp_path: Path
) -> None:
    back, gone = await created(rest), await created(rest)
    backup = await taken(suite.stack, back["id"])
    tokens = [(await posted(rest, f"people/{each['id']}:erase", {}))["token"] for each in (back, gone)]
    await restored(suite.stack, back["id"], backup)
    assert (await rest.get(f"/v1/people/{back['id']}")).status_code == 200, (
        "the one that serves already knows no better"
    )
    receipts, listen = tmp_path / "receipts", f"unix:{tmp_path / 'contact.sock'}"
    receipts.write_text("\n".join([*tokens, ""]))
    asked = people_pb2.GetPersonRequest(id=back["id"])
    async with contact(suite, listen, receipts), open_channel(listen) as channel:
        admin = Caller(Suite(suite.stack, suite.channels | {"contact": channel}), bearer=tenant.admin.bearer)

        async def first_answer() -> str:
            try:
                return str(await admin.person.get_person(asked))
            except NotFound as error:
                return error.reason

        assert await eventually(first_answer, Unavailable, PATIENCE) == "PERSON_NOT_FOUND"
    assert not await has_key(suite.stack, back["id"])
    assert (await rest.get(f"/v1/people/{back['id']}")).status_code == 404


async def test_plt_08_contact_does_not_start_with_receipts_that_are_none(
    suite: Suite, rest: httpx2.AsyncClient, tmp_path: Path
) -> None:
    back = await created(rest)
    backup = await taken(suite.stack, back["id"])
    token = (await posted(rest, f"people/{back['id']}:erase", {}))["token"]
    await restored(suite.stack, back["id"], backup)
    receipts = tmp_path / "receipts"
    for content, reason in ((f"{token}\n{token[:-9]}forgedone", "receipt 2: it was changed"), (None, "No such file")):
        receipts.unlink(missing_ok=True)
        if content is not None:
            receipts.write_text(content)
        async with contact(suite, f"unix:{tmp_path / 'contact.sock'}", receipts) as process:
            _, said = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 2
        assert "RAPPORT_CONTACT_ERASURE_RECEIPTS: " in said.decode()
        assert reason in said.decode()
    assert (await rest.get(f"/v1/people/{back['id']}")).status_code == 200, "nobody is erased unless all are valid"
