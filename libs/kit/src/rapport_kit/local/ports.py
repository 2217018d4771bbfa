"""Ports on the loopback address."""

from __future__ import annotations

import socket

from rapport_kit.local.failure import PlatformError

LOOPBACK = "127.0.0.1"


def is_free(port: int, host: str = LOOPBACK) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do, so that connections in TIME_WAIT after a restart do not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def choose(name: str, variable: str, *, explicit: int | None, remembered: int | None) -> int:
    """The explicit port or an error that names it; else the one used before, else any free one."""
    if explicit is not None:
        if not is_free(explicit):
            raise PlatformError(
                f"Port {explicit} for {name} is taken by another program: free it, or change or unset {variable}."
            )
        return explicit
    if remembered is not None and is_free(remembered):
        return remembered
    return free_port()
