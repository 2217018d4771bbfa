"""The two tables of the bare chain: people, and one row per event. No tenant, no policies, no further indexes."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.Uuid(as_uuid=False), primary_key=True),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("given_name", sa.Text, nullable=False),
    sa.Column("family_name", sa.Text, nullable=False),
    sa.Column("locale", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("lifecycle_stage", sa.Integer, nullable=False),
    sa.Column("job_title", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.Uuid(as_uuid=False)),
    sa.Column("channels", JSONB, nullable=False),
    sa.Column("owner_id", sa.Uuid(as_uuid=False)),
    sa.Column("team_id", sa.Uuid(as_uuid=False)),
    sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("person_newest", sa.text("create_time DESC"), sa.text("id DESC")),
)

event = sa.Table(
    "event",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("aggregate", sa.Uuid(as_uuid=False), nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("recorded", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
)
