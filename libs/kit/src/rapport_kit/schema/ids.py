"""Ids in statements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa


def any_of(ids: Iterable[UUID]) -> Any:
    """What a column is compared with to be one of some ids: one parameter, so that one plan serves any number."""
    return sa.any_(sa.cast(list(ids), sa.ARRAY(sa.Uuid)))
