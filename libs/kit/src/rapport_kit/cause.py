"""Why a change happens: who asked, through what, as part of which larger work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Lane(IntEnum):
    """Which queue a fact waits in for the broker: an import must not hold people up."""

    LIVE = 0
    BULK = 1


@dataclass(frozen=True, slots=True)
class Cause:
    """The cause that every fact of one unit of work carries.

    `job` names the import, timer or consumed event behind the change; `traceparent` is W3C Trace Context.
    """

    job: str = ""
    request_id: str = ""
    traceparent: str = ""
    lane: Lane = Lane.LIVE
