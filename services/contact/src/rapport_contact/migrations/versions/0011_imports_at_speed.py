"""Imports know whether they may make organisations; nobody is looked for by all people of a tenant."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"


def upgrade() -> None:
    op.add_column(
        "import_job", sa.Column("founds_organisations", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_index(op.f("ix_match_key_person_id_tenant"), "match_key", ["person_id", "tenant"])
    op.drop_index(op.f("ix_match_key_tenant_person_id"), "match_key")


def downgrade() -> None:
    op.create_index(op.f("ix_match_key_tenant_person_id"), "match_key", ["tenant", "person_id"])
    op.drop_index(op.f("ix_match_key_person_id_tenant"), "match_key")
    op.drop_column("import_job", "founds_organisations")
