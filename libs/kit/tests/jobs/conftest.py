"""The databases of the bus's tests, for timers."""

from __future__ import annotations

from ..bus.conftest import migrated, pair, site

__all__ = ["migrated", "pair", "site"]
