"""A process that serves says nothing on its terminal that nobody can use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
