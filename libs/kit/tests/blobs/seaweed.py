"""A real S3 server for the tests: SeaweedFS, which comes as a wheel."""

from __future__ import annotations

import json
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rapport_kit.local.ports import LOOPBACK, free_port

SECONDS = 30
ACCESS_KEY, SECRET_KEY = "tests", "of-the-blob-store"
PORTS = ("master", "volume", "filer", "s3")


@contextmanager
def seaweed(directory: Path) -> Iterator[str]:
    """Runs the server with one pair of credentials until the block ends; gives its S3 endpoint."""
    identity = {"name": "tests", "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}]}
    identities = directory / "identities.json"
    identities.write_text(json.dumps({"identities": [identity | {"actions": ["Admin", "Read", "Write", "List"]}]}))
    names = [f"{part}.port{suffix}" for part in PORTS for suffix in ("", ".grpc")]
    numbers: set[int] = set()
    while len(numbers) < len(names):
        numbers.add(free_port())
    ports = dict(zip(names, numbers, strict=True))
    program = Path(sysconfig.get_path("scripts")) / "weed"
    arguments = [f"-dir={directory}", f"-ip={LOOPBACK}", f"-ip.bind={LOOPBACK}", "-filer", "-s3"]
    arguments += ["-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"]
    arguments += [f"-{part}.localSocket={directory / part}.sock" for part in ("filer", "s3")]
    arguments += [f"-s3.config={identities}", "-volume.max=10", "-master.volumeSizeLimitMB=64"]
    arguments += [f"-{name}={port}" for name, port in ports.items()]
    with (directory / "log").open("wb") as log:
        server = subprocess.Popen([program, "server", *arguments], stdout=log, stderr=subprocess.STDOUT)
    try:
        _await(server, ports["s3.port"])
        yield f"http://{LOOPBACK}:{ports['s3.port']}"
    finally:
        server.kill()  # an orderly stop takes it half a minute
        server.wait()


def _await(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, "the S3 server ended"
        try:
            socket.create_connection((LOOPBACK, port), 0.5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the S3 server does not listen")
