"""The tables of subjects' keys, of who was erased, and of what people ask for by their rights."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_contact.domain.legal_hold import LegalHold
from rapport_contact.domain.privacy_request import PrivacyRequest
from rapport_contact.storage.tables.schema import schema, stamped

tenant_key = sa.Table(
    "tenant_key",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
    sa.Column("retire_time", sa.TIMESTAMP(timezone=True)),
    comment="Wrap the keys of subjects; wrapped with a master key. Version 0 is the key of the blind indexes.",
)

# No foreign keys: checking them would lock the one row of a tenant in every creation. A version is kept for an hour
# after nothing is wrapped with it, and a subject's key goes with the person, by name, when the person is erased.
subject_key = sa.Table(
    "subject_key",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("subject", sa.Uuid, primary_key=True),
    sa.Column("tenant_key_version", sa.BigInteger, nullable=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Index(None, "tenant", "tenant_key_version"),
    comment="A key for each person; without it nothing that was sealed for that person can be read.",
)

erasure = sa.Table(
    "erasure",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("erase_time", sa.TIMESTAMP(timezone=True), nullable=False),
    sa.Column("receipt", sa.Text, nullable=False),
    comment="People who were erased, with the receipt: it says nothing of who they were.",
)

# No foreign keys: both outlive the person's record, and say nothing of the person.
legal_hold = schema.map(
    LegalHold,
    "legal_hold",
    sa.Index(None, "tenant", "person_id", "id"),
    sa.Index(None, "tenant", "until_time", "id"),
    *stamped(),
)
privacy_request = schema.map(
    PrivacyRequest,
    "privacy_request",
    sa.Index(None, "tenant", "person_id", "id"),
    sa.Index(None, "tenant", "state", "due_time", "id"),
    sa.Index(None, "tenant", "due_time", "id"),
    sa.Index(None, "tenant", "receive_time", "id"),
    sa.Index(None, "tenant", "close_time", "id"),
    *stamped(),
)
