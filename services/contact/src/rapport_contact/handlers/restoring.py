"""Restoring records so that whatever is refused says which record it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from rapport.contact.v1 import records_pb2 as pb
from rapport_contact.handlers.record_kinds import records
from rapport_contact.handlers.together import together
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.database_errors import translate
from rapport_kit.errors import AlreadyExists, DomainError, Invalid
from rapport_kit.records import Outcome

_Placed = tuple[int, pb.Record]
_OF_ONE: Final = (Invalid, AlreadyExists)
"""What lies with one record: a name that is taken, or somebody who is missing."""


class Unfit(Exception):
    """The database does not take what was to be written: `refusal` names the field alone."""

    def __init__(self, refusal: DomainError) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


@asynccontextmanager
async def written(uow: ContactUnitOfWork) -> AsyncIterator[None]:
    """Around what is to be written by the end of the block; raises `Unfit` with nothing of it written."""
    try:
        async with uow.attempt():
            yield
    except DomainError:
        raise
    except Exception as error:
        refusal = translate(error, uow.schema.metadata)
        if not isinstance(refusal, _OF_ONE):
            raise
        raise Unfit(refusal) from error


async def restore(given: Sequence[pb.Record], uow: ContactUnitOfWork) -> Outcome:
    """See `Records.restore`; all are written then.

    Raises:
        DomainError: one cannot be brought in; its path says which.
    """
    try:
        async with written(uow):
            return await records.restore(given, uow)
    except Unfit as error:
        raise await _named(error.refusal, given, uow) from error


def within(path: str, refusal: DomainError) -> DomainError:
    """The same refusal, of the record at a path."""
    if isinstance(refusal, Invalid):
        return refusal.within(path)
    told = f"{path}.{refusal.message}"
    return AlreadyExists(refusal.reason, told, violations=refusal.violations, **refusal.metadata, record=path)


async def _named(refusal: DomainError, given: Sequence[pb.Record], uow: ContactUnitOfWork) -> DomainError:
    """The refusal of the first record that the database does not take, once all have come in that it does take.

    A record may need others that come behind it: who was refused is tried again while there are fewer each time.
    """

    async def bring_in(placed: Sequence[_Placed]) -> list[tuple[_Placed, DomainError]]:
        await records.restore([record for _, record in placed], uow)
        return []

    left = list(enumerate(given))
    while left:
        refused = [each for part in await together(left, bring_in, lambda one, why: [(one, why)], uow) for each in part]
        if len(refused) == len(left):
            (place, record), why = refused[0]
            return within(f"records[{place}].{record.WhichOneof('record')}", why)
        left = [one for one, _ in refused]
    return refusal  # whatever was in the way is gone
