"""Installs the observers for processes with a certain PYTHONPATH, so that `rapport` serves and operates them."""

from __future__ import annotations

import os
from pathlib import Path

from tests.chaos.observer.service import latecomer, observer

ROOT = Path(__file__).parents[3]
"""Where the package `tests` lies."""


def install(folder: Path) -> str:
    """Write into `folder` what an installer would have written; returns the PYTHONPATH."""
    distribution = folder / "rapport_observer-0.dist-info"
    distribution.mkdir(parents=True)
    (distribution / "METADATA").write_text("Metadata-Version: 2.1\nName: rapport-observer\nVersion: 0\n")
    points = [f"{service.name} = tests.chaos.observer.service:{service.name}" for service in (observer, latecomer)]
    (distribution / "entry_points.txt").write_text("\n".join(["[rapport.services]", *points, ""]))
    return os.pathsep.join([str(folder), str(ROOT)])
