"""Durable timers: rows that are due at a time, set and carried out in the transactions of units of work."""

from __future__ import annotations

from rapport_kit.jobs.timers import Tick, cancel, carry_on, done_until, lease, schedule

__all__ = ["Tick", "cancel", "carry_on", "done_until", "lease", "schedule"]
