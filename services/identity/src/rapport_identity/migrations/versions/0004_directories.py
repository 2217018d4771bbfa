"""Users by the directory that keeps them: each directory has external ids of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("user", sa.Column("identity_provider_id", sa.Uuid(), nullable=True), if_not_exists=True)
    with op.get_context().autocommit_block():
        op.create_index(
            op.f("ix_user_tenant_identity_provider_id_external_id"),
            "user",
            ["tenant", "identity_provider_id", "external_id"],
            unique=True,
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.drop_index(
            op.f("ix_user_tenant_external_id"), table_name="user", postgresql_concurrently=True, if_exists=True
        )
    _name_the_only_directory()


def _name_the_only_directory() -> None:
    """Where a tenant has one provider, its users can be of no other; elsewhere nobody knows whose an id is."""
    for table in ("user", "identity_provider"):
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    op.execute(
        """
        UPDATE "user" SET identity_provider_id = sole.id
        FROM (
            SELECT tenant, min(id::text)::uuid AS id FROM identity_provider GROUP BY tenant HAVING count(*) = 1
        ) AS sole
        WHERE "user".tenant = sole.tenant AND "user".external_id <> ''
        """
    )
    for table in ("user", "identity_provider"):
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


def downgrade() -> None:
    op.create_index(
        op.f("ix_user_tenant_external_id"),
        "user",
        ["tenant", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id <> ''"),
    )
    op.drop_index(op.f("ix_user_tenant_identity_provider_id_external_id"), table_name="user")
    op.drop_column("user", "identity_provider_id")
