"""`rapport serve`: one service, some, or all of them in this process."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(serve)


def serve(names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Services, or `all`.")]) -> None:
    """Run the named services in this process until SIGTERM."""
    import uvloop

    from rapport_kit.app import run
    from rapport_kit.local.supervisor import SUPERVISED
    from rapport_kit.service import chosen

    services = chosen(names)
    if os.environ.get(SUPERVISED):
        threading.Thread(target=_end_with_supervisor, name="supervised", daemon=True).start()
    uvloop.run(run(services))


def _end_with_supervisor() -> None:
    """A supervisor that is killed cannot stop its services, but its end of our standard input closes."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
