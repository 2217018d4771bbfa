"""Identity providers, who came through them, and what directories know users by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rapport_kit.migrations import secure

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # Users sign in meanwhile, so their table is not locked for the index. It commits what comes before it: that comes
    # first, and may be run again.
    column = sa.Column("external_id", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False)
    op.add_column("user", column, if_not_exists=True)
    with op.get_context().autocommit_block():
        op.create_index(
            op.f("ix_user_tenant_external_id"),
            "user",
            ["tenant", "external_id"],
            unique=True,
            postgresql_where=sa.text("external_id <> ''"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
    op.create_table(
        "identity_provider",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("display_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("issuer", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("client_id", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("secret_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "scopes", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("creates_users", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("links_by_email", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "email_domains",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("default_role", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("claims", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "group_mappings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_identity_provider")),
    )
    op.create_table(
        "used_flow",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("expire_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_used_flow")),
        comment="Sign-ins through an issuer that were completed; kept until they could not be anyway.",
    )
    op.create_table(
        "subject_link",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(collation="C"), nullable=False),
        sa.Column("subject", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "user_id"],
            ["user.tenant", "user.id"],
            name=op.f("fk_subject_link_tenant_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "issuer", "subject", name=op.f("pk_subject_link")),
        comment="Which user an issuer means by a subject, the only lasting name of somebody (OIDC Core 1.0, 5.7).",
    )
    op.create_index(op.f("ix_subject_link_tenant_user_id"), "subject_link", ["tenant", "user_id"], unique=False)
    secure(op, "identity_provider")
    secure(op, "used_flow", "subject_link", delete=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_user_tenant_external_id"), table_name="user", postgresql_where=sa.text("external_id <> ''"))
    op.drop_column("user", "external_id")
    op.drop_table("subject_link")
    op.drop_table("used_flow")
    op.drop_table("identity_provider")
