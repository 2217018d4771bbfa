"""The tables of the department, and its unit of work."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_kit.schema import Schema
from rapport_kit.uow import UnitOfWork

schema = Schema("orders")

ordered = sa.Table(
    "ordered",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("customer_id", sa.Uuid, primary_key=True),
    sa.Column("article", sa.Text, nullable=False),
    sa.Column("delay", sa.Double, nullable=False),
    sa.Column("as_of", sa.TIMESTAMP(timezone=True)),
)

customer_alias = sa.Table(
    "customer_alias",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("current_id", sa.Uuid, nullable=False),
    sa.Column("told", sa.BigInteger, nullable=False),
    sa.Index(None, "tenant", "current_id"),
    comment="Whom the id of a customer who was merged means now, and the number of the event that said so.",
)


class OrdersUnitOfWork(UnitOfWork):
    """One transaction of the department."""

    schema = schema
