"""One PostgreSQL server on the loopback address, driven through its own `initdb` and `pg_ctl`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psutil

from rapport_kit.local.binaries import postgres_programs
from rapport_kit.local.failure import PlatformError
from rapport_kit.local.owner import Owner, database_owner
from rapport_kit.local.ports import LOOPBACK

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    # A backend whose client died mid-transaction must not hold its row locks for two hours.
    "tcp_keepalives_idle": "60",
}
if sys.platform == "linux":
    # After a kill, one sync of the file system instead of one for each of thousands of files: 2 s instead of 11.
    SETTINGS["recovery_init_sync_method"] = "syncfs"
SMALLEST_CACHE, LARGEST_CACHE = 128, 1024
"""Megabytes of PostgreSQL's own cache; of a server with much data that is what its reads are served from."""
RECKLESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


@dataclass
class PostgresServer:
    """`directory` holds the data; its parents must let the database's user through. `durable=False` is for tests."""

    directory: Path
    port: int
    password: str
    durable: bool = True
    owner: Owner = field(default_factory=database_owner)

    @property
    def url(self) -> str:
        """The administrator's URL."""
        return f"postgresql://postgres:{self.password}@{LOOPBACK}:{self.port}/postgres"

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def log(self) -> Path:
        return self.directory / "postgres.log"

    @property
    def pid(self) -> int | None:
        """The postmaster, when it runs."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if pid in self._processes() else None

    def start(self, timeout: float = 60) -> None:
        """Return when it accepts connections; a server that already runs on this data is kept."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if self.pid is not None:
            return
        self._wait_for_orphans(timeout)
        # Only a dead server's file is left; its pid may belong to a stranger by now, which would stop the start.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        settings = SETTINGS | {"port": str(self.port)} | (_cache() if self.durable else RECKLESS)
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._run("pg_ctl", "start", "-w", "-t", str(int(timeout)), "-s", "-l", str(self.log), "-o", options)

    def stop(self, timeout: float = 60) -> None:
        """Roll back what is open, write a checkpoint, end."""
        if self.pid is not None:
            mode = "fast" if self.durable else "immediate"
            self._run("pg_ctl", "stop", "-w", "-t", str(int(timeout)), "-s", "-m", mode)

    def _initialise(self) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.owner.take(self.directory)
        password = self.directory / "password"
        password.touch(mode=0o600)
        password.write_text(self.password)
        self.owner.take(password)
        options = ["--username=postgres", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"]
        try:
            self._run("initdb", *options, *([] if self.durable else ["--no-sync"]))
        finally:
            password.unlink()

    def _wait_for_orphans(self, timeout: float) -> None:
        """A live backend of a killed postmaster was seen to commit after the kill; start only when all are gone."""
        until = time.monotonic() + timeout
        while left := self._processes():
            if time.monotonic() > until:
                raise PlatformError(f"Processes of an earlier PostgreSQL still use {self.data}: {sorted(left)}.")
            time.sleep(0.05)

    def _processes(self) -> set[int]:
        """Every process of a server on this data: all of them work in the data folder."""
        found = set()
        for process in psutil.process_iter():
            try:
                if process.name().startswith("postgres") and process.cwd() == str(self.data.resolve()):
                    found.add(process.pid)
            except (psutil.AccessDenied, psutil.NoSuchProcess):
                continue
        return found

    @cached_property
    def _programs(self) -> Path:
        return postgres_programs(self.owner)

    def _run(self, program: str, *arguments: str) -> None:
        # Not a pipe: the server would inherit it and the reader never see its end.
        environment = {"PATH": os.defpath, "LC_ALL": "C"}
        with (self.directory / "commands.log").open("w+") as output:
            done = subprocess.run(
                [self._programs / program, "-D", self.data, *arguments],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.directory,
                env=environment,
                **self.owner.process(),
            )
            output.seek(0)
            said = output.read().strip()
        if done.returncode != 0:
            log = self.log.read_text().splitlines()[-5:] if self.log.exists() else []
            raise PlatformError("\n".join([f"PostgreSQL: {program} failed in {self.directory}: {said}", *log]))


def _cache() -> dict[str, str]:
    """A sixteenth of the machine's memory; it is taken as it is filled, so an idle server does not hold it."""
    megabytes = psutil.virtual_memory().total // 16 // 2**20
    return {"shared_buffers": f"{min(max(megabytes, SMALLEST_CACHE), LARGEST_CACHE)}MB"}
