"""What a list may be asked: filters (AIP-160), orders (AIP-132), pages (AIP-158) and counts.

A handler reads a List request once, as a `Listing`; a stream or a rule that sees messages asks `Filter.matches`.
"""

from __future__ import annotations

from rapport_kit.query.columns import Columns
from rapport_kit.query.counting import Count, capped_count
from rapport_kit.query.fields import Fields
from rapport_kit.query.filters import Filter
from rapport_kit.query.listing import Listing
from rapport_kit.query.order import Order
from rapport_kit.query.tokens import PageTokens

__all__ = ["Columns", "Count", "Fields", "Filter", "Listing", "Order", "PageTokens", "capped_count"]
