"""What people are interested in, and the topics that the tenant knows."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from rapport_contact.domain.interest import Interest, InterestTopic
from rapport_contact.storage.presence import is_any
from rapport_contact.storage.profile import rows
from rapport_contact.storage.tables import interest, interest_topic
from rapport_kit.uow import Repository, tenant_predicate


class Interests(Repository[Interest]):
    """All interests of the tenant's people."""

    entity = Interest

    async def of(self, person_id: UUID) -> list[Interest]:
        """Everything that a person stated or was inferred to be interested in."""
        return await rows(self.uow, Interest, interest.c.person_id == person_id)

    async def in_topic(self, person_id: UUID, topic_id: UUID) -> dict[UUID, list[Interest]]:
        """What is known of a person's interest in one topic, to be changed, the first one first; the trash included.

        By the id that it was told of, which differs from the person's when that is of somebody who was merged.
        """
        told_of = sa.func.coalesce(interest.c.told_person_id, interest.c.person_id)
        statement = sa.select(interest.c.id, told_of.label("told_of")).where(
            tenant_predicate(interest, self.uow.tenant),
            interest.c.person_id == person_id,
            interest.c.interest_topic_id == topic_id,
        )
        there = (await self.uow.connection.execute(statement.order_by(interest.c.id))).all()
        found = await self.find_many(row.id for row in there)
        known: dict[UUID, list[Interest]] = {}
        for row in there:
            known.setdefault(row.told_of, []).append(found[row.id])
        return known


class InterestTopics(Repository[InterestTopic]):
    """The topics of the tenant."""

    entity = InterestTopic

    async def exists(self, topic_id: UUID) -> bool:
        """Whether there is such a topic, and not in the trash."""
        return await is_any(self.uow, interest_topic, interest_topic.c.id == topic_id)

    async def is_used(self, topic_id: UUID) -> bool:
        """Whether anybody's interest is in it, or a topic belongs to it."""
        if await is_any(self.uow, interest, interest.c.interest_topic_id == topic_id):
            return True
        return await is_any(self.uow, interest_topic, interest_topic.c.parent_id == topic_id)
