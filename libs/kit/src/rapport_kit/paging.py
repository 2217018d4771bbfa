"""Pages of what is listed in an order of its own (AIP-158), without the filters and orders of a `Listing`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from rapport_kit.query.keyset import Key
from rapport_kit.query.listing import binding, page_size
from rapport_kit.uow import UnitOfWork

Row = TypeVar("Row")


class Paging:
    """The page that a request asks for: of its list, `limit` rows from after the key `start`, None for the first.

    `limit` is one row more than the page has, which tells that the list goes on.
    """

    def __init__(self, request: Any, uow: UnitOfWork) -> None:
        """Raises `Invalid`: INVALID_PAGE_SIZE or INVALID_PAGE_TOKEN."""
        self._uow = uow
        self._size = page_size(request.page_size)
        self._bound = binding(request, request.DESCRIPTOR.full_name, uow.principal)
        self.limit = self._size + 1
        token = request.page_token
        self.start: Key | None = uow.page_tokens.open(token, self._bound, uow.now) if token else None

    @property
    def after(self) -> Any:
        """What `start` holds when a key has one value."""
        return None if self.start is None else self.start[0]

    def page(
        self, rows: Sequence[Row], *key: str, known: Sequence[Any] = (), cut: bool = False
    ) -> tuple[Sequence[Row], str]:
        """Of up to `limit` rows those of the page, and its `next_page_token`, empty on the last.

        The next page starts behind the `key` of a row, with what else is `known` behind it. `cut` says that there may
        be more rows although these are fewer than `limit`.
        """
        shown = rows[: self._size]
        if len(rows) <= self._size and not cut:
            return shown, ""
        last = (*(getattr(shown[-1], name) for name in key), *known)
        return shown, self._uow.page_tokens.seal(last, self._bound, self._uow.now)
