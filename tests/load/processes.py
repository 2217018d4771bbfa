"""Processes that the bench starts beside the services."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rapport_kit.local.ports import LOOPBACK

STOP = 10.0
"""Seconds a process gets to end."""


@asynccontextmanager
async def module(name: str, log: Path, **environment: str) -> AsyncIterator[int]:
    """`python -m name` with these variables besides our own for as long as the block lasts; yields its pid."""
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", name),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=os.environ | environment,
            start_new_session=True,  # Ctrl-C is for us, who end them
        )
    try:
        yield process.pid
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP)
            except TimeoutError:
                process.kill()
                await process.wait()


async def until_open(port: int, log: Path, patience: float = 15.0) -> None:
    """Return when something listens on the port.

    Raises:
        TimeoutError: nothing did in `patience` seconds; the message names the log.
    """
    until = asyncio.get_running_loop().time() + patience
    while True:
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, port)
        except OSError:
            if asyncio.get_running_loop().time() > until:
                raise TimeoutError(f"nothing listens on port {port}: see {log}") from None
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
