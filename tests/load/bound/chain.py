"""Fills the bare chain's database and runs its two processes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from rapport_kit.local.ports import LOOPBACK, free_port
from tests.load.bound.tables import metadata
from tests.load.people import Drawn
from tests.load.processes import module, until_open

PACKAGE = __package__
COLUMNS = (
    "id",
    "display_name",
    "given_name",
    "family_name",
    "locale",
    "time_zone",
    "lifecycle_stage",
    "job_title",
    "organisation_id",
    "channels",
    "owner_id",
    "team_id",
    "create_time",
    "update_time",
    "version",
)


async def create_tables(connection: asyncpg.Connection[Any]) -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in metadata.sorted_tables:
        await connection.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in table.indexes:
            await connection.execute(str(CreateIndex(index).compile(dialect=dialect)))


async def fill(connection: asyncpg.Connection[Any], people: Iterable[Drawn], owner: str) -> None:
    """Copy people into the table."""
    rows = (_row(person, owner) for person in people)
    await connection.copy_records_to_table("person", records=rows, columns=COLUMNS)


@asynccontextmanager
async def chain(database_url: str, folder: Path, *, json: str = "by_hand") -> AsyncIterator[tuple[str, dict[str, int]]]:
    """Both processes, for as long as the block lasts; yields the HTTP address and the pids."""
    port, target, log = free_port(), f"unix:{folder}/{json}.sock", folder / f"bound-{json}"
    common = {"BOUND_TARGET": target, "BOUND_DATABASE_URL": database_url}
    environment = common | {"BOUND_PORT": str(port), "BOUND_JSON": json}
    async with (
        module(f"{PACKAGE}.service", log.with_suffix(".service.log"), **environment) as service,
        module(f"{PACKAGE}.gateway", log.with_suffix(".gateway.log"), **environment) as gateway,
    ):
        await until_open(port, log.with_suffix(".gateway.log"))
        yield f"http://{LOOPBACK}:{port}", {"gateway": gateway, "service": service}


def _row(person: Drawn, owner: str) -> tuple[Any, ...]:
    channels = [{"id": person.email_id, "email": person.email, "normalized": person.email}]
    if person.phone_id is not None:
        channels.append({"id": person.phone_id, "phone": person.phone, "normalized": person.phone})
    return (
        person.id,
        f"{person.given_name} {person.family_name}",
        person.given_name,
        person.family_name,
        person.locale,
        person.time_zone,
        person.stage,
        person.job_title,
        person.organisation_id,
        orjson.dumps(channels).decode(),
        owner,
        None,
        person.create_time,
        person.create_time,
        1,
    )
