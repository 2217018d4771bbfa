"""The tables of groups and of who belongs to them."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_contact.domain.group import Group, GroupMembership
from rapport_contact.storage.tables.schema import follows, part_of_customer, schema, stamped

customer_group = schema.map(
    Group,
    "customer_group",
    sa.Index(None, "tenant", "display_name", "id"),
    *stamped(),
)
group_membership = schema.map(
    GroupMembership,
    "group_membership",
    *part_of_customer(),
    # Not a part of the group, which nobody owns: only the scope of all would reach it.
    sa.ForeignKeyConstraint(["tenant", "group_id"], ["customer_group.tenant", "customer_group.id"]),
    sa.Index(None, "tenant", "group_id", "person_id"),
    sa.Index(None, "tenant", "person_id", "id"),
    sa.Index(None, "tenant", "organisation_id", "id"),
    *stamped(),
)

follows(group_membership, "person_id", "organisation_id")
