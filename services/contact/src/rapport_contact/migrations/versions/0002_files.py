"""Files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rapport_kit.migrations import secure

revision = "0002"
down_revision = "0001"

# A trigger, so that also a file counts that goes with its customer by a foreign key. Whoever takes the last file of a
# content sets the timer that deletes its bytes, in the same transaction.
RELEASE = """
CREATE FUNCTION release_blob() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    unused text;
BEGIN
    UPDATE blob SET "references" = "references" - 1 WHERE tenant = OLD.tenant AND sha256 = OLD.sha256;
    IF NOT FOUND THEN
        RAISE 'the content of file % is not counted: is the transaction one of its tenant?', OLD.id;
    END IF;
    DELETE FROM blob WHERE tenant = OLD.tenant AND sha256 = OLD.sha256 AND "references" = 0 RETURNING key INTO unused;
    IF unused IS NOT NULL THEN
        INSERT INTO timer (tenant, kind, key, due_at, try_at)
             VALUES (OLD.tenant, 'rapport.blob.sweep', unused, clock_timestamp(), clock_timestamp());
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(collation="C"), nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("references", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "sha256", name=op.f("pk_blob")),
        comment="Contents of files, each stored once for a tenant; references counts the files that are not deleted.",
    )
    op.create_table(
        "file",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("content_type", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("claimed_type", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sha256", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("scan_state", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "organisation_id"],
            ["organisation.tenant", "organisation.id"],
            name=op.f("fk_file_tenant_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_file_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_file")),
    )
    op.create_index(op.f("ix_file_tenant_create_time_id"), "file", ["tenant", "create_time", "id"], unique=False)
    op.create_index(op.f("ix_file_tenant_file_name_id"), "file", ["tenant", "file_name", "id"], unique=False)
    op.create_index(
        op.f("ix_file_tenant_organisation_id_id"), "file", ["tenant", "organisation_id", "id"], unique=False
    )
    op.create_index(op.f("ix_file_tenant_owner_id_id"), "file", ["tenant", "owner_id", "id"], unique=False)
    op.create_index(op.f("ix_file_tenant_person_id_id"), "file", ["tenant", "person_id", "id"], unique=False)
    op.create_index(op.f("ix_file_tenant_sha256_id"), "file", ["tenant", "sha256", "id"], unique=False)
    op.create_index(op.f("ix_file_tenant_team_id_id"), "file", ["tenant", "team_id", "id"], unique=False)
    op.create_index(op.f("ix_file_tenant_update_time_id"), "file", ["tenant", "update_time", "id"], unique=False)
    secure(op, "blob", delete=True)
    secure(op, "file", delete=True)
    op.execute(RELEASE)
    op.execute(
        "CREATE TRIGGER file_gone AFTER DELETE ON file FOR EACH ROW"
        " WHEN (OLD.delete_time IS NULL) EXECUTE FUNCTION release_blob()"
    )
    op.execute(
        "CREATE TRIGGER file_deleted AFTER UPDATE ON file FOR EACH ROW"
        " WHEN (OLD.delete_time IS NULL AND NEW.delete_time IS NOT NULL) EXECUTE FUNCTION release_blob()"
    )


def downgrade() -> None:
    op.drop_table("file")
    op.execute("DROP FUNCTION release_blob()")
    op.drop_table("blob")
