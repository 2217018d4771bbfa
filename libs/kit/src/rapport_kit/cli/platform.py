"""`rapport up`, `down`, `status` and `reset`: the whole of Rapport on this machine."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rapport_kit.local.platform import Platform

SingleProcess = Annotated[bool, typer.Option(help="Run all services in one process.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def register(app: typer.Typer) -> None:
    for command in (up, down, status, reset):
        app.command()(command)


def up(single_process: SingleProcess = False) -> None:
    """Start PostgreSQL, NATS and every service here, with a demo tenant; Ctrl-C stops them."""
    from rich.console import Console

    from rapport_kit.local.platform import Platform
    from rapport_kit.local.state import State
    from rapport_kit.local.up import Up
    from rapport_kit.service import installed
    from rapport_kit.settings import PlatformSettings

    settings = PlatformSettings.load()
    platform = Platform(settings, State.open(settings.state_dir))
    run = Up(platform, list(installed().values()), Console(), single_process)
    raise typer.Exit(asyncio.run(run.run()))


def down() -> None:
    """Stop what `rapport up` started; all data stays."""
    from rapport_kit.local.lock import end_holder

    platform = _existing()
    if platform is None:
        typer.echo("Nothing is running.")
        return
    ended = end_holder(platform.state.lock)
    left = any(server is not None and server.pid for server in (platform.postgres, platform.nats))
    platform.stop()
    typer.echo("Stopped." if ended or left else "Nothing is running.")


def status() -> None:
    """Show the servers and services of this installation."""
    from rich.console import Console

    from rapport_kit.local.status import table

    platform = _existing()
    if platform is None:
        typer.echo("Rapport was never up here: `rapport up` starts it.")
        return
    Console().print(asyncio.run(table(platform)))
    typer.echo(f"Data and logs are in {platform.state.directory}")


def reset(yes: Yes = False) -> None:
    """Delete all local data: databases, streams, files, passwords, logs; refused while servers of yours hold some."""
    from rapport_kit.local.failure import PlatformError
    from rapport_kit.local.lock import holder

    platform = _existing()
    if platform is None:
        typer.echo("There is nothing to delete.")
        return
    if holder(platform.state.lock) is not None:
        raise PlatformError("Rapport is up: `rapport down` first.")
    _refuse_while_elsewhere(platform)
    if not yes:
        typer.confirm(f"Delete {platform.state.directory} with all databases and streams?", abort=True)
    platform.stop()
    platform.state.delete()
    typer.echo("Deleted.")


def _refuse_while_elsewhere(platform: Platform) -> None:
    """The keys to what is on servers of others' are in the state folder: without it nobody could read that again."""
    from rapport_kit.local.elsewhere import elsewhere
    from rapport_kit.local.failure import PlatformError
    from rapport_kit.service import installed

    there = elsewhere(platform.state, platform.settings, list(installed().values()))
    if there:
        folder = platform.state.directory
        lines = [
            f"Nothing was deleted: the keys in {folder} are needed to read what Rapport has on servers of yours.",
            *there,
            f"If it is to go, drop these there, databases before roles, and then delete {folder}.",
        ]
        raise PlatformError("\n".join(lines))


def _existing() -> Platform | None:
    from rapport_kit.local.platform import Platform
    from rapport_kit.local.state import State
    from rapport_kit.settings import PlatformSettings

    settings = PlatformSettings.load()
    state = State.locate(settings.state_dir)
    return Platform(settings, state) if state.directory.is_dir() else None
