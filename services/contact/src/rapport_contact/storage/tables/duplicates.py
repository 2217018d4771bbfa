"""The tables of people who may be one, of those who are, and of the search for them."""

from __future__ import annotations

import sqlalchemy as sa

from rapport.contact.v1 import merges_pb2
from rapport_contact.domain.duplicate import DuplicateCandidate
from rapport_contact.domain.match_policy import MatchPolicy
from rapport_contact.domain.merge import Merge
from rapport_contact.storage.tables.schema import part_of, schema, stamped

duplicate_candidate = schema.map(
    DuplicateCandidate,
    "duplicate_candidate",
    part_of("person"),
    part_of("person", "other_person_id"),
    sa.UniqueConstraint("tenant", "person_id", "other_person_id"),
    sa.Index(None, "tenant", "other_person_id"),
    sa.Index(None, "tenant", "score", "id"),
    sa.Index(None, "tenant", "create_time", "id"),
)
match_policy = schema.map(MatchPolicy, "match_policy")

duplicate_scan = sa.Table(
    "duplicate_scan",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("running", sa.Boolean, nullable=False),
    sa.Column("after", sa.Uuid),
    sa.Column("scanned", sa.BigInteger, nullable=False),
    sa.Column("skipped_keys", sa.BigInteger, nullable=False),
    sa.Column("start_time", sa.TIMESTAMP(timezone=True)),
    sa.Column("end_time", sa.TIMESTAMP(timezone=True)),
    sa.Column("followed_time", sa.TIMESTAMP(timezone=True)),
    sa.Column("followed_id", sa.Uuid),
    comment="How far the search for duplicates is: through all people, and through those that changed since.",
)

merge = schema.map(
    Merge,
    "merge",
    part_of("person", "survivor_id"),
    sa.Index(None, "tenant", "survivor_id"),
    *stamped(),
    contract=merges_pb2.Merge,
)
