"""One `rapport up` at a time: a lock that the kernel lets go of when its holder dies, so it is never stale."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rapport_kit.local.failure import PlatformError


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock and write our pid into it; PlatformError when another process holds it."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PlatformError(f"Rapport is already up (pid {holder(path)}): `rapport status` shows it.") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def holder(path: Path) -> int | None:
    """The pid of the running `rapport up`."""
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return int(path.read_text() or "0") or None
    return None


def end_holder(path: Path, timeout: float = 60) -> bool:
    """Ask the running `rapport up` to stop and wait until it has; False when none runs."""
    pid = holder(path)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + timeout
    while holder(path) == pid:
        if time.monotonic() > until:
            raise PlatformError(f"Rapport (pid {pid}) does not stop within {timeout:.0f} s.")
        time.sleep(0.1)
    return True
