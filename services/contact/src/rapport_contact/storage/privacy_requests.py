"""What people have asked for by their rights, as far as it bears on other use cases."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from uuid import UUID

import sqlalchemy as sa

from rapport_contact.domain.privacy_request import BARRING, PrivacyRequest
from rapport_contact.storage.tables import person, privacy_request
from rapport_kit.schema.aliases import answering
from rapport_kit.schema.ids import any_of
from rapport_kit.uow import UnitOfWork, tenant_predicate

_ASKER = person.alias("asker")
_READ = tuple(privacy_request.c[each.name] for each in fields(PrivacyRequest) if each.name != "person_id")


async def barring(uow: UnitOfWork, people: Collection[UUID]) -> list[PrivacyRequest]:
    """Every request by which people may bar contacts, to read.

    Who has become one of them still asks as before: `person_id` says who that is now.
    """
    wanted = any_of(people)
    made = sa.and_(_ASKER.c.tenant == privacy_request.c.tenant, _ASKER.c.id == privacy_request.c.person_id)
    statement = (
        sa.select(answering(_ASKER).label("person_id"), *_READ)
        .select_from(privacy_request)
        .join(_ASKER, made)
        .where(
            tenant_predicate(privacy_request, uow.tenant),
            tenant_predicate(_ASKER, uow.tenant),
            sa.or_(_ASKER.c.id == wanted, _ASKER.c.merged_into == wanted),
            privacy_request.c.right.in_(BARRING),
            privacy_request.c.delete_time.is_(None),
        )
    )
    return [PrivacyRequest(**row) for row in (await uow.connection.execute(statement)).mappings()]
