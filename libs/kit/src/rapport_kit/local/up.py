"""`rapport up`: servers, migrations, services, demo data; then wait, and stop all of it in order."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from rich.console import Console

from rapport_kit.local.databases import migrate
from rapport_kit.local.demo import Demo, Installation, seed
from rapport_kit.local.elsewhere import remember
from rapport_kit.local.environment import GATEWAY, Place, environments, places
from rapport_kit.local.external import answering
from rapport_kit.local.lock import only_one
from rapport_kit.local.platform import Platform
from rapport_kit.local.readiness import until_all_serve
from rapport_kit.local.supervisor import Supervisor
from rapport_kit.service import Service


@dataclass
class Up:
    """One run of `rapport up` over `platform`, telling `console` how it goes."""

    platform: Platform
    services: Sequence[Service]
    console: Console
    single_process: bool = False

    async def run(self) -> int:
        """Until Ctrl-C or SIGTERM (0), or until every service has died (1)."""
        with only_one(self.platform.state.lock):
            running = asyncio.ensure_future(self._run())
            for name in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(name, running.cancel)
            try:
                return await running
            except asyncio.CancelledError:
                return 0

    async def _run(self) -> int:
        try:
            with self._step("PostgreSQL and NATS"):
                await answering(self.platform.settings)
                remember(self.platform.state, self.platform.settings)
                self.platform.start()
            with self._step("Migrations"):
                databases = await migrate(self.platform, self.services)
            everywhere = places(self.platform, [service.name for service in self.services])
            secrets = {service.name: service.secrets for service in self.services}
            variables = environments(self.platform, everywhere, databases, secrets, single=self.single_process)
            supervisor = Supervisor(self.platform.state.logs, variables)
            try:
                await self._serve(supervisor, everywhere, variables)
            finally:
                await self._end(supervisor)
            return 1
        finally:
            if running := self.platform.running:
                with self._step(f"Stopping {' and '.join(running)}"):
                    self.platform.stop()

    async def _serve(
        self, supervisor: Supervisor, everywhere: list[Place], variables: Mapping[str, Mapping[str, str]]
    ) -> None:
        with self._step("Services " + ", ".join(place.name for place in everywhere)):
            await supervisor.start()
            self._publish(supervisor, everywhere)
            await supervisor.until_ready(until_all_serve(everywhere, self.platform.settings))
        listen = {place.name: place.listen for place in everywhere}
        scheme = "https" if self.platform.settings.tls else "http"
        address = f"{scheme}://{listen.pop(GATEWAY, '')}"
        installation = Installation(self.platform, address, listen, variables)
        with self._step("Demo data"):
            demo = await seed(installation)
        self._welcome(installation, demo)
        servers = asyncio.ensure_future(self.platform.watch(self._report))
        try:
            await supervisor.watch(lambda death: self._report(str(death)))
        finally:
            servers.cancel()

    async def _end(self, supervisor: Supervisor) -> None:
        with self._step("Stopping the services"):
            killed = await supervisor.stop()
        for name in killed:
            self.console.print(f"[red]{name} did not stop in time and was killed[/red]")

    def _publish(self, supervisor: Supervisor, everywhere: list[Place]) -> None:
        """Leave a note for `rapport status`."""
        pids = supervisor.pids
        note = [{**asdict(place), "pid": pids.get(place.name) or pids.get("all")} for place in everywhere]
        self.platform.state.services.write_text(json.dumps(note, indent=2))

    def _report(self, end: str) -> None:
        self.console.print(end, style="red", markup=False, highlight=False, soft_wrap=True)
        self.console.print("Ctrl-C, then `rapport up`, brings it back; all data stays.")

    def _welcome(self, installation: Installation, demo: Demo | None) -> None:
        self.console.print(f"\nRapport is up at [bold]{installation.address}[/bold]", highlight=False)
        if demo is not None:
            self.console.print(f"Sign in as [bold]{demo.user}[/bold] with [bold]{demo.password}[/bold]. Try:")
            for line in demo.to_try:
                self.console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
        self.console.print("Ctrl-C stops it; all data stays.")

    @contextmanager
    def _step(self, title: str) -> Iterator[None]:
        """A spinner while it runs, a tick when it is done; where there is no terminal only the tick."""
        began = asyncio.get_running_loop().time()
        with self.console.status(title):
            yield
        took = asyncio.get_running_loop().time() - began
        self.console.print(f"[green]✓[/green] {title} [dim]{took:.1f} s[/dim]", highlight=False)
