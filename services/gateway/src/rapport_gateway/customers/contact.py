"""The panels that contact fills, by its ordinary RPCs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message

from rapport.contact.v1 import consents_pb2, tasks_pb2, timeline_pb2
from rapport.gateway.v1 import customers_pb2 as pb
from rapport_gateway.customers.panels import Panel
from rapport_gateway.customers.record import CONTACT
from rapport_gateway.peers import Peers
from rapport_kit.naming import snake

PERSON = "person_id"
TIMELINE_PAGE = 50
TASKS_PAGE = 10
UNFINISHED = "(state = TASK_STATE_OPEN OR state = TASK_STATE_IN_PROGRESS OR state = TASK_STATE_WAITING)"


@dataclass(frozen=True)
class Source:
    """One panel: the field of the page that it is, the RPC, and how request and content are made of one another."""

    field: str
    service: ServiceDescriptor
    rpc: str
    request: Callable[[str, str], Message]
    """Of the customer's kind (`person_id` or `organisation_id`) and id."""
    fill: Callable[[Any, Any], None]
    """Puts an answer into the panel."""
    people_only: bool = False

    def asking(self, kind: str, id: str, peers: Peers) -> Callable[[], Awaitable[Message]]:  # noqa: A002
        """What asks for the content."""

        async def ask() -> Message:
            client = peers.client(CONTACT, self.service)
            answer: Message = await getattr(client, snake(self.rpc))(self.request(kind, id))
            return answer

        return ask

    def put(self, found: Panel, view: pb.CustomerView) -> None:
        """Put what was found on the page."""
        panel = getattr(view, self.field)
        panel.status.CopyFrom(found.status())
        if found.read is not None:
            self.fill(found.read.content, panel)


def kind_of(header: pb.CustomerHeader) -> str:
    """The field that names such a customer elsewhere; empty while it is not known what the customer is."""
    record = header.WhichOneof("record")
    return f"{record}_id" if record else ""


def _entries(kind: str, id: str) -> Message:  # noqa: A002
    request = timeline_pb2.ListTimelineEntriesRequest(page_size=TIMELINE_PAGE)
    setattr(request, kind, id)
    return request


def _tasks(kind: str, id: str) -> Message:  # noqa: A002
    return tasks_pb2.ListTasksRequest(
        page_size=TASKS_PAGE, filter=f'{kind} = "{id}" AND {UNFINISHED}', order_by="due_time"
    )


def _reach(_kind: str, id: str) -> Message:  # noqa: A002
    return consents_pb2.CheckContactabilityRequest(person_id=id)


def _fill_entries(answer: timeline_pb2.ListTimelineEntriesResponse, panel: pb.TimelinePanel) -> None:
    panel.timeline_entries.extend(answer.timeline_entries)
    panel.next_page_token = answer.next_page_token


def _fill_tasks(answer: tasks_pb2.ListTasksResponse, panel: pb.OpenTasksPanel) -> None:
    panel.tasks.extend(answer.tasks)
    panel.more = bool(answer.next_page_token)


def _fill_reach(answer: consents_pb2.CheckContactabilityResponse, panel: pb.ContactabilityPanel) -> None:
    panel.verdicts.extend(answer.verdicts)


SOURCES = (
    Source(
        "timeline",
        timeline_pb2.DESCRIPTOR.services_by_name["TimelineService"],
        "ListTimelineEntries",
        _entries,
        _fill_entries,
    ),
    Source("open_tasks", tasks_pb2.DESCRIPTOR.services_by_name["TaskService"], "ListTasks", _tasks, _fill_tasks),
    Source(
        "contactability",
        consents_pb2.DESCRIPTOR.services_by_name["ConsentService"],
        "CheckContactability",
        _reach,
        _fill_reach,
        people_only=True,
    ),
)
