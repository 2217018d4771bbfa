"""The frame's tables, what took effect in which order, and what came of it."""

from __future__ import annotations

from alembic import op

from rapport_kit.migrations import frame, secure

revision = "0001"
down_revision = None


def upgrade() -> None:
    frame.create(op)
    # Nothing here is unique but the counter: an event that takes effect twice must be seen, not refused.
    op.execute(
        """
        CREATE TABLE effect (
            tenant uuid NOT NULL,
            number bigint GENERATED ALWAYS AS IDENTITY,
            aggregate uuid NOT NULL,
            version bigint NOT NULL,
            event text NOT NULL,
            CONSTRAINT pk_effect PRIMARY KEY (tenant, number)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE fact (
            tenant uuid NOT NULL,
            number bigint GENERATED ALWAYS AS IDENTITY,
            name text NOT NULL,
            subject uuid NOT NULL,
            CONSTRAINT pk_fact PRIMARY KEY (tenant, number)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE record (
            tenant uuid NOT NULL,
            id uuid NOT NULL,
            plural text NOT NULL,
            payload bytea NOT NULL,
            CONSTRAINT pk_record PRIMARY KEY (tenant, id)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE poison (
            tenant uuid NOT NULL,
            id uuid NOT NULL,
            CONSTRAINT pk_poison PRIMARY KEY (tenant, id)
        )
        """
    )
    secure(op, "effect", "fact", "record", "poison")


def downgrade() -> None:
    op.execute("DROP TABLE poison")
    op.execute("DROP TABLE record")
    op.execute("DROP TABLE fact")
    op.execute("DROP TABLE effect")
    frame.drop(op)
