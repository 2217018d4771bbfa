"""Garbage collection for a process that has started: what is there now stays, and what comes is mostly short-lived."""

from __future__ import annotations

import gc

THRESHOLD = 10_000
"""New objects in cycles' reach before the youngest are looked through; Python's 700 are a handful of requests."""
YOUNG = 10
"""Looks at the youngest before those that outlived them are looked through: of twenty, calls wait for up to 39 ms."""


def spare_what_is_loaded() -> None:
    """Keep the collector from walking through modules, descriptors and mappings again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(THRESHOLD, YOUNG, 50)
