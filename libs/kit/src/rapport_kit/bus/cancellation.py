"""Cancellation that gets lost on the way."""

from __future__ import annotations

import asyncio


def heed_cancellation() -> None:
    """Raise the CancelledError that was swallowed.

    `asyncio.wait_for` of Python 3.11, which the NATS client is built on, drops a cancellation that meets a result
    (cpython 86296); a loop that trusts it would never end.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
