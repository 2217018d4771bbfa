"""`rapport up` as a newcomer runs it: real processes, a folder of its own, the command line as the only door."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rapport_kit.local.ports import LOOPBACK, free_port

STARTS_WITHIN = 120.0


@dataclass(frozen=True)
class Installed:
    """A running installation. `address` is the gateway's URL."""

    address: str
    environment: dict[str, str]

    def rapport(self, *arguments: str, given: bytes = b"") -> str:
        """What a `rapport` command prints; fails when the command does."""
        done = subprocess.run(
            [sys.executable, "-m", "rapport_kit.cli", *arguments],
            env=self.environment,
            input=given,
            capture_output=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()


@contextmanager
def up(directory: Path, *options: str, more: Mapping[str, str] | None = None) -> Iterator[Installed]:
    """An installation that lives as long as the block, on ports of its own, with the variables in `more`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORT_")}
    # Tests start several at a time, which would look for the first free port together.
    environment |= {
        "RAPPORT_STATE_DIR": str(directory),
        "RAPPORT_GATEWAY_LISTEN": f"{LOOPBACK}:{free_port()}",
        **(more or {}),
    }
    log = directory.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "rapport_kit.cli", "up", *options], env=environment, stdout=output, stderr=output
        )
    try:
        _wait_until_up(process, log)
        listen = {row["name"]: row["listen"] for row in json.loads((directory / "services.json").read_text())}
        scheme = "https" if "RAPPORT_TLS_CERT" in environment else "http"
        yield Installed(f"{scheme}://{listen['gateway']}", environment)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _wait_until_up(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while "Rapport is up" not in (printed := log.read_text()):
        assert process.poll() is None, printed
        assert time.monotonic() < deadline, printed
        time.sleep(0.2)
