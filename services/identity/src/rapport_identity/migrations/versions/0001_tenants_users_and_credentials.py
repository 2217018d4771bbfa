"""Tenants, users, teams, roles, credentials, sessions, keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rapport_kit.migrations import frame, secure
from rapport_kit.migrations.security import roles_of

revision = "0001"
down_revision = None

# What must be known before a tenant is: each answers one question, and the search role that owns them sees no more.
_ACROSS_TENANTS = {
    "tenant_of_host(text) RETURNS uuid": "SELECT tenant FROM public.tenant_host WHERE host = $1",
    'revocations_since(timestamptz) RETURNS TABLE (id uuid, kind text, "time" timestamptz)': (
        "SELECT r.id, r.kind, r.time FROM public.revocation AS r WHERE r.time > $1"
    ),
}


def upgrade() -> None:
    frame.create(op)
    op.create_table(
        "api_key",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("display_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "roles",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("expire_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("last_use_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_api_key")),
    )
    op.create_index(op.f("ix_api_key_tenant_owner_id"), "api_key", ["tenant", "owner_id"], unique=False)
    op.create_table(
        "business_unit",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("display_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_business_unit")),
    )
    op.create_index(op.f("ix_business_unit_tenant_parent_id"), "business_unit", ["tenant", "parent_id"], unique=False)
    op.create_table(
        "credential",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expire_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_credential")),
        comment="Secrets of API keys and service accounts; several while one replaces another.",
    )
    op.create_index(op.f("ix_credential_tenant_holder_id"), "credential", ["tenant", "holder_id"], unique=False)
    op.create_table(
        "password",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("change_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "user_id", name=op.f("pk_password")),
    )
    op.create_table(
        "revocation",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('subject', 'session')", name=op.f("ck_revocation_kind")),
        sa.PrimaryKeyConstraint("tenant", "id", "kind", name=op.f("pk_revocation")),
        comment="What was taken back; read by every service through revocations_since().",
    )
    op.create_index(op.f("ix_revocation_time"), "revocation", ["time"], unique=False)
    op.create_table(
        "role",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("key", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("display_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("description", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "grants",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "denials",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_role")),
        sa.UniqueConstraint("tenant", "key", name=op.f("uq_role_tenant_key")),
    )
    op.create_table(
        "service_account",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("display_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "roles",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column("last_use_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_service_account")),
    )
    op.create_table(
        "session",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("last_use_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("end_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_tenant_user_id"), "session", ["tenant", "user_id"], unique=False)
    op.create_table(
        "sign_in_failure",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("last_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "key", name=op.f("pk_sign_in_failure")),
        comment="Keys are digests: an address that nobody has is counted too, and must not be kept.",
    )
    op.create_table(
        "signing_key",
        sa.Column("tenant", sa.Uuid(), nullable=False, comment="Always nil: the keys are the platform's."),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("x", sa.Text(), nullable=False),
        sa.Column("y", sa.Text(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=False),
        sa.Column("active_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "kid", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "team",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("display_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("business_unit_id", sa.Uuid(), nullable=True),
        sa.Column("description", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_team")),
    )
    op.create_index(op.f("ix_team_tenant_business_unit_id"), "team", ["tenant", "business_unit_id"], unique=False)
    op.create_table(
        "tenant",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("display_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "hosts",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("locale", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("time_zone", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("currency", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_tenant")),
    )
    op.create_table(
        "tenant_host",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "host", name=op.f("pk_tenant_host")),
        sa.UniqueConstraint("host", name=op.f("uq_tenant_host_host")),
        comment="One tenant per host name of the whole installation; read through tenant_of_host().",
    )
    op.create_table(
        "user",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("email", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("display_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "roles",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column(
            "team_ids",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("locale", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("time_zone", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_user")),
        sa.UniqueConstraint("tenant", "email", name=op.f("uq_user_tenant_email")),
    )
    secure(op, "api_key", "business_unit", "password", "role", "service_account", "team", "tenant", "user")
    secure(op, "credential", "session", "sign_in_failure", "signing_key", delete=True)
    secure(op, "revocation", "tenant_host", delete=True, search=True)
    roles = roles_of(op)
    for table in ("credential", "password", "session", "sign_in_failure", "signing_key"):
        op.execute(f"REVOKE ALL ON {table} FROM {roles.readonly}")
    for signature, body in _ACROSS_TENANTS.items():
        name = signature.partition(" RETURNS")[0]
        op.execute(
            f"CREATE FUNCTION {signature} LANGUAGE sql STABLE SECURITY DEFINER"
            f" SET search_path = pg_catalog, pg_temp AS $$ {body} $$"
        )
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO {roles.app}")
        # A new owner must be able to create in the schema, but only for this moment.
        op.execute(f"GRANT CREATE ON SCHEMA public TO {roles.search}")
        op.execute(f"ALTER FUNCTION {name} OWNER TO {roles.search}")
        op.execute(f"REVOKE CREATE ON SCHEMA public FROM {roles.search}")


def downgrade() -> None:
    for signature in _ACROSS_TENANTS:
        op.execute(f"DROP FUNCTION {signature.partition(' RETURNS')[0]}")
    op.drop_table("user")
    op.drop_table("tenant_host")
    op.drop_table("tenant")
    op.drop_index(op.f("ix_team_tenant_business_unit_id"), table_name="team")
    op.drop_table("team")
    op.drop_table("signing_key")
    op.drop_table("sign_in_failure")
    op.drop_index(op.f("ix_session_tenant_user_id"), table_name="session")
    op.drop_table("session")
    op.drop_table("service_account")
    op.drop_table("role")
    op.drop_index(op.f("ix_revocation_time"), table_name="revocation")
    op.drop_table("revocation")
    op.drop_table("password")
    op.drop_index(op.f("ix_credential_tenant_holder_id"), table_name="credential")
    op.drop_table("credential")
    op.drop_index(op.f("ix_business_unit_tenant_parent_id"), table_name="business_unit")
    op.drop_table("business_unit")
    op.drop_index(op.f("ix_api_key_tenant_owner_id"), table_name="api_key")
    op.drop_table("api_key")
    frame.drop(op)
