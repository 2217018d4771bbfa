"""The tables that every service's database has: events, consumer positions, dead letters, timers, leases, requests.

`Frame(metadata)` declares them; the first migration creates them, runs `create_statements`, and gives each role what
`APP_MAY` and `SYSTEM_MAY` say. Every table but `lease` has a tenant, and row-level security like any other table.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from rapport_kit.schema.partitions import default_partition, maintenance_function

MONTHS_AHEAD = 3
"""How many months of event partitions exist ahead of time."""
DAYS_KEPT = 400
"""How long an event stays: the horizon of history, as-of reads and rebuilds."""
REQUEST_HOURS_KEPT = 72
"""How long a request id is remembered."""

APP_MAY: Mapping[str, str] = {
    "event": "SELECT, INSERT",
    "position": "SELECT, INSERT, UPDATE",
    "dead_letter": "SELECT, INSERT, DELETE",
    "timer": "SELECT, INSERT, UPDATE, DELETE",
    "request": "SELECT, INSERT",
}
"""Privileges of `<service>_app`, which sees the rows of its transaction's tenant only."""
SYSTEM_MAY: Mapping[str, str] = {
    "event": "SELECT, UPDATE (published_seq)",
    "position": "SELECT, DELETE",
    "dead_letter": "SELECT, DELETE",
    "timer": "SELECT, UPDATE",
    "lease": "SELECT, INSERT, UPDATE",
    "request": "SELECT, DELETE",
}
"""Privileges of `<service>_system`, which sees every tenant's rows (policy `USING (true)`) in these tables only."""
WITHOUT_TENANT = frozenset({"lease"})
"""Tables without a tenant: row-level security with a policy for the system role alone."""

Time = sa.TIMESTAMP(timezone=True)


def _now() -> sa.TextClause:
    """The wall clock, not the transaction's start: rows of one aggregate are recorded in the order of its lock."""
    return sa.text("clock_timestamp()")


class Frame:
    """The frame's tables on the metadata of one service's schema."""

    def __init__(self, metadata: sa.MetaData) -> None:
        self.event = _event(metadata)
        self.position = _position(metadata)
        self.dead_letter = _dead_letter(metadata)
        self.timer = _timer(metadata)
        self.lease = _lease(metadata)
        self.request = _request(metadata)

    @property
    def tables(self) -> tuple[sa.Table, ...]:
        """All of them."""
        return (self.event, self.position, self.dead_letter, self.timer, self.lease, self.request)

    @property
    def table_names(self) -> frozenset[str]:
        """Their names: a conflict on one of these is the frame's to repeat, never a business error."""
        return frozenset(table.name for table in self.tables)


def create_statements(system_role: str) -> list[str]:
    """What metadata cannot express, to be executed in order after the tables exist, by their owner.

    `system_role` is the role that may run the maintenance function; it needs no right to create tables for it.
    """
    return [
        *default_partition(),
        maintenance_function(),
        "REVOKE ALL ON FUNCTION event_partitions(integer, integer) FROM PUBLIC",
        f'GRANT EXECUTE ON FUNCTION event_partitions(integer, integer) TO "{system_role}"',
        f"SELECT event_partitions({MONTHS_AHEAD}, {DAYS_KEPT})",
    ]


def drop_statements() -> list[str]:
    """The reverse of `create_statements`; the partitions go with their table."""
    return ["DROP FUNCTION event_partitions(integer, integer)"]


