"""The manifest of the department, and its panel."""

from __future__ import annotations

import asyncio
from uuid import UUID

import sqlalchemy as sa

from rapport.api.v1 import customer_panels_pb2 as pb
from rapport_kit.errors import NotFound
from rapport_kit.schema import Schema
from rapport_kit.service import Service
from rapport_kit.uow import UnitOfWork, tenant_predicate

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


class OrdersUnitOfWork(UnitOfWork):
    """One transaction of the department."""

    schema = schema


class OrderPanels:
    """CustomerPanelService."""

    serves = pb.DESCRIPTOR.services_by_name["CustomerPanelService"]

    async def get_customer_panel(self, request: pb.GetCustomerPanelRequest, uow: OrdersUnitOfWork) -> pb.CustomerPanel:
        """What the customer ordered, as late as its row says (in seconds)."""
        wanted = ordered.c.customer_id == UUID(request.customer_id)
        found = await uow.connection.execute(sa.select(ordered).where(tenant_predicate(ordered, uow.tenant), wanted))
        row = found.one_or_none()
        if row is None:
            raise NotFound("CUSTOMER_UNKNOWN", "ordered nothing", id=request.customer_id)
        await asyncio.sleep(row.delay)
        panel = pb.CustomerPanel(title="Orders", facts=[pb.PanelFact(label="Latest article", value=row.article)])
        panel.entries.add(title=row.article, record_type="orders.rapport/Order", record_id=request.customer_id)
        if row.as_of is not None:
            panel.as_of_time.FromDatetime(row.as_of)
        return panel


service = Service("orders", OrdersUnitOfWork, handlers=(OrderPanels(),), migrations=f"{__package__}.migrations")
