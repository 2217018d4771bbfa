"""Which customers turned out to be others."""

from __future__ import annotations

from alembic import op

from rapport_kit.migrations import secure

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE customer_alias (
            tenant uuid NOT NULL,
            id uuid NOT NULL,
            current_id uuid NOT NULL,
            told bigint NOT NULL,
            CONSTRAINT pk_customer_alias PRIMARY KEY (tenant, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_customer_alias_tenant_current_id ON customer_alias (tenant, current_id)")
    secure(op, "customer_alias")


def downgrade() -> None:
    op.execute("DROP TABLE customer_alias")
