"""An entity that is never moved to the trash: it is closed, deactivated or revoked instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from rapport_kit.domain import Entity


@dataclass(kw_only=True, eq=False)
class Lasting(Entity):
    """What others refer to for good, such as the user behind a change of years ago."""

    delete_time: datetime | None = field(default=None, metadata={"hidden": True})
