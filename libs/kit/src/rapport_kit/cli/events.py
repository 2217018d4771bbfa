"""`rapport events`: how far a service's events have come, and what can be built again from them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

if TYPE_CHECKING:
    from rapport_kit.service import Service

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME…]", help="Services; all when none is named.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The service whose events are published again.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    events = typer.Typer(help="Events on their way to the broker and to consumers.", no_args_is_help=True)
    events.command()(status)
    events.command()(rebuild)
    events.command()(replay)
    app.add_typer(events, name="events")


def status(names: Names = None) -> None:
    """Show what waits: events not yet published, or not acknowledged (in flight); consumers behind; dead letters."""
    from rapport_kit.service import chosen

    headings = ("service", "unsent\nlive", "unsent\nbulk", "in\nflight", "oldest", "consumers\nbehind", "dead\nletters")
    table = Table(*(Column(heading, no_wrap=True) for heading in headings))
    for service in chosen(names or ["all"]):
        if service.unit_of_work is not None:
            table.add_row(service.name, *asyncio.run(_status(service)))
    Console().print(table)


def rebuild(name: Name) -> None:
    """Publish a service's events again, as far back as the broker keeps them; consumers let pass what they know."""
    from rapport_kit.service import chosen

    (service,) = chosen([name])
    if service.unit_of_work is None:
        raise typer.BadParameter(f"{name} has no events")
    events = asyncio.run(_rebuild(service))
    Console().print(f"The relay of {name} publishes {events} events again.", highlight=False)


def replay(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The service whose projection it is.")],
    projection: Annotated[str, typer.Argument(metavar="PROJECTION", help="As the service's manifest calls it.")],
) -> None:
    """Empty a projection and build it again from every event that is kept; the service goes on meanwhile."""
    from rapport_kit.service import chosen

    (service,) = chosen([name])
    if projection not in service.projections:
        raise typer.BadParameter(f"{name} has these projections: {', '.join(service.projections) or 'none'}")
    asyncio.run(_replay(service, projection))
    Console().print(f"{name} builds {projection} again; `rapport events status` shows how far it is.", highlight=False)


async def _replay(service: Service, projection: str) -> None:
    from rapport_kit.bus.replay import replay_projection
    from rapport_kit.cli.connections import system_of

    names = [each.name for each in service.following().values() if each.projection == projection]
    async with system_of(service) as (system, frame):
        await replay_projection(system, frame, names, service.projections[projection].tables)


async def _status(service: Service) -> tuple[str, ...]:
    from rapport_kit.bus import gauges
    from rapport_kit.cause import Lane
    from rapport_kit.cli.connections import system_of

    async with system_of(service) as (system, frame), system.transaction() as connection:
        depth = await gauges.outbox_depth(connection, frame)
        in_flight = await gauges.unacknowledged(connection, frame)
        age = max((await gauges.outbox_age(connection, frame)).values())
        lag = await gauges.consumer_lag(connection, frame)
        letters = await gauges.dead_letters(connection, frame)
    waiting = (depth[Lane.LIVE], depth[Lane.BULK], in_flight)
    return *map(str, waiting), f"{age:.1f} s", _lines(lag), _lines(letters)


def _lines(counts: Mapping[str, int]) -> str:
    """Source and count, each on a line of its own."""
    return "\n".join(f"{source} {events}" for source, events in counts.items()) or "–"


async def _rebuild(service: Service) -> int:
    from rapport_kit.bus.rebuild import request_rebuild
    from rapport_kit.cli.connections import system_of

    async with system_of(service) as (system, frame):
        return await request_rebuild(system, frame)
