"""One `rapport up` at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rapport_kit.local.failure import PlatformError
from rapport_kit.local.lock import end_holder, holder, only_one

HOLD = """
import sys, time
from pathlib import Path
from rapport_kit.local.lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "up.lock"


@pytest.fixture
def other(lock: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", HOLD, lock], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_a_second_up_is_refused_with_the_pid_of_the_first(lock: Path, other: subprocess.Popen[bytes]) -> None:
    with pytest.raises(PlatformError, match=f"already up .pid {other.pid}."), only_one(lock):
        pass


def test_down_ends_the_holder_and_waits_for_it(lock: Path, other: subprocess.Popen[bytes]) -> None:
    assert holder(lock) == other.pid
    assert end_holder(lock)
    assert other.wait(5) == -signal.SIGTERM
    assert holder(lock) is None


def test_a_killed_holder_leaves_no_stale_lock(lock: Path, other: subprocess.Popen[bytes]) -> None:
    other.kill()
    other.wait()
    assert holder(lock) is None
    with only_one(lock):
        assert lock.read_text() == str(os.getpid())


def test_there_is_nothing_to_end_where_nothing_ran(lock: Path) -> None:
    assert not end_holder(lock)
