"""Service processes: started together, reported when they die, ended in order."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from rapport_kit.local.failure import PlatformError
from rapport_kit.local.supervisor import Death, Supervisor

SAYS_A_WORD = "import os; print(os.environ['WORD'])"
LASTING = "import sys; sys.stdin.read()"
ENDS_AFTER_SIGTERM = """
import os, signal, time
def end(*_):
    print(os.environ["NAME"], flush=True)
    open(os.environ["ORDER"], "a").write(os.environ["NAME"] + " ")
    raise SystemExit
signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
while True: time.sleep(1)
"""
IGNORES_SIGTERM = """
import signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
sys.stdin.read()
"""


def running(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.fixture
async def lasting(tmp_path: Path) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(tmp_path, {"contact": {}, "identity": {}}, lambda _: running(LASTING))
    await supervisor.start()
    yield supervisor
    await supervisor.stop()


async def test_a_service_that_dies_is_reported_and_the_others_go_on(lasting: Supervisor) -> None:
    deaths: asyncio.Queue[Death] = asyncio.Queue()
    watch = asyncio.create_task(lasting.watch(deaths.put_nowait))
    os.kill(lasting.pids["contact"], signal.SIGKILL)
    death = await deaths.get()
    assert str(death).startswith("contact was killed by SIGKILL")
    assert list(lasting.pids) == ["identity"]
    assert not watch.done()
    watch.cancel()


async def test_the_watch_ends_with_the_last_service(lasting: Supervisor) -> None:
    deaths: list[Death] = []
    for pid in lasting.pids.values():
        os.kill(pid, signal.SIGTERM)
    await lasting.watch(deaths.append)
    assert {death.name for death in deaths} == {"contact", "identity"}


async def test_a_service_that_cannot_start_ends_the_wait_with_its_last_words(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, {"contact": {}}, lambda _: running("raise SystemExit('no database')"))
    await supervisor.start()
    with pytest.raises(PlatformError, match=r"(?s)contact ended with code 1; .*no database"):
        await supervisor.until_ready(asyncio.Event().wait())
    await supervisor.stop()


async def test_the_edge_is_stopped_before_the_services_behind_it(tmp_path: Path) -> None:
    order = tmp_path / "order"
    environments = {name: {"NAME": name, "ORDER": str(order)} for name in ("contact", "gateway", "identity")}
    supervisor = Supervisor(tmp_path, environments, lambda _: running(ENDS_AFTER_SIGTERM))
    await supervisor.start()
    while not all("ready" in (tmp_path / f"{name}.log").read_text() for name in environments):
        await asyncio.sleep(0.02)
    assert await supervisor.stop() == []
    assert order.read_text().split()[0] == "gateway"
    assert sorted(order.read_text().split()) == ["contact", "gateway", "identity"]


async def test_a_service_that_does_not_stop_is_killed_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport_kit.local.supervisor.GRACE", 0.2)
    supervisor = Supervisor(tmp_path, {"deaf": {}}, lambda _: running(IGNORES_SIGTERM))
    await supervisor.start()
    while "ready" not in (tmp_path / "deaf.log").read_text():
        await asyncio.sleep(0.02)
    assert await supervisor.stop() == ["deaf"]


async def test_services_end_when_their_supervisor_is_killed(tmp_path: Path) -> None:
    code = f"""
import asyncio, sys
from pathlib import Path
from rapport_kit.local.supervisor import Supervisor
async def main():
    supervisor = Supervisor(Path({str(tmp_path)!r}), {{"contact": {{}}}}, lambda _: [sys.executable, "-c", {LASTING!r}])
    await supervisor.start()
    print(supervisor.pids["contact"], flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""
    supervisor = await asyncio.create_subprocess_exec(*running(code), stdout=asyncio.subprocess.PIPE)
    assert supervisor.stdout is not None
    service = psutil.Process(int(await supervisor.stdout.readline()))
    supervisor.kill()
    await supervisor.wait()
    async with asyncio.timeout(5):
        while service.is_running() and service.status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.02)


async def test_the_log_of_the_last_run_is_kept(tmp_path: Path) -> None:
    for word in ("first", "second"):
        supervisor = Supervisor(tmp_path, {"contact": {"WORD": word}}, lambda _: running(SAYS_A_WORD))
        await supervisor.start()
        await supervisor.watch(lambda _: None)
    assert (tmp_path / "contact.log").read_text() == "second\n"
    assert (tmp_path / "contact.log.1").read_text() == "first\n"
