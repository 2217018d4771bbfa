"""The panels of whichever departments have one: nothing here knows any of them by name."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from rapport.api.v1 import customer_panels_pb2
from rapport_gateway.customers.panels import SILENT, Panel

PANELS = customer_panels_pb2.DESCRIPTOR.services_by_name["CustomerPanelService"]
UNIMPLEMENTED = "UNIMPLEMENTED"
ASK_AGAIN = 60.0
"""Seconds after which a department that has no panel is asked again: a new version of it may have one."""


@dataclass
class Offers:
    """Which departments have no panel, as far as they said. A department that never answered may have one."""

    clock: Callable[[], float] = time.monotonic
    _without: dict[str, float] = field(default_factory=dict)
    """With the time at which each is asked again."""

    def worth_asking(self, department: str) -> bool:
        """Whether it may have a panel by now."""
        return self._without.get(department, 0.0) <= self.clock()

    def shown(self, department: str, panel: Panel) -> bool:
        """Whether this answer belongs on a page; remembers what it tells."""
        if panel.code == UNIMPLEMENTED:
            self._without[department] = self.clock() + ASK_AGAIN
        elif panel.code in SILENT:
            return department not in self._without
        else:
            self._without.pop(department, None)
        return panel.code != UNIMPLEMENTED
