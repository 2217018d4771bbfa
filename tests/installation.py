"""Installs services of the tests' own for processes with a certain PYTHONPATH, so that `rapport` serves them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
"""Where the package `tests` lies."""


def install(folder: Path, name: str, services: Mapping[str, str]) -> str:
    """Write into `folder` what an installer of `rapport-<name>` would have written; returns the PYTHONPATH.

    `services`: by the name of each, where its manifest is, as `module:attribute`.
    """
    distribution = folder / f"rapport_{name}-0.dist-info"
    distribution.mkdir(parents=True)
    (distribution / "METADATA").write_text(f"Metadata-Version: 2.1\nName: rapport-{name}\nVersion: 0\n")
    points = [f"{service} = {place}" for service, place in services.items()]
    (distribution / "entry_points.txt").write_text("\n".join(["[rapport.services]", *points, ""]))
    return os.pathsep.join([str(folder), str(ROOT)])
