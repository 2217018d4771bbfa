"""The manifest of the department, and its panel."""

from __future__ import annotations

import asyncio
from uuid import UUID

import sqlalchemy as sa

from rapport.api.v1 import customer_panels_pb2 as pb
from rapport.contact.v1 import events_pb2 as contact
from rapport_kit.errors import NotFound
from rapport_kit.service import Service
from rapport_kit.uow import tenant_predicate
from tests.orders.merges import people_merged, people_unmerged, written_for
from tests.orders.tables import OrdersUnitOfWork, ordered


class OrderPanels:
    """CustomerPanelService."""

    serves = pb.DESCRIPTOR.services_by_name["CustomerPanelService"]

    async def get_customer_panel(self, request: pb.GetCustomerPanelRequest, uow: OrdersUnitOfWork) -> pb.CustomerPanel:
        """What the customer ordered, as late as its rows say (in seconds)."""
        wanted = written_for(ordered.c.customer_id, UUID(request.customer_id), uow)
        statement = sa.select(ordered).where(tenant_predicate(ordered, uow.tenant), wanted).order_by(ordered.c.article)
        rows = (await uow.connection.execute(statement)).all()
        if not rows:
            raise NotFound("CUSTOMER_UNKNOWN", "ordered nothing", id=request.customer_id)
        await asyncio.sleep(max(row.delay for row in rows))
        panel = pb.CustomerPanel(title="Orders", facts=[pb.PanelFact(label="Latest article", value=rows[0].article)])
        for row in rows:
            panel.entries.add(title=row.article, record_type="orders.rapport/Order", record_id=str(row.customer_id))
        if rows[0].as_of is not None:
            panel.as_of_time.FromDatetime(rows[0].as_of)
        return panel


service = Service(
    "orders",
    OrdersUnitOfWork,
    handlers=(OrderPanels(),),
    subscribers={contact.PeopleMerged: people_merged, contact.PeopleUnmerged: people_unmerged},
    migrations=f"{__package__}.migrations",
)
