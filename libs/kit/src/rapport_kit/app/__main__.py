"""`python -m rapport_kit.app NAME…`: what the supervisor starts, and what `rapport serve` becomes.

A process of its own, so that a service holds nothing of the command line for as long as it runs.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

import uvloop

from rapport_kit.app import run
from rapport_kit.local.supervisor import SUPERVISED
from rapport_kit.service import chosen
from rapport_kit.settings import SettingsError


def main() -> None:
    if os.environ.get(SUPERVISED):
        threading.Thread(target=_end_with_supervisor, name="supervised", daemon=True).start()
    try:
        uvloop.run(run(chosen(sys.argv[1:])))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


def _end_with_supervisor() -> None:
    """A supervisor that is killed cannot stop its services, but its end of our standard input closes."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
