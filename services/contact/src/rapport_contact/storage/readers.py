"""Who may read what, beyond permissions and record scopes: predicates that hold in every statement on a table."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from rapport_contact.domain.note import NoteVisibility
from rapport_kit.auth.principal import Principal


def readers_of_note(principal: Principal, note: sa.FromClause) -> sa.ColumnElement[bool]:
    """The author reads every note of theirs, the members of the author's team those for the team, all the others.

    Nobody reaches further, not even with every permission: a private note that an administrator reads is none. Only a
    take-out of the whole tenant has them all, which is told as a fact.
    """
    mine = principal.team_ids | ({principal.team_id} if principal.team_id else frozenset())
    teams = sa.literal(sorted(mine), ARRAY(sa.Uuid))
    return sa.or_(
        note.c.visibility == NoteVisibility.ALL,
        note.c.owner_id == principal.subject,
        sa.and_(note.c.visibility == NoteVisibility.TEAM, note.c.team_id == sa.any_(teams)),
    )
