"""One nats-server with JetStream on the loopback address."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from rapport_kit.local.binaries import nats_program
from rapport_kit.local.failure import PlatformError
from rapport_kit.local.files import write_private
from rapport_kit.local.ports import LOOPBACK

USER = "rapport"


@dataclass
class NatsServer:
    """`directory` holds the configuration and the streams. `durable=False` (no fsync per message) is for tests."""

    directory: Path
    port: int
    password: str
    durable: bool = True
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    @property
    def url(self) -> str:
        return f"nats://{USER}:{self.password}@{LOOPBACK}:{self.port}"

    @property
    def log(self) -> Path:
        return self.directory / "nats.log"

    @property
    def pid(self) -> int | None:
        """The server, when it runs; a stale pid file, even one whose pid is reused, does not count."""
        process = self._process()
        return None if process is None else process.pid

    def start(self, timeout: float = 30) -> None:
        """Return when it accepts connections; a server that already runs on this folder is kept."""
        if self.pid is not None:
            return
        self._reap()
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write_configuration()
        for stale in self.directory.glob("*.ports"):
            stale.unlink()
        with self.log.open("ab") as log:
            self._child = started = subprocess.Popen(
                [nats_program(), "--config", self._configuration],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.directory,
                start_new_session=True,  # Ctrl-C at the terminal is for us; we stop the broker after its clients
            )
        until = time.monotonic() + timeout
        # The server writes this file once it listens; whoever answers on the port might be another program.
        while not (self.directory / f"nats-server_{started.pid}.ports").exists():
            if started.poll() is not None or time.monotonic() > until:
                started.kill()
                self._reap()
                tail = "\n".join(self.log.read_text().splitlines()[-5:])
                raise PlatformError(f"nats-server did not start in {self.directory}:\n{tail}")
            time.sleep(0.02)

    def stop(self, timeout: float = 30) -> None:
        process = self._process()
        if process is not None:
            process.terminate()
            try:
                process.wait(timeout)
            except psutil.TimeoutExpired:
                raise PlatformError(f"nats-server (pid {process.pid}) does not stop.") from None
        self._reap()

    def _reap(self) -> None:
        if self._child is not None:
            self._child.wait()
            self._child = None

    @property
    def _configuration(self) -> Path:
        return self.directory / "nats.conf"

    def _process(self) -> psutil.Process | None:
        try:
            process = psutil.Process(int((self.directory / "nats.pid").read_text()))
            ours = str(self._configuration) in process.cmdline()
        except (FileNotFoundError, ValueError, psutil.Error):
            return None
        return process if ours and process.status() != psutil.STATUS_ZOMBIE else None

    def _write_configuration(self) -> None:
        configuration = {
            "server_name": "rapport-local",
            "listen": f"{LOOPBACK}:{self.port}",
            "pid_file": str(self.directory / "nats.pid"),
            "ports_file_dir": str(self.directory),
            "authorization": {"user": USER, "password": self.password},
            # Without it JetStream acknowledges up to two minutes before it syncs (Jepsen, NATS 2.12.1).
            "jetstream": {
                "store_dir": str(self.directory / "store"),
                "sync_interval": "always" if self.durable else "2m",
            },
        }
        write_private(self._configuration, json.dumps(configuration, indent=2))
