"""`rapport timers`: jobs that failed too often, and another attempt at them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from rapport_kit.jobs.parked import ParkedTimer
    from rapport_kit.service import Service

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME…]", help="Services; all when none is named.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The service whose timers are parked.")]
Kind = Annotated[str, typer.Argument(metavar="[KIND]", help="As `rapport timers list` shows it; all when not given.")]
Key = Annotated[str, typer.Argument(metavar="[KEY]", help="One timer of that kind; all of them when not given.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    timers = typer.Typer(help="Timers that failed too often, and are parked.", no_args_is_help=True)
    timers.command("list")(show_all)
    timers.command()(retry)
    app.add_typer(timers, name="timers")


def show_all(names: Names = None) -> None:
    """List the parked timers, those that were due first in front."""
    from rapport_kit.service import chosen

    table = Table("service", "kind", "key", "tenant", "due", "attempts", "error")
    for service in chosen(names or ["all"]):
        for each in asyncio.run(_parked(service)):
            due = f"{each.due_at:%Y-%m-%d %H:%M:%S}"
            table.add_row(service.name, each.kind, each.key, str(each.tenant), due, str(each.attempts), each.error)
    Console(soft_wrap=True).print(table if table.row_count else "Nothing is parked.")


def retry(name: Name, kind: Kind = "", key: Key = "") -> None:
    """Have parked timers tried again: the service's own processes run them within a second."""
    from rapport_kit.service import chosen

    (service,) = chosen([name])
    count = asyncio.run(_retry(service, kind, key))
    Console(soft_wrap=True).print(f"{count} to be tried again." if count else "Nothing is parked.")


async def _parked(service: Service) -> list[ParkedTimer]:
    from rapport_kit.cli.connections import system_of
    from rapport_kit.jobs.parked import parked

    if service.unit_of_work is None:
        return []
    async with system_of(service) as (system, frame), system.transaction() as connection:
        return await parked(connection, frame)


async def _retry(service: Service, kind: str, key: str) -> int:
    from rapport_kit.cli.connections import system_of
    from rapport_kit.jobs import parked

    if service.unit_of_work is None:
        return 0
    async with system_of(service) as (system, frame), system.transaction() as connection:
        return await parked.retry(connection, frame, kind, key)
