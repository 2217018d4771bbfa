"""What the code below an RPC may know of it, without passing it along: deadline, caller, trace."""

from __future__ import annotations

import time
from contextvars import ContextVar
from dataclasses import dataclass

from rapport_kit.errors import TooLate

DEFAULT_TIMEOUT = 10.0
"""Seconds a call gets when its caller named no deadline."""
LONGEST = 300.0
"""Seconds that a call which streams gets then: after those its token is looked at again."""
MEANINGFUL_WORK = 0.020
"""Seconds below which work is refused: it could not finish, and would only hold what others wait for."""
RETURN_OVERHEAD = 0.005
"""Seconds kept back from every outgoing call, so that its failure can still be reported."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call being served. `deadline` is on the monotonic clock, in seconds."""

    deadline: float
    method: str = ""
    token: str = ""
    request_id: str = ""

    def remaining(self) -> float:
        """Seconds left, negative when the deadline has passed."""
        return self.deadline - time.monotonic()

    def require_time(self) -> float:
        """Seconds left to work with.

        Raises:
            TooLate: fewer than `MEANINGFUL_WORK` are.
        """
        left = self.remaining()
        if left < MEANINGFUL_WORK:
            raise TooLate("DEADLINE_EXCEEDED", "no time is left to do the work")
        return left


current: ContextVar[Call | None] = ContextVar("rapport_call", default=None)


def outgoing_timeout(own: float = DEFAULT_TIMEOUT) -> float:
    """Seconds to give an outgoing call: grpc.aio does not propagate deadlines, so this does.

    Raises:
        TooLate: the call being served has no time left for another.
    """
    call = current.get()
    if call is None:
        return own
    left = call.require_time() - RETURN_OVERHEAD
    return min(own, left - rounding(left))


def rounding(timeout: float) -> float:
    """By how many seconds gRPC may lengthen a timeout: its core writes three digits of it, rounded up."""
    return next((step for limit, step in ((1, 0.001), (10, 0.01), (100, 0.1)) if timeout < limit), 1.0)
