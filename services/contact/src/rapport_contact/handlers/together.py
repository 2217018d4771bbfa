"""Work on many things at once that one of them must not spoil for the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.database_errors import translate
from rapport_kit.errors import AlreadyExists, Denied, DomainError, Invalid, NotFound, Refused

T = TypeVar("T")
R = TypeVar("R")

_OF_ONE: Final = (Invalid, AlreadyExists, Refused, NotFound, Denied)
"""What lies with a thing itself, and would be there again at the next try."""


async def together(
    things: Sequence[T],
    work: Callable[[Sequence[T]], Awaitable[R]],
    refuse: Callable[[T, DomainError], R],
    uow: ContactUnitOfWork,
) -> list[R]:
    """What `work` gives for all of `things`; where it is refused, for each half of them, and so on.

    Of a thing that is refused by itself nothing is written but what `refuse` writes of it.
    """
    try:
        async with uow.attempt():
            return [await work(things)]
    except Exception as error:
        refusal = error if isinstance(error, DomainError) else translate(error, uow.schema.metadata)
        if not isinstance(refusal, _OF_ONE):
            raise
    if len(things) == 1:
        return [refuse(things[0], refusal)]
    half = len(things) // 2
    first = await together(things[:half], work, refuse, uow)
    return first + await together(things[half:], work, refuse, uow)
