"""What an operator meets apart from kills: a wiped broker, a late consumer, a lost timeline, a poison event."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Awaitable, Callable
from uuid import UUID

import nats
from nats.js.errors import NotFoundError

from rapport_kit.bus.streams import stream_name
from tests.chaos.ledger import Ledger, Verdict
from tests.chaos.observed import POLL
from tests.chaos.observer.service import latecomer, observer
from tests.chaos.stand import Stand
from tests.chaos.truth import Truth, read_truth
from tests.chaos.writers import Record, Writer
from tests.timelines import checksum_in

PATIENCE = 60.0
BEHIND = 3
"""Changes that wait behind the poison one."""

Say = Callable[[str], None]
Scenario = Callable[[Stand, Ledger, Truth, Say], Awaitable[Verdict]]
"""What it is given is the truth as it stands before; what it says of it is whether that still holds."""


class Failed(Exception):
    """A scenario did not come to its end; the message says where it stopped."""


async def wiped_broker(stand: Stand, ledger: Ledger, truth: Truth, say: Say) -> Verdict:
    """The broker and the observer lose everything they hold; both are built again from contact's own events."""
    watched = stand.observed(observer)
    await asyncio.gather(*(process.stop() for process in stand.of_kind("observer")))
    stand.broker.server.stop()
    stand.broker.empty()
    await watched.forget()
    await asyncio.to_thread(stand.broker.server.start)
    for process in stand.of_kind("observer"):
        await process.start()
    said = await rapport(stand, "contact-1", "events", "rebuild", "contact")
    published = int(said.split("publishes ")[1].split()[0])
    took = await watched.until(truth.events, PATIENCE)
    held = await _until_held(stand, published)
    say(f"broker and observer wiped: {held} events published again, projection whole after {took:.1f} s")
    return await watched.judge(truth)


async def late_consumer(stand: Stand, ledger: Ledger, truth: Truth, say: Say) -> Verdict:
    """A service that nobody had thought of learns everything that ever happened."""
    watched = stand.observed(latecomer)
    await stand.late.start()
    took = await watched.until(truth.events, PATIENCE)
    say(f"a consumer added late: {await watched.count()} events after {took:.1f} s")
    return await watched.judge(truth)


async def replayed_timeline(stand: Stand, ledger: Ledger, truth: Truth, say: Say) -> Verdict:
    """Timelines are emptied and built again from the events, and equal those before."""
    urls, verdict = stand.database_urls, Verdict()
    before = await checksum_in(urls, stand.account.tenant)
    await rapport(stand, "contact-1", "events", "replay", "contact", "timeline")
    after = await checksum_in(urls, stand.account.tenant)
    say(f"timelines wiped and built again: {after[0]} entries, SHA-256 {after[1][:8]}")
    if after != before:
        verdict.add("lost", f"before that there were {before[0]} entries, SHA-256 {before[1][:8]}")
    return verdict


async def poison(stand: Stand, ledger: Ledger, truth: Truth, say: Say) -> Verdict:
    """One record's events fail: they are parked in order, hold up nobody else, and are replayed in order."""
    watched, tenant = stand.observed(observer), stand.account.tenant
    writer = Writer("poisoner", stand.door, ledger, [], random.Random("poison"))
    sick, well = await writer.create(), await writer.create()
    await _until_seen(stand, sick, well)
    await watched.execute("INSERT INTO poison (tenant, id) VALUES ($1, $2)", tenant, UUID(sick.body["id"]))
    for _ in range(1 + BEHIND):
        await writer.change(sick)
        await writer.change(well)
    await _until_seen(stand, well)
    await _until_parked(stand, sick)
    listed, shown = await asyncio.gather(
        rapport(stand, "observer-1", "dlq", "list", "observer"),
        rapport(stand, "observer-1", "dlq", "show", "observer", sick.body["id"]),
    )
    if sick.body["id"] not in listed or shown.count("PersonChanged") + shown.count("OrganisationChanged") < 1 + BEHIND:
        raise Failed(f"`rapport dlq` does not show what is parked:\n{listed}\n{shown}")
    await watched.execute("DELETE FROM poison")
    replayed = await rapport(stand, "observer-1", "dlq", "replay", "observer")
    await writer.change(sick)
    await _until_seen(stand, sick, well)
    say(f"a poison event and {BEHIND} behind it: {replayed.strip().splitlines()[-1].partition(': ')[2]}")
    return await watched.judge(await read_truth(stand.door, ledger, truth))


SCENARIOS: tuple[tuple[Scenario, ...], ...] = ((wiped_broker, late_consumer, replayed_timeline), (poison,))
"""First those that write nothing, all at once."""


async def rapport(stand: Stand, process: str, *arguments: str) -> str:
    """What `rapport` prints when it runs where `process` does.

    Raises:
        Failed: its exit code is not 0.
    """
    command = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rapport_kit.cli", *arguments),
        env={**stand.environments[process], "COLUMNS": "200"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await command.communicate()
    if command.returncode:
        raise Failed(f"rapport {' '.join(arguments)}: exit code {command.returncode}\n{printed.decode()}")
    return printed.decode()


async def _until_seen(stand: Stand, *records: Record) -> None:
    """Return when the observer knows the newest version of each record."""
    wanted = {(record.body["id"], int(record.body["etag"].strip('"'))) for record in records}
    await _until(lambda: _are_in(wanted, stand), f"the observer has not heard of {len(wanted)} changes")


async def _are_in(wanted: set[tuple[str, int]], stand: Stand) -> bool:
    return wanted <= set(await stand.observed(observer).effects())


async def _until_parked(stand: Stand, record: Record) -> None:
    async def parked() -> bool:
        return await stand.observed(observer).parked(record.body["id"]) == 1 + BEHIND

    await _until(parked, f"the {1 + BEHIND} events of the poisoned record are not parked")


async def _until_held(stand: Stand, published: int) -> int:
    """Return when the broker holds as many of contact's events again."""
    broker = await nats.connect(stand.platform.nats_url)
    held = 0

    async def whole() -> bool:
        nonlocal held
        try:
            held = (await broker.jetstream().stream_info(stream_name("contact"))).state.messages
        except NotFoundError:
            return False
        return held >= published

    try:
        await _until(whole, f"the broker does not hold {published} events again")
    finally:
        await broker.close()
    return held


async def _until(condition: Callable[[], Awaitable[bool]], otherwise: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            while not await condition():
                await asyncio.sleep(POLL)
    except TimeoutError:
        raise Failed(f"{otherwise} after {PATIENCE:g} s") from None