def _event(metadata: sa.MetaData) -> sa.Table:
    """Append-only: outbox, change history and the source of every rebuild in one.

    `sequence` counts the facts of one aggregate without a gap; `id` is taken while the aggregate's row lock is held,
    so it agrees with `sequence`. `published_seq` is the relay's dense number in the order of publication, NULL until
    then.
    """
    unsent = sa.text("published_seq IS NULL")
    sent = sa.text("published_seq IS NOT NULL")
    return sa.Table(
        "event",
        metadata,
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("tenant", sa.Uuid, nullable=False),
        sa.Column("resource", sa.Text, nullable=False),
        sa.Column("aggregate", sa.Uuid, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("occurred", Time, nullable=False),
        sa.Column("recorded", Time, nullable=False, server_default=_now()),
        sa.Column("actor", sa.Uuid, nullable=False),
        sa.Column("on_behalf_of", sa.Uuid),
        sa.Column("job", sa.Text, nullable=False, server_default=""),
        sa.Column("request_id", sa.Text, nullable=False, server_default=""),
        sa.Column("traceparent", sa.Text, nullable=False, server_default=""),
        sa.Column("lane", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("published_seq", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", "recorded", name="event_pkey"),
        sa.Index("event_unsent", "lane", "id", postgresql_where=unsent),
        sa.Index("event_published", "published_seq", postgresql_where=sent),
        sa.Index("event_aggregate", "tenant", "aggregate", "sequence"),
        postgresql_partition_by="RANGE (recorded)",
        implicit_returning=False,
    )


def _position(metadata: sa.MetaData) -> sa.Table:
    """How far this service has followed each aggregate of another: one row replaces an inbox that only grows.

    `failures` counts the failed attempts at the event after `sequence`; `parked` means that it and its tail wait in
    `dead_letter`.
    """
    return sa.Table(
        "position",
        metadata,
        sa.Column("tenant", sa.Uuid, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("aggregate", sa.Uuid, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("parked", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("tenant", "source", "aggregate", name="position_pkey"),
    )


def _dead_letter(metadata: sa.MetaData) -> sa.Table:
    """Events that could not be handled, and those behind them, complete: the broker may forget them meanwhile.

    `error` is empty for an event that only waits behind a failed one; it never holds data of the event.
    """
    return sa.Table(
        "dead_letter",
        metadata,
        sa.Column("tenant", sa.Uuid, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("aggregate", sa.Uuid, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("headers", pg.JSONB, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
        sa.Column("parked_at", Time, nullable=False, server_default=_now()),
        sa.PrimaryKeyConstraint("tenant", "source", "aggregate", "sequence", name="dead_letter_pkey"),
    )


def _timer(metadata: sa.MetaData) -> sa.Table:
    """Work that is due at a time. `due_at` is what was asked for, `try_at` when the next attempt is made.

    A row with `every` is re-armed instead of deleted; a `parked` one failed too often and waits for a new `schedule`.
    """
    return sa.Table(
        "timer",
        metadata,
        sa.Column("tenant", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("due_at", Time, nullable=False),
        sa.Column("try_at", Time, nullable=False),
        sa.Column("every", sa.Interval),
        sa.Column("payload", sa.LargeBinary, nullable=False, server_default=""),
        sa.Column("traceparent", sa.Text, nullable=False, server_default=""),
        sa.Column("attempts", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("parked", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("tenant", "kind", "key", name="timer_pkey"),
        sa.Index("timer_due", "try_at", postgresql_where=sa.text("NOT parked")),
    )


def _lease(metadata: sa.MetaData) -> sa.Table:
    """Who may do what only one may do at a time, and how far that one came.

    `epoch` is the fence: it grows whenever the lease changes hands. Progress stands on the same row so that one row
    lock guards both: `head` is the highest number known, `reached` the one below which everything is done, `stored`
    the broker's own number for `reached` (relay only).
    """
    return sa.Table(
        "lease",
        metadata,
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("expires", Time, nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("reached", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("stored", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("name", name="lease_pkey"),
    )


def _request(metadata: sa.MetaData) -> sa.Table:
    """Answered requests by their id (AIP-155), with the digest of what was asked."""
    return sa.Table(
        "request",
        metadata,
        sa.Column("tenant", sa.Uuid, nullable=False),
        sa.Column("subject", sa.Uuid, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("response", sa.LargeBinary, nullable=False),
        sa.Column("create_time", Time, nullable=False, server_default=_now()),
        sa.PrimaryKeyConstraint("tenant", "subject", "key", name="request_pkey"),
        sa.Index("request_age", "create_time"),
    )
