"""The conventions that turn one name into another."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(1024)
def snake(name: str) -> str:
    """`BatchGetPeople` → `batch_get_people`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
