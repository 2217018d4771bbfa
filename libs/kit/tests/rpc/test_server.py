"""What a gRPC server tells clients of itself, and what it does not say on its terminal."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest
from grpc_reflection.v1alpha.reflection_pb2_grpc import ServerReflectionStub

from rapport.contact.v1 import people_pb2
from rapport_kit.rpc.client import open_channel
from rapport_kit.rpc.server import Server

PEOPLE = people_pb2.DESCRIPTOR.services_by_name["PersonService"]
BUSY = """
import asyncio, sys, uvloop
from rapport_kit.rpc.client import open_channel
from rapport_kit.rpc.server import Server
from grpc_health.v1 import health_pb2, health_pb2_grpc

async def main():
    server = Server()
    await server.start(sys.argv[1])
    async with open_channel(sys.argv[1]) as channel:
        check = health_pb2_grpc.HealthStub(channel).Check
        calls = [check(health_pb2.HealthCheckRequest()) for _ in range(100)]
        for _ in range(3):
            await (await asyncio.create_subprocess_exec(sys.executable, "-c", "")).wait()
        await asyncio.gather(*calls)
    await server.stop(0)

uvloop.run(main())
"""


def test_starting_another_program_while_calls_are_served_is_nothing_to_complain_of(servers_directory: Path) -> None:
    target = f"unix:{servers_directory / 'busy.sock'}"
    ran = subprocess.run([sys.executable, "-c", BUSY, target], capture_output=True, text=True, timeout=30, check=True)
    assert "fork" not in ran.stderr


async def test_the_file_of_anything_in_a_contract_is_found_by_its_name(servers_directory: Path) -> None:
    name, target = PEOPLE.full_name, f"unix:{servers_directory / 'reflected.sock'}"
    asked = [name, f"{name}.GetPerson", "rapport.contact.v1.Person", f"{name}.GetShoes", "rapport.contact.v1.Shoe", "x"]

    async def requests() -> AsyncIterator[ServerReflectionRequest]:
        for symbol in asked:
            yield ServerReflectionRequest(file_containing_symbol=symbol)

    server = Server()
    await server.start(target)
    async with open_channel(target) as channel:
        reflected: Any = ServerReflectionStub(channel).ServerReflectionInfo
        answers = [answer.WhichOneof("message_response") async for answer in reflected(requests())]
    await server.stop(0)

    assert answers == ["file_descriptor_response"] * 3 + ["error_response"] * 3
