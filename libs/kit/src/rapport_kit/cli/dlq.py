"""`rapport dlq`: events that a service could not handle, and their replay."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from rapport_kit.bus.dead_letters import Letter, ParkedAggregate, Replayed
    from rapport_kit.service import Service

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME…]", help="Services; all when none is named.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The service that could not handle the events.")]
Aggregate = Annotated[UUID, typer.Argument(metavar="AGGREGATE", help="As `rapport dlq list` shows it.")]
Aggregates = Annotated[list[UUID] | None, typer.Argument(metavar="[AGGREGATE…]", help="All when none is named.")]

SHOWN = 100
REPLAYED = 100_000


def register(app: typer.Typer) -> None:
    """Add the commands."""
    dlq = typer.Typer(help="Events that could not be handled, parked in order.", no_args_is_help=True)
    dlq.command("list")(show_all)
    dlq.command()(show)
    dlq.command()(replay)
    app.add_typer(dlq, name="dlq")


def show_all(names: Names = None) -> None:
    """List the parked aggregates, those that wait longest first."""
    from rapport_kit.service import chosen

    table = Table("service", "source", "aggregate", "resource", "failed on", "error", "events", "since")
    for service in chosen(names or ["all"]):
        for found in asyncio.run(_parked(service)):
            kind, events, since = found.type.rpartition(".")[2], str(found.letters), f"{found.since:%Y-%m-%d %H:%M:%S}"
            where = (found.source, str(found.aggregate), found.resource)
            table.add_row(service.name, *where, kind, found.error, events, since)
    Console(soft_wrap=True).print(table if table.row_count else "Nothing is parked.")


def show(name: Name, aggregate: Aggregate) -> None:
    """Show the parked events of one aggregate, without their content: it may be about a person."""
    from rapport_kit.service import chosen

    (service,) = chosen([name])
    table = Table("source", "sequence", "type", "occurred", "published", "bytes", "error")
    for found in asyncio.run(_letters(service, aggregate)):
        event = found.event
        numbers = (str(event.published_seq), str(len(event.payload)))
        kind = event.type.rpartition(".")[2]
        source = event.type.split(".")[1]
        table.add_row(source, str(event.sequence), kind, f"{event.occurred:%Y-%m-%d %H:%M:%S}", *numbers, found.error)
    if not table.row_count:
        raise typer.BadParameter(f"nothing of {aggregate} is parked in {name}")
    Console(soft_wrap=True).print(table)


def replay(name: Name, aggregates: Aggregates = None) -> None:
    """Handle parked events again, in order, with this installation's code; exit code 1 when one fails again."""
    from rapport_kit.service import chosen

    (service,) = chosen([name])
    done = asyncio.run(_replay(service, frozenset(aggregates or ())))
    console = Console(soft_wrap=True)
    for found, result in done:
        mark = f"[red]stopped: {result.error}[/red]" if result.error else "[green]done[/green]"
        console.print(f"{found.source} {found.aggregate}: {result.handled} of {found.letters} events, {mark}")
    if not done:
        console.print("Nothing is parked.")
    raise typer.Exit(1 if any(result.error for _, result in done) else 0)


async def _parked(service: Service, limit: int = SHOWN) -> list[ParkedAggregate]:
    from rapport_kit.bus.dead_letters import parked
    from rapport_kit.cli.connections import system_of

    if service.unit_of_work is None:
        return []
    async with system_of(service) as (system, frame), system.transaction() as connection:
        return await parked(connection, frame, limit=limit)


async def _letters(service: Service, aggregate: UUID) -> list[Letter]:
    from rapport_kit.bus.dead_letters import letters
    from rapport_kit.cli.connections import system_of

    if service.unit_of_work is None:
        return []
    async with system_of(service) as (system, frame), system.transaction() as connection:
        return [found for name in service.following() for found in await letters(connection, frame, name, aggregate)]


async def _replay(service: Service, only: frozenset[UUID]) -> list[tuple[ParkedAggregate, Replayed]]:
    from rapport_kit.bus.dead_letters import replay as replay_aggregate
    from rapport_kit.bus.delivery import Delivery
    from rapport_kit.cli.connections import app_of, work_of
    from rapport_kit.service import Following

    assert service.unit_of_work is not None, f"{service.name} has no database"
    done = []
    async with app_of(service) as app, work_of(service) as work:
        for found in await _parked(service, limit=REPLAYED):
            if only and found.aggregate not in only:
                continue
            following = service.following().get(found.source) or Following(found.source, {})
            delivery = Delivery(
                service.name,
                following.source,
                following.subscribers,
                app,
                work,
                projection=following.projection,
            )
            done.append((found, await replay_aggregate(delivery, found.tenant, found.aggregate)))
    return done
