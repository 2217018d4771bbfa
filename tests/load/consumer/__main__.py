"""Runs the noting service as `rapport serve` runs those that are installed."""

from __future__ import annotations

import uvloop

from rapport_kit.app.run import run
from tests.load.consumer.service import service

if __name__ == "__main__":
    uvloop.run(run([service]))
