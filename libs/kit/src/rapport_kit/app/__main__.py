"""`python -m rapport_kit.app NAME…`: what the supervisor starts, and what `rapport serve` becomes.

A process of its own, so that a service holds nothing of the command line for as long as it runs.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

# Structlog and OpenTelemetry load these where they find them, for terminals: 4 MB and 100 modules in every service.
for _unused in ("rich", "psutil"):
    sys.modules[_unused] = None  # type: ignore[assignment]

import uvloop  # noqa: E402

from rapport_kit.app.run import run  # noqa: E402
from rapport_kit.local.supervisor import SUPERVISED  # noqa: E402
from rapport_kit.service import chosen  # noqa: E402
from rapport_kit.settings import SettingsError  # noqa: E402


def main() -> int:
    """Exit code 2 when a variable is missing or wrong."""
    code = 0
    if os.environ.get(SUPERVISED):
        threading.Thread(target=_end_with_supervisor, name="supervised", daemon=True).start()
    try:
        uvloop.run(run(chosen(sys.argv[1:])))
    except* SettingsError as wrong:
        sys.stderr.writelines(f"{error}\n" for error in wrong.exceptions)
        code = 2
    return code


def _end_with_supervisor() -> None:
    """A supervisor that is killed cannot stop its services, but its end of our standard input closes."""
    # Not through sys.stdin: an interpreter that ends while a thread holds its lock aborts.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
