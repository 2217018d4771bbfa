"""Twenty seconds of `make chaos`: processes are killed while people write, and nothing is lost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

SECONDS = 20
TIMEOUT = 140
"""Seconds after which a run hangs, fewer than pytest gives a test."""
ROOT = Path(__file__).parents[2]
LINE = re.compile(r"acknowledged=(\d+) lost=0 doubled=0 out_of_order=0 kills=(\d+)")


@pytest.mark.parametrize("seed", [7])
def test_what_was_acknowledged_is_there_once_and_in_order_after_twenty_seconds_of_kills(seed: int) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORT_")}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.chaos", "--seconds", str(SECONDS), "--seed", str(seed)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment,
    ) as process:
        hangs = threading.Timer(TIMEOUT, process.terminate)  # it ends everything that it started
        hangs.start()
        said, complaints = process.communicate()
        hangs.cancel()
    assert process.returncode == 0, said + complaints
    last = LINE.fullmatch(said.splitlines()[-1])
    assert last is not None, said
    assert int(last[1]) > 0
    assert int(last[2]) > 0
