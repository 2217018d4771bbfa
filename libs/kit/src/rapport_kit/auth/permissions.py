"""May the caller do this, and to which records: as an answer, as SQL, as Python, and as an explanation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from rapport_kit.auth.principal import Principal, Scope, granting, patterns
from rapport_kit.domain import Entity, OwnedByUser
from rapport_kit.errors import Denied

Readers = Callable[[Principal, sa.FromClause], sa.ColumnElement[bool]]
"""`(principal, table) -> predicate`: who may read a row, whatever the scope of the permission."""

_readers: dict[sa.FromClause, Readers] = {}


def restrict(table: sa.Table, readers: Readers) -> None:
    """Have `readers` hold in every statement on `table` that goes by a caller's record scope."""
    _readers[table] = readers


@dataclass(frozen=True, slots=True)
class Decision:
    """Why a permission is held or not. For those who may know (`identity.users.explain`), never for the denied."""

    permission: str
    scope: Scope | None
    granted_by: tuple[tuple[str, Scope], ...]
    denied_by: tuple[str, ...]


def require(principal: Principal, permission: str) -> Scope:
    """The scope in which the caller holds `permission`; Denied without one."""
    scope = principal.scope(permission)
    if scope is None:
        raise Denied("PERMISSION_DENIED", f"this needs the permission {permission}", permission=permission)
    return scope


def require_all(scope: Scope, permission: str) -> None:
    """Denied unless `scope`, in which the caller holds `permission`, is the whole tenant."""
    if scope is not Scope.ALL:
        raise Denied("PERMISSION_DENIED", f"this needs {permission} for the whole tenant", permission=permission)


def explain(principal: Principal, permission: str) -> Decision:
    """Every grant and denial that bears on `permission`, the narrowest pattern first."""
    covering = patterns(permission)
    return Decision(
        permission=permission,
        scope=principal.scope(permission),
        granted_by=tuple(
            (pattern, principal.grants[pattern]) for pattern in granting(permission) if pattern in principal.grants
        ),
        denied_by=tuple(pattern for pattern in covering if pattern in principal.denials),
    )


def record_scope(principal: Principal, scope: Scope, table: sa.FromClause) -> sa.ColumnElement[bool] | None:
    """The rows of `table` that `scope` reaches, as a predicate on `owner_id` and `team_id`; None for all rows.

    A table without these columns holds parts of other records, to whose rows its cascading foreign keys lead: they
    are reached through those. Otherwise nobody owns its rows, and only the scope `all` reaches them. Teams are passed
    as one array parameter, so that the text of the statement, hence its plan, does not depend on the caller.
    A table may have a rule of its own (`restrict`) that narrows every scope, also `all`, and for its parts as well.
    """
    rules = [rule for rule in (_reached(principal, scope, table), _allowed(principal, table)) if rule is not None]
    return sa.and_(*rules) if rules else None


def _allowed(principal: Principal, table: sa.FromClause) -> sa.ColumnElement[bool] | None:
    readers = _readers.get(_stored(table))
    return None if readers is None else readers(principal, table)


def _reached(principal: Principal, scope: Scope, table: sa.FromClause) -> sa.ColumnElement[bool] | None:
    if "owner_id" not in table.c:
        return _through_wholes(principal, scope, table)
    if scope is Scope.ALL:
        return None
    own: sa.ColumnElement[bool] = table.c.owner_id == principal.subject
    if scope is Scope.OWN or "team_id" not in table.c:
        return own
    teams = sa.literal(sorted(reached_teams(principal, scope)), ARRAY(sa.Uuid))
    return sa.or_(own, table.c.team_id == sa.any_(teams))


def _through_wholes(principal: Principal, scope: Scope, table: sa.FromClause) -> sa.ColumnElement[bool] | None:
    """For each record that a row of `table` may be a part of: whether it is no part of it, or `scope` reaches that one.

    What is a part of several, as a pair is, is reached by those who reach all of them; what is a part of none, by the
    scope `all` alone.
    """
    named: list[sa.ColumnElement[bool]] = []
    rules: list[sa.ColumnElement[bool]] = []
    for key in _wholes(_stored(table)):
        parts = [(table.c[part.parent.name], part.column) for part in key.elements]
        named.append(sa.and_(*(column.is_not(None) for column, _ in parts)))
        within = record_scope(principal, scope, key.referred_table)
        if within is not None:
            same = (column == referred for column, referred in parts)
            found = sa.select(sa.literal(1)).select_from(key.referred_table).where(*same, within)
            rules.append(sa.or_(sa.not_(named[-1]), found.correlate(table).exists()))
    if scope is not Scope.ALL:
        rules.append(sa.or_(sa.false(), *named))
    return sa.and_(*rules) if rules else None


@cache
def _wholes(stored: sa.FromClause) -> tuple[sa.ForeignKeyConstraint, ...]:
    """The keys that lead from a row of a table to the records that it is a part of."""
    if not isinstance(stored, sa.Table):
        return ()
    keys = sorted(stored.foreign_key_constraints, key=lambda key: tuple(key.column_keys))
    return tuple(key for key in keys if key.ondelete == "CASCADE" and key.referred_table is not stored)


def _stored(table: sa.FromClause) -> sa.FromClause:
    """The table under an alias."""
    return table.element if isinstance(table, sa.Alias) else table


def in_scope(principal: Principal, scope: Scope, entity: Entity) -> bool:
    """Whether `scope` reaches this record: the same rule as `record_scope`, in Python.

    Raises:
        TypeError: only the database can tell, since the record is a part of others, or has readers of its own.
    """
    mapper = sa.inspect(type(entity), raiseerr=False)
    if mapper is not None and _is_for_the_database(mapper.local_table):
        raise TypeError(f"only the database can tell who reaches a {type(entity).__name__}")
    if scope is Scope.ALL:
        return True
    if not isinstance(entity, OwnedByUser):
        return False
    if entity.owner_id == principal.subject:
        return True
    return entity.team_id is not None and entity.team_id in reached_teams(principal, scope)


def _is_for_the_database(table: sa.FromClause) -> bool:
    return table in _readers or ("owner_id" not in table.c and bool(_wholes(table)))


def reached_teams(principal: Principal, scope: Scope) -> frozenset[UUID]:
    """The teams whose records a scope reaches; none for `own`."""
    if scope is Scope.OWN:
        return frozenset()
    return principal.team_ids if scope is Scope.TEAM else principal.team_ids | principal.unit_team_ids
