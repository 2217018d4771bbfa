"""CustomerService: everything about a customer in one answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from rapport.api.v1 import customer_panels_pb2
from rapport.gateway.v1 import customers_pb2 as pb
from rapport_gateway import credentials
from rapport_gateway.customers.contact import SOURCES, Customer, Source, customer_of
from rapport_gateway.customers.departments import PANELS, Offers
from rapport_gateway.customers.memory import LONGEST, Memory
from rapport_gateway.customers.panels import Page, Panel
from rapport_gateway.customers.record import record_of
from rapport_gateway.peers import Peers

HEADER = "header"
BUDGET = 0.25
"""Seconds that the header gets, and then each panel."""
MEMORY = 32 * 1024 * 1024
UNAUTHENTICATED = "UNAUTHENTICATED"
FINAL = frozenset({UNAUTHENTICATED, "NOT_FOUND", "PERMISSION_DENIED"})
"""Said of the record itself, this is the answer to the whole call."""


@dataclass
class Customers:
    """CustomerService."""

    header_budget: float = BUDGET
    panel_budget: float = BUDGET
    memory: Memory = field(default_factory=lambda: Memory(LONGEST, MEMORY))
    offers: Offers = field(default_factory=Offers)
    serves = pb.DESCRIPTOR.services_by_name["CustomerService"]

    async def get_customer_view(self, request: pb.GetCustomerViewRequest, peers: Peers) -> pb.CustomerView:
        """The record first, so that nobody is asked about a customer whom the caller may not see; then all at once.

        Raises:
            NotFound, Denied: the record is missing, or the caller may not read it.
            Unauthenticated: a department says so of the caller's token.
        """
        page = Page((credentials.current.get().digest, request.id), self.memory)
        header = await page.ask(HEADER, lambda: record_of(request.id, peers), self.header_budget)
        if header.refusal is not None and header.code in FINAL:
            self.memory.forget_page(page.key)
            raise header.refusal
        view = pb.CustomerView(id=request.id)
        _put_header(header, view)
        customer = customer_of(view)
        sources = [source for source in SOURCES if customer.kind == "person" or not source.people_only]
        departments = [name for name in peers.names if self.offers.worth_asking(name)]
        found = await asyncio.gather(
            *(self._from_contact(source, customer, header, page, peers) for source in sources),
            *(self._from(department, customer, page, peers) for department in departments),
        )
        self._require_authenticated(found)
        for source, panel in zip(sources, found, strict=False):
            source.put(panel, view)
        for department, panel in zip(departments, found[len(sources) :], strict=True):
            if self.offers.shown(department, panel):
                _put_department(department, panel, view)
        return view

    async def _from_contact(self, source: Source, customer: Customer, header: Panel, page: Page, peers: Peers) -> Panel:
        """A panel of contact's; while it is not known what the customer is, there is nothing new to ask."""
        if not customer.kind:
            assert header.refusal is not None, "a header without a record was refused"
            return page.refused(source.field, header.refusal)
        return await page.ask(source.field, lambda: source.ask(peers, customer), self.panel_budget)

    def _from(self, department: str, customer: Customer, page: Page, peers: Peers) -> Awaitable[Panel]:
        """The panel of any department."""
        request = customer_panels_pb2.GetCustomerPanelRequest(customer_id=customer.id)
        client = peers.client(department, PANELS)
        return page.ask(department, lambda: client.get_customer_panel(request), self.panel_budget)

    @staticmethod
    def _require_authenticated(found: list[Panel]) -> None:
        """No department's word is needed for what was remembered, but each one's is enough against it."""
        for panel in found:
            if panel.refusal is not None and panel.code == UNAUTHENTICATED:
                raise panel.refusal


def _put_header(found: Panel, view: pb.CustomerView) -> None:
    view.header.status.CopyFrom(found.status())
    if found.read is None:
        return
    record: Any = found.read.content
    view.id = record.id
    getattr(view.header, record.DESCRIPTOR.name.lower()).CopyFrom(record)


def _put_department(department: str, found: Panel, view: pb.CustomerView) -> None:
    shown = view.departments.add(department=department)
    content: Any = found.read.content if found.read else None
    as_of = content.as_of_time.ToDatetime(UTC) if content and content.HasField("as_of_time") else None
    shown.status.CopyFrom(found.status(as_of))
    if content is not None:
        shown.panel.CopyFrom(content)
