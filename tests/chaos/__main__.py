"""The command line of `make chaos`."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import signal
import sys
import time

from tests.chaos.run import Run
from tests.chaos.stand import stand


async def chaos(options: argparse.Namespace) -> int:
    """One run; the folder with the logs stays when something was wrong."""
    began = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - began:5.1f} s  {line}", flush=True)

    say(f"starting; seed {options.seed}")
    async with stand() as standing:
        say(f"everything serves; killing for {options.seconds:g} s")
        run = Run(standing, options.seconds, options.seed, options.writers, say)
        good = await run.run()
    if good and not options.keep:
        shutil.rmtree(standing.folder)
    else:
        say(f"logs and data are in {standing.folder}")
    print(run.line)
    return 0 if good else 1


async def _ended_by_signals(options: argparse.Namespace) -> int:
    """SIGTERM ends the run as Ctrl-C does: with everything it started."""
    task = asyncio.ensure_future(chaos(options))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


def main() -> int:
    """0 when nothing was lost, doubled or out of order, else 1."""
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="for how long processes are killed")
    parser.add_argument("--seed", type=int, default=7, help="decides who is killed when, and what is written")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--keep", action="store_true", help="keep the folder with logs and data in any case")
    return asyncio.run(_ended_by_signals(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
