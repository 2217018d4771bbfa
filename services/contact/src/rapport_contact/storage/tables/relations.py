"""The tables of what people are to one another and to organisations."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_contact.domain.relation import Relation
from rapport_contact.storage.tables.schema import follows, part_of, schema, stamped

relation = schema.map(
    Relation,
    "relation",
    part_of("person"),
    part_of("person", "to_person_id"),
    part_of("organisation", "to_organisation_id"),
    sa.Index(None, "tenant", "person_id", "id"),
    sa.Index(None, "tenant", "to_person_id", "id"),
    sa.Index(None, "tenant", "to_organisation_id", "id"),
    *stamped(),
)

follows(relation, "person_id", "to_person_id", "to_organisation_id")
