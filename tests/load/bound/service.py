"""The second process of the bare chain: grpc.aio, and one SQLAlchemy Core statement for each call."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import grpc
import orjson
import sqlalchemy as sa
import uvloop
from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from rapport.contact.v1.channels_pb2 import Channel, EmailAddress, PhoneNumber
from rapport.contact.v1.events_pb2 import PersonChanged
from rapport.contact.v1.people_pb2 import (
    CreatePersonRequest,
    GetPersonRequest,
    ListPeopleRequest,
    ListPeopleResponse,
    Person,
)
from tests.load.bound.tables import event, person

SERVICE = "bound.People"
Context = grpc.aio.ServicerContext[Any, Any]

by_id = sa.select(person).where(person.c.id == sa.bindparam("id"))
newest = sa.select(person).order_by(person.c.create_time.desc(), person.c.id.desc()).limit(sa.bindparam("size"))
insert_person = sa.insert(person)
insert_event = sa.insert(event)


class People:
    """Get, list and create, written as one would by hand."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        # A read of one statement needs no transaction: this saves the bound two round trips.
        self._reads = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def get(self, request: GetPersonRequest, context: Context) -> Person:
        async with self._reads.connect() as connection:
            row = (await connection.execute(by_id, {"id": request.id})).one_or_none()
        if row is None:
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such person")
        return message(row)

    async def list(self, request: ListPeopleRequest, context: Context) -> ListPeopleResponse:
        async with self._reads.connect() as connection:
            rows = (await connection.execute(newest, {"size": request.page_size})).all()
        return ListPeopleResponse(people=[message(row) for row in rows])

    async def create(self, request: CreatePersonRequest, context: Context) -> Person:
        given, now = request.person, datetime.now(UTC)
        channels = [
            {"id": str(uuid4()), "email": channel.email.address, "normalized": channel.email.address.lower()}
            for channel in given.channels
        ]
        row = {
            "id": str(uuid4()),
            "display_name": given.display_name or f"{given.given_name} {given.family_name}",
            "given_name": given.given_name,
            "family_name": given.family_name,
            "locale": given.locale,
            "time_zone": given.time_zone,
            "lifecycle_stage": given.lifecycle_stage,
            "job_title": given.job_title,
            "organisation_id": given.organisation_id or None,
            "channels": channels,
            "owner_id": given.owner_id or None,
            "team_id": None,
            "create_time": now,
            "update_time": now,
            "version": 1,
        }
        answer = message(Row(**row))
        fact = {
            "aggregate": row["id"],
            "type": "PersonChanged",
            "payload": PersonChanged(person=answer).SerializeToString(),
        }
        async with self._engine.begin() as connection:
            await connection.execute(insert_person, row)
            await connection.execute(insert_event, fact)
        return answer


class Row:
    """Values that were just written, read as a row that was."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)


def message(row: Any) -> Person:
    """A person from a row."""
    return Person(
        id=row.id,
        display_name=row.display_name,
        given_name=row.given_name,
        family_name=row.family_name,
        locale=row.locale,
        time_zone=row.time_zone,
        lifecycle_stage=row.lifecycle_stage,
        job_title=row.job_title,
        organisation_id=row.organisation_id,
        channels=[channel(entry) for entry in row.channels],
        owner_id=row.owner_id,
        team_id=row.team_id,
        create_time=timestamp(row.create_time),
        update_time=timestamp(row.update_time),
        etag=f'"{row.version}"',
    )


def channel(entry: dict[str, str]) -> Channel:
    if "email" in entry:
        address = EmailAddress(address=entry["email"])
        return Channel(id=entry["id"], email=address, primary=True, normalized=entry["normalized"])
    number = PhoneNumber(number=entry["phone"])
    return Channel(id=entry["id"], phone=number, primary=True, normalized=entry["normalized"])


def timestamp(moment: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


async def _main() -> None:
    engine = create_async_engine(
        os.environ["BOUND_DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=10,
        max_overflow=0,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
    )
    people = People(engine)
    server = grpc.aio.server()
    methods = {
        "Get": _unary(people.get, GetPersonRequest),
        "List": _unary(people.list, ListPeopleRequest),
        "Create": _unary(people.create, CreatePersonRequest),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, methods),))
    server.add_insecure_port(os.environ["BOUND_TARGET"])
    await server.start()
    await server.wait_for_termination()


def _unary(method: Any, request: Any) -> grpc.RpcMethodHandler[Any, Any]:
    return grpc.unary_unary_rpc_method_handler(
        method, request_deserializer=request.FromString, response_serializer=lambda answer: answer.SerializeToString()
    )


if __name__ == "__main__":
    uvloop.run(_main())
