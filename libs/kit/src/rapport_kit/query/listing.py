"""One List request, read: what is looked for, in which order, and where to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from google.protobuf.message import Message
from sqlalchemy import Select

from rapport_kit.auth.principal import Principal
from rapport_kit.errors import Invalid
from rapport_kit.query.columns import Columns
from rapport_kit.query.fields import Fields
from rapport_kit.query.filters import Filter
from rapport_kit.query.keyset import Key, after
from rapport_kit.query.order import Order
from rapport_kit.query.tokens import PageTokens

DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 1_000

ABOVE_ALL: Final = UUID(int=2**128 - 1)
"""No id is that high: its version would be 15."""

_FREE = ("page_size", "page_token", "include_total_size")
"""What may change from one page to the next; to everything else a token is bound."""

Row = TypeVar("Row", bound=Sequence[Any])


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list: at most `size` rows that `filter` lets through, in `order`, from after the key `start`."""

    filter: Filter
    order: Order
    size: int
    start: Key | None
    bound: bytes

    @classmethod
    def of(
        cls, request: Message, fields: Fields, *, method: str, principal: Principal, tokens: PageTokens, now: datetime
    ) -> Listing:
        """Read `page_size`, `page_token`, and, where the request has them, `filter` and `order_by`.

        Raises:
            Invalid: INVALID_FILTER, INVALID_ORDER_BY, INVALID_PAGE_SIZE or INVALID_PAGE_TOKEN.
        """
        asked: Any = request
        order = Order.parse(getattr(asked, "order_by", ""), fields)
        wanted = Filter.parse(getattr(asked, "filter", ""), fields)
        bound = binding(request, method, principal)
        start = tokens.open(asked.page_token, bound, now) if asked.page_token else None
        return cls(wanted, order, page_size(asked.page_size), start, bound)

    def select(self, statement: Select[Any], columns: Columns) -> Select[Any]:
        """`statement` for this page and one row more, which tells that the list goes on.

        The columns of the order are added behind those of `statement`; `page` finds them there.
        """
        if self.filter:
            statement = statement.where(self.filter.sql(columns))
        if self.start is not None:
            statement = statement.where(after(self.start, self.order, columns))
        keys = [columns.place(term.field).column for term in self.order.terms]
        return statement.add_columns(*keys).order_by(*self.order.sql(columns)).limit(self.size + 1)

    @property
    def newest_before(self) -> UUID | None:
        """For all that there is, the newest first: the id that the page's are below. None for any other list."""
        if self.filter or not self.order.is_newest_first:
            return None
        return self.start[0] if self.start else ABOVE_ALL

    def page(self, rows: Sequence[Row], tokens: PageTokens, now: datetime) -> tuple[Sequence[Row], str]:
        """The rows of the page, and its `next_page_token`, which is empty on the last page."""
        if len(rows) <= self.size:
            return rows, ""
        shown = rows[: self.size]
        key = tuple(shown[-1][-len(self.order.terms) :])
        return shown, tokens.seal(key, self.bound, now)


def page_size(asked: int) -> int:
    """How many rows a page has when `asked` for so many (AIP-158)."""
    if asked < 0:
        raise Invalid.field("page_size", "INVALID_PAGE_SIZE", "must not be negative")
    return min(asked or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)


def binding(request: Message, method: str, principal: Principal) -> bytes:
    """Who lists what: tenant, caller, method, and all of the request that must stay from page to page."""
    same = type(request)()
    same.CopyFrom(request)
    for name in _FREE:
        if name in request.DESCRIPTOR.fields_by_name:
            same.ClearField(name)
    who = principal.tenant.bytes + principal.subject.bytes + method.encode() + b"\0"
    return who + same.SerializeToString(deterministic=True)
