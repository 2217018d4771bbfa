"""Twenty seconds of `make chaos`: processes are killed while people write, and nothing is lost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 20
ROOT = Path(__file__).parents[2]
LINE = re.compile(r"acknowledged=(\d+) lost=0 doubled=0 out_of_order=0 kills=(\d+)")


@pytest.mark.parametrize("seed", [7])
def test_what_was_acknowledged_is_there_once_and_in_order_after_twenty_seconds_of_kills(seed: int) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORT_")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "--seconds", str(SECONDS), "--seed", str(seed)],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
    )
    last = LINE.fullmatch(done.stdout.splitlines()[-1]) if done.stdout else None
    assert done.returncode == 0, done.stdout + done.stderr
    assert last is not None, done.stdout
    assert int(last[1]) > 0
    assert int(last[2]) > 0
