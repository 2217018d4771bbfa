"""The tables of what people are interested in."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_contact.domain.interest import Interest, InterestTopic
from rapport_contact.storage.tables.schema import follows, part_of, schema, stamped

interest_topic = schema.map(
    InterestTopic,
    "interest_topic",
    sa.ForeignKeyConstraint(["tenant", "parent_id"], ["interest_topic.tenant", "interest_topic.id"]),
    sa.UniqueConstraint("tenant", "display_name"),
    sa.Index(None, "tenant", "display_name", "id"),
    sa.Index(None, "tenant", "parent_id", "id"),
    *stamped(),
)
interest = schema.map(
    Interest,
    "interest",
    part_of("person"),
    # Not a part of the topic, which nobody owns: only the scope of all would reach it.
    sa.ForeignKeyConstraint(["tenant", "interest_topic_id"], ["interest_topic.tenant", "interest_topic.id"]),
    sa.Index(None, "tenant", "person_id", "interest_topic_id", "id"),
    sa.Index(None, "tenant", "interest_topic_id", "id"),
    *stamped(),
)

follows(interest, "person_id")
