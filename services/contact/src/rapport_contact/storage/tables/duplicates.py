"""The tables of people and organisations that may be one, of those that are, and of the search for them."""

from __future__ import annotations

import sqlalchemy as sa

from rapport.contact.v1 import merges_pb2, organisation_merges_pb2
from rapport_contact.domain.duplicate import DuplicateCandidate, OrganisationDuplicateCandidate
from rapport_contact.domain.match_policy import MatchPolicy
from rapport_contact.domain.merge import Merge, OrganisationMerge
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
duplicate_organisation = schema.map(
    OrganisationDuplicateCandidate,
    "duplicate_organisation",
    part_of("organisation"),
    part_of("organisation", "other_organisation_id"),
    sa.UniqueConstraint("tenant", "organisation_id", "other_organisation_id", name="uq_duplicate_organisation_pair"),
    sa.Index(None, "tenant", "other_organisation_id"),
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
    comment="How far the search for duplicates is, for each kind: through all records, and through those that changed.",
)

merge = schema.map(
    Merge,
    "merge",
    part_of("person", "survivor_id"),
    sa.Index(None, "tenant", "survivor_id"),
    *stamped(),
    contract=merges_pb2.Merge,
)
organisation_merge = schema.map(
    OrganisationMerge,
    "organisation_merge",
    part_of("organisation", "survivor_id"),
    sa.Index(None, "tenant", "survivor_id"),
    *stamped(),
    contract=organisation_merges_pb2.OrganisationMerge,
)
