"""The tables of families and milestones, of hand-overs and of kept data quality."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from rapport.contact.v1 import family_members_pb2, milestones_pb2
from rapport_contact.domain.family import FamilyMember
from rapport_contact.domain.hand_over import HandOver
from rapport_contact.domain.milestone import Milestone
from rapport_contact.storage.tables.schema import follows, part_of, schema, stamped

family_member = schema.map(
    FamilyMember,
    "family_member",
    part_of("person"),
    sa.Index(None, "tenant", "person_id", "id"),
    *stamped(),
    contract=family_members_pb2.FamilyMember,
)
milestone = schema.map(
    Milestone,
    "milestone",
    part_of("person"),
    sa.Index(None, "tenant", "person_id", "id"),
    *stamped(),
    contract=milestones_pb2.Milestone,
)
milestone_notice = sa.Table(
    "milestone_notice",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("milestone_id", sa.Uuid, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("days_before", sa.Integer, primary_key=True),
    part_of("milestone"),
    comment="What was told of a milestone: in each year once that it has come, and once for each reminder.",
)
hand_over = schema.map(
    HandOver,
    "hand_over",
    sa.Index(None, "tenant", "from_user_id", "id"),
    *stamped(),
)
data_quality = sa.Table(
    "data_quality",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid),
    sa.Column("organisation_id", sa.Uuid),
    sa.Column("score", sa.Integer, nullable=False),
    sa.Column("dimensions", JSONB, nullable=False),
    sa.Column("issues", JSONB, nullable=False),
    sa.Column("reasons", sa.ARRAY(sa.Text(collation="C")), nullable=False),
    sa.Column("evaluation_time", sa.TIMESTAMP(timezone=True), nullable=False),
    part_of("person"),
    part_of("organisation"),
    *(
        sa.Index(None, "tenant", column, postgresql_where=sa.text(f"{column} IS NOT NULL"))
        for column in ("person_id", "organisation_id")
    ),
    sa.Index(None, "tenant", "score", "id"),
    sa.Index(None, "tenant", "evaluation_time", "id"),
    comment="How good the data on a customer was when it was last looked at, to sort by; id is the customer's.",
)

follows(family_member, "person_id")
follows(milestone, "person_id")
