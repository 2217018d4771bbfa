"""Garbage collection for a process that has started: what is there now stays, and what comes is mostly short-lived."""

from __future__ import annotations

import gc

THRESHOLD = 10_000
"""New objects in cycles' reach before the youngest are looked through; Python's 700 are a handful of requests."""


def spare_what_is_loaded() -> None:
    """Keep the collector from walking through modules, descriptors and mappings again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(THRESHOLD, 20, 50)
