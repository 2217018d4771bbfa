"""What staff wrote of somebody who is erased, in texts that are about nobody in particular."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_contact.storage.texts import Kept, kept_texts
from rapport_kit.jobs import Tick, schedule

FORGET_TEXT: Final = "contact.text.forget"
"""One timer a text, named by its table, record and column, while the work of the record goes by it."""
SOONEST, LATEST = timedelta(seconds=1), timedelta(hours=1)


async def forget_mentions(people: Collection[UUID], uow: ContactUnitOfWork) -> Counter[str]:
    """Empty the texts that name these records, which are one person; how many records had some, by table.

    Texts by which work still goes are emptied when it has ended.
    """
    mention, counts = await uow.texts.mention_of(people), Counter[str]()
    for name, kept in kept_texts().items():
        ended = defaultdict[frozenset[str], list[UUID]](list)
        for found in await uow.texts.naming(kept, mention):
            if found.needed:
                await _later(kept, found.id, found.columns, uow)
            else:
                ended[found.columns].append(found.id)
        for columns, ids in ended.items():
            await uow.texts.clear(kept, ids, columns)
            counts[name] += len(ids)
    counts["import_mapping"] += await uow.texts.forget_mappings(mention)
    return counts


async def forget_text(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Empty a text if nothing goes by it any more; else look again after as long as it has taken so far."""
    table, id_, column = tick.key.split("/")
    kept, record = kept_texts()[table], UUID(id_)
    if await uow.texts.needed(kept, record):
        waited = uow.now - datetime.fromisoformat(tick.payload.decode())
        again = uow.now + min(max(waited, SOONEST), LATEST)
        await schedule(uow, FORGET_TEXT, tick.key, again, tick.payload)
    else:
        await uow.texts.clear(kept, [record], [column])


async def _later(kept: Kept, record: UUID, columns: Collection[str], uow: ContactUnitOfWork) -> None:
    for column in sorted(columns):
        key, since = f"{kept.table.name}/{record}/{column}", uow.now.isoformat().encode()
        await schedule(uow, FORGET_TEXT, key, uow.now + SOONEST, since)
