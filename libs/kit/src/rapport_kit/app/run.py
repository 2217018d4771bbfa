"""`run(services)`: one service in a pod and all of them on a laptop; `all` is a longer list."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack

from rapport_kit.service import Service
from rapport_kit.settings import ServiceSettings
from rapport_kit.telemetry import logs, metrics, traces


async def run(services: Sequence[Service], *, stop: asyncio.Event | None = None) -> None:
    """Serve until SIGTERM, SIGINT or `stop`; then refuse new work, finish what runs, and end.

    A background task that fails ends the process: a supervisor restarts it, and nobody has to guess what still works.
    """
    stop = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    names = "+".join(service.name for service in services)
    platform = ServiceSettings.of(services[0].name).platform
    logs.configure(names, platform)
    provider = traces.configure(names, platform)
    try:
        async with asyncio.TaskGroup() as tasks:
            for service in services:
                tasks.create_task(_serve(service, stop), name=service.name)
    finally:
        provider.shutdown()


async def _serve(service: Service, stop: asyncio.Event) -> None:
    settings = service.configured()
    async with AsyncExitStack() as open_:
        if settings.metrics_listen:
            open_.callback(metrics.listen(settings.metrics_listen, settings.platform))
        if service.serve is not None:
            await service.serve(settings, stop)
            return
        from rapport_kit.app.serving import serving  # what a process without a database need not hold

        stopped = asyncio.create_task(stop.wait())
        open_.callback(stopped.cancel)
        starting = asyncio.create_task(open_.enter_async_context(serving(service, settings)))
        stopped.add_done_callback(lambda _: starting.cancel())  # it may wait for a broker that is away
        try:
            background = await starting
        except asyncio.CancelledError:
            if stop.is_set():
                return
            raise
        done, _ = await asyncio.wait([stopped, *background], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopped}:
            task.result()  # raises what ended it
