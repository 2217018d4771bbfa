"""What contact knows of identity's records, and what a tenant decided."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_contact.domain.contact_settings import ContactSettings
from rapport_contact.storage.tables.schema import schema

colleague = sa.Table(
    "colleague",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("team_id", sa.Uuid),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False, server_default=""),
    comment="Identity's users: who can own a record, and which team that makes it.",
)

tenant_profile = sa.Table(
    "tenant_profile",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("region", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False, server_default=""),
    comment="What contact knows of the tenant itself; id repeats tenant.",
)

contact_settings = schema.map(ContactSettings, "contact_settings")
