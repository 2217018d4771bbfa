"""Imports know whether they may make organisations; nobody is looked for by all people of a tenant."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"


def upgrade() -> None:
    op.add_column(
        "import_job",
        sa.Column("founds_organisations", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        if_not_exists=True,
    )
    _replace_index("ix_match_key_tenant_person_id", "ix_match_key_person_id_tenant", ["person_id", "tenant"])


def downgrade() -> None:
    _replace_index("ix_match_key_person_id_tenant", "ix_match_key_tenant_person_id", ["tenant", "person_id"])
    op.drop_column("import_job", "founds_organisations")


def _replace_index(old: str, new: str, columns: list[str]) -> None:
    """Without locking people out."""
    with op.get_context().autocommit_block():
        op.create_index(op.f(new), "match_key", columns, postgresql_concurrently=True, if_not_exists=True)
        op.drop_index(op.f(old), table_name="match_key", postgresql_concurrently=True, if_exists=True)
