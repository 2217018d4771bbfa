"""One run: start, write while processes are killed, compare, play the scenarios, tell."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.crew import Server
from tests.chaos.crowd import crowd
from tests.chaos.faults import rage
from tests.chaos.importers import Importer
from tests.chaos.ledger import Ledger, Verdict
from tests.chaos.observed import LINGER
from tests.chaos.observer.service import observer
from tests.chaos.scenarios import SCENARIOS, Failed, Say
from tests.chaos.stand import Stand
from tests.chaos.timeline import judge_timeline
from tests.chaos.truth import Truth, judge_former_ids, read_truth
from tests.chaos.writers import shared_records

DRAIN = 60.0
"""Seconds within which, after the last fault, every write is answered and every event has taken effect."""
REPORT = 10.0
SHOWN = 10


@dataclass
class Run:
    """One run on a stand; `failures` are what no number of the last line tells."""

    stand: Stand
    seconds: float
    seed: int
    writers: int
    say: Say
    ledger: Ledger = field(default_factory=Ledger)
    verdict: Verdict = field(default_factory=Verdict)
    failures: list[str] = field(default_factory=list)

    async def run(self) -> bool:
        """Whether nothing was lost, doubled or out of order, and nothing else was wrong."""
        try:
            await self._write_under_fire()
            truth = await self._compare()
            for group in SCENARIOS:
                played = (scenario(self.stand, self.ledger, truth, self.say) for scenario in group)
                for verdict in await asyncio.gather(*played):
                    self.verdict += verdict
        except (Failed, TimeoutError, AssertionError) as failure:
            self.failures.append(str(failure))
        self._tell_faults()
        for finding in [*self.verdict.findings, *self.ledger.surprises, *self.failures][:SHOWN]:
            self.say(f"WRONG {finding}")
        return self.verdict.good and not self.ledger.surprises and not self.failures

    @property
    def line(self) -> str:
        """The result."""
        kills = sum(target.kills for target in self.stand.killable.values())
        return (
            f"acknowledged={self.ledger.acknowledged} lost={self.verdict.lost} doubled={self.verdict.doubled} "
            f"out_of_order={self.verdict.out_of_order} kills={kills}"
        )

    async def _write_under_fire(self) -> None:
        loop, stop, door = asyncio.get_running_loop(), asyncio.Event(), self.stand.door
        shared = await shared_records(door, self.ledger, self.seed)
        crew = crowd(self.writers, self.seed, self.stand, self.ledger, shared)
        began = loop.time()
        work = asyncio.gather(*(writer.work(stop) for writer in crew))
        progress = asyncio.create_task(self._tell_progress())
        try:
            await rage(self.seed, self.seconds, self.stand.killable, lambda: self.ledger.acknowledged)
            ended = loop.time()
            await self.stand.until_whole()
            stop.set()
            async with asyncio.timeout(DRAIN):
                await work
        except TimeoutError:
            raise Failed(f"not everything serves and is answered {DRAIN:g} s after the last fault") from None
        finally:
            progress.cancel()
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
        silence, pace = self.ledger.longest_silence(began, ended), len(self.ledger.writes) / (loop.time() - began)
        self.say(f"{pace:.0f} writes/s with {len(crew)} writers; longest without any: {silence:.1f} s")
        hit = sum(writer.hit for writer in crew if isinstance(writer, Importer))
        self.say(f"contact was killed {hit} times amid imports")
        self._tell(sum(writer.conflicts for writer in crew))

    async def _compare(self) -> Truth:
        stand, ledger = self.stand, self.ledger
        truth, watched = await read_truth(stand.door, ledger), stand.observed(observer)
        took = await watched.until(truth.events, DRAIN)
        await asyncio.sleep(LINGER)
        self.say(f"{len(truth.records)} records, {truth.events} events; the observer had them after {took:.1f} s")
        self.verdict += ledger.judge(truth.records, truth.revisions)
        self.verdict += truth.judge_about(ledger)
        self.verdict += await judge_former_ids(stand.door, truth)
        self.verdict += await watched.judge(truth)
        verdict, entries = await judge_timeline(stand.database_urls, stand.account.tenant, ledger, truth)
        self.verdict += verdict
        self.say(f"{entries} timeline entries; {len(truth.became)} people are merged")
        return truth

    def _tell(self, conflicts: int) -> None:
        kills, ended, written = Counter[str](), Counter[str](), Counter(each.plural for each in self.ledger.writes)
        kinds = ", ".join(f"{plural} {times}" for plural, times in written.most_common())
        for target in self.stand.killable.values():
            kills[target.kind] += target.kills
            ended[target.kind] += target.ended
        servers = [target for target in self.stand.killable.values() if isinstance(target, Server)]
        heard = ", ".join(f"{answer} {times}" for answer, times in self.stand.door.heard.most_common())
        self.say(f"acknowledged: {kinds}, imported rows {len(self.ledger.rows)}")
        self.say("killed: " + ", ".join(f"{kind} {times}" for kind, times in sorted(kills.items())))
        self.say("ended by themselves: " + (", ".join(f"{kind} {times}" for kind, times in (+ended).items()) or "none"))
        for server in servers:
            slowest = max(server.waits, default=0.0)
            self.say(f"{server.name}: up again after {slowest:.1f} s at most, {server.emptied} times without its data")
        self.say(f"answers: {heard}; changes that came second: {conflicts}")

    def _tell_faults(self) -> None:
        """What the services logged of every 500, before the logs of a good run are deleted."""
        for fault in self.stand.door.faults[:SHOWN]:
            lines = fault.explained(self.stand.platform.state.logs) or ["no log has anything of it"]
            for line in lines:
                self.say(f"500 at {fault.request}: {line}")

    async def _tell_progress(self) -> None:
        while True:
            await asyncio.sleep(REPORT)
            kills = sum(target.kills for target in self.stand.killable.values())
            self.say(f"{self.ledger.acknowledged} acknowledged, {kills} kills")
