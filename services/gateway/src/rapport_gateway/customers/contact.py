"""The panels that contact fills, by its ordinary RPCs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rapport.contact.v1 import consents_pb2, relations_pb2, tasks_pb2, timeline_pb2
from rapport.gateway.v1 import customers_pb2 as pb
from rapport_gateway.customers.panels import Panel
from rapport_gateway.customers.record import CONTACT
from rapport_gateway.peers import Peers

TIMELINES = timeline_pb2.DESCRIPTOR.services_by_name["TimelineService"]
TASKS = tasks_pb2.DESCRIPTOR.services_by_name["TaskService"]
CONSENTS = consents_pb2.DESCRIPTOR.services_by_name["ConsentService"]
RELATIONS = relations_pb2.DESCRIPTOR.services_by_name["RelationService"]
TIMELINE_PAGE = 50
TASKS_PAGE = 10
RELATIONS_PAGE = 20
UNFINISHED = "(state = TASK_STATE_OPEN OR state = TASK_STATE_IN_PROGRESS OR state = TASK_STATE_WAITING)"
"""As the contract of TaskState says."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Whose panels are asked for."""

    kind: str
    """`person` or `organisation`; empty while it is not known which."""
    id: str

    @property
    def field(self) -> str:
        """What names such a customer in other records."""
        return f"{self.kind}_id"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a panel of the page comes from."""

    field: str
    """That of CustomerView which is the panel."""
    ask: Callable[[Peers, Customer], Awaitable[Any]]
    fill: Callable[[Any, Any], None]
    """Puts what was answered into the panel."""
    people_only: bool = False

    def put(self, found: Panel, view: pb.CustomerView) -> None:
        """Put what was found on the page."""
        panel = getattr(view, self.field)
        panel.status.CopyFrom(found.status())
        if found.read is not None:
            self.fill(found.read.content, panel)


def customer_of(view: pb.CustomerView) -> Customer:
    """The customer that the page's header shows."""
    return Customer(view.header.WhichOneof("record") or "", view.id)


async def _entries(peers: Peers, customer: Customer) -> Any:
    request = timeline_pb2.ListTimelineEntriesRequest(page_size=TIMELINE_PAGE, **{customer.field: customer.id})  # type: ignore[arg-type]
    return await peers.client(CONTACT, TIMELINES).list_timeline_entries(request)


async def _tasks(peers: Peers, customer: Customer) -> Any:
    wanted = f'{customer.field} = "{customer.id}" AND {UNFINISHED}'
    request = tasks_pb2.ListTasksRequest(page_size=TASKS_PAGE, filter=wanted, order_by="due_time")
    return await peers.client(CONTACT, TASKS).list_tasks(request)


async def _verdicts(peers: Peers, customer: Customer) -> Any:
    request = consents_pb2.CheckContactabilityRequest(person_id=customer.id)
    return await peers.client(CONTACT, CONSENTS).check_contactability(request)


async def _relations(peers: Peers, customer: Customer) -> Any:
    client = peers.client(CONTACT, RELATIONS)
    if customer.kind == "person":
        return await client.list_person_relationships(
            relations_pb2.ListPersonRelationshipsRequest(
                person_id=customer.id, current_only=True, page_size=RELATIONS_PAGE
            )
        )
    return await client.list_organisation_relationships(
        relations_pb2.ListOrganisationRelationshipsRequest(
            organisation_id=customer.id, current_only=True, page_size=RELATIONS_PAGE
        )
    )


def _fill_entries(answer: timeline_pb2.ListTimelineEntriesResponse, panel: pb.TimelinePanel) -> None:
    panel.timeline_entries.extend(answer.timeline_entries)
    panel.next_page_token = answer.next_page_token


def _fill_tasks(answer: tasks_pb2.ListTasksResponse, panel: pb.OpenTasksPanel) -> None:
    panel.tasks.extend(answer.tasks)
    panel.more = bool(answer.next_page_token)


def _fill_verdicts(answer: consents_pb2.CheckContactabilityResponse, panel: pb.ContactabilityPanel) -> None:
    panel.verdicts.extend(answer.verdicts)


def _fill_relations(answer: Any, panel: pb.RelationsPanel) -> None:
    panel.relationships.extend(answer.relationships)
    panel.more = bool(answer.next_page_token)


SOURCES = (
    Source("timeline", _entries, _fill_entries),
    Source("open_tasks", _tasks, _fill_tasks),
    Source("contactability", _verdicts, _fill_verdicts, people_only=True),
    Source("relations", _relations, _fill_relations),
)
