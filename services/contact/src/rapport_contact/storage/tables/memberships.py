"""The tables of tags, lists and who is on them, of favourites and of saved views.

A membership is never deleted while its customer is known: who was on a list at which time stays to be told.
"""

from __future__ import annotations

import sqlalchemy as sa

from rapport_contact.domain.bulk_change import BulkChange
from rapport_contact.domain.favourite import Favourite
from rapport_contact.domain.membership import StaticList, Tag
from rapport_contact.domain.saved_view import SavedView, ViewSharing
from rapport_contact.storage.tables.schema import follows, part_of, schema, stamped
from rapport_kit.auth.permissions import restrict
from rapport_kit.auth.principal import Principal

tag = schema.map(
    Tag,
    "tag",
    sa.UniqueConstraint("tenant", "display_name"),
    sa.Index(None, "tenant", "display_name", "id"),
    *stamped(),
)
static_list = schema.map(
    StaticList,
    "static_list",
    sa.Index(None, "tenant", "display_name", "id"),
    sa.Index(None, "tenant", "owner_id", "id"),
    *stamped(),
)
bulk_change = schema.map(
    BulkChange,
    "bulk_change",
    part_of("tag"),
    part_of("static_list"),
    sa.Index(None, "tenant", "tag_id"),
    sa.Index(None, "tenant", "static_list_id"),
    sa.Index(None, "tenant", "owner_id", "id"),
    *stamped(),
)
favourite = schema.map(
    Favourite,
    "favourite",
    part_of("person"),
    part_of("organisation"),
    sa.Index(None, "tenant", "owner_id", "id"),
    sa.Index(None, "tenant", "person_id"),
    sa.Index(None, "tenant", "organisation_id"),
    *stamped(),
)
saved_view = schema.map(
    SavedView,
    "saved_view",
    sa.Index(None, "tenant", "display_name", "id"),
    sa.Index(None, "tenant", "owner_id", "id"),
    sa.Index(None, "tenant", "team_id", "id"),
    *stamped(),
)


def _here(column: str) -> sa.Index:
    """An index of the rows that have the column: each has a few of those that there are."""
    return sa.Index(None, "tenant", column, "member_id", postgresql_where=sa.text(f"{column} IS NOT NULL"))


membership = sa.Table(
    "membership",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.func.gen_random_uuid()),
    sa.Column("tag_id", sa.Uuid),
    sa.Column("static_list_id", sa.Uuid),
    sa.Column("person_id", sa.Uuid),
    sa.Column("organisation_id", sa.Uuid),
    sa.Column("set_id", sa.Uuid, sa.Computed("COALESCE(tag_id, static_list_id)", persisted=True)),
    sa.Column("member_id", sa.Uuid, sa.Computed("COALESCE(person_id, organisation_id)", persisted=True)),
    sa.Column("add_time", sa.TIMESTAMP(timezone=True), nullable=False),
    sa.Column("actor_id", sa.Uuid, nullable=False),
    sa.Column("reason", sa.Text(collation="C"), nullable=False),
    sa.Column("added_in", sa.Uuid),
    sa.Column("remove_time", sa.TIMESTAMP(timezone=True)),
    sa.Column("remover_id", sa.Uuid),
    sa.Column("removed_in", sa.Uuid),
    part_of("tag"),
    part_of("static_list"),
    part_of("person"),
    part_of("organisation"),
    sa.CheckConstraint("num_nonnulls(tag_id, static_list_id) = 1", name="one_set"),
    sa.CheckConstraint("num_nonnulls(person_id, organisation_id) = 1", name="one_member"),
    sa.Index(None, "tenant", "set_id", "member_id"),
    *(_here(column) for column in ("person_id", "organisation_id", "added_in", "removed_in")),
    comment="Who has a tag or is on a list, and who was; added_in and removed_in name bulk changes.",
)


def _own(principal: Principal, table: sa.FromClause) -> sa.ColumnElement[bool]:
    return table.c.owner_id == principal.subject


def _shown(principal: Principal, table: sa.FromClause) -> sa.ColumnElement[bool]:
    """One's own views, those of one's teams, and those for everybody."""
    teams = sa.literal(sorted(principal.team_ids), sa.ARRAY(sa.Uuid))
    return sa.or_(
        _own(principal, table),
        table.c.sharing == ViewSharing.EVERYBODY,
        sa.and_(table.c.sharing == ViewSharing.TEAM, table.c.team_id == sa.any_(teams)),
    )


restrict(favourite, _own)
restrict(saved_view, _shown)

follows(favourite, "person_id", "organisation_id")
follows(membership, "person_id", "organisation_id")
