"""`rapport serve`: one service, some, or all of them in this process."""

from __future__ import annotations

import os
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(serve)


def serve(names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Services, or `all`.")]) -> None:
    """Run the named services in this process until SIGTERM."""
    from rapport_kit.local.supervisor import ALLOCATOR, serve
    from rapport_kit.service import known_names

    command = serve(*known_names(names))
    os.execve(command[0], command, ALLOCATOR | os.environ)  # noqa: S606 - no shell
