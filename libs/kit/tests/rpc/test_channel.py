"""What a channel repeats by itself when a peer is away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import grpc
import pytest

from rapport.contact.v1 import people_pb2 as pb
from rapport_kit.errors import Unavailable
from rapport_kit.rpc.client import Client, open_channel

PEOPLE = pb.DESCRIPTOR.services_by_name["PersonService"]
GET = (PEOPLE.full_name, "GetPerson")


async def _attempts(method: str, request: Any, socket: Path) -> int:
    """How often a peer that is never there is asked."""
    asked = 0

    async def away(_: object, context: grpc.aio.ServicerContext[Any, Any]) -> None:
        nonlocal asked
        asked += 1
        await context.abort(grpc.StatusCode.UNAVAILABLE, "away")

    server = grpc.aio.server()
    names = [rpc.name for rpc in PEOPLE.methods]
    handlers: dict[str, Any] = {name: grpc.unary_unary_rpc_method_handler(away) for name in names}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(PEOPLE.full_name, handlers),))
    server.add_insecure_port(f"unix:{socket}")
    await server.start()
    async with open_channel(f"unix:{socket}", safe=[GET]) as channel:
        with pytest.raises(Unavailable):
            await getattr(Client(channel, PEOPLE), method)(request)
    await server.stop(None)
    return asked


async def test_a_read_is_repeated(servers_directory: Path) -> None:
    assert await _attempts("get_person", pb.GetPersonRequest(), servers_directory / "read.sock") == 3


async def test_a_change_is_not(servers_directory: Path) -> None:
    assert await _attempts("create_person", pb.CreatePersonRequest(), servers_directory / "change.sock") == 1
