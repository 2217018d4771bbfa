"""What a tenant has, so that it can be told when somebody else gets to see it."""

from __future__ import annotations

from tests.holdings.filling import fill
from tests.holdings.held import Holdings, items_field, strings

__all__ = ["Holdings", "fill", "items_field", "strings"]
