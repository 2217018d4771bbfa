"""What can be sent about a tenant: ids, texts and page tokens, as its own administrator sees them."""

from __future__ import annotations

import re
from typing import Any

from google.protobuf.message_factory import GetMessageClass

from rapport.contact.v1 import timeline_pb2
from tests.callers import METHODS
from tests.eventually import eventually
from tests.holdings.held import Holdings, items_field, list_request, listing_methods, strings

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NAMELESS = {"DuplicateService", "FavouriteService", "OrganisationDuplicateService"}
"""Services of records that hold no free text."""


async def harvest(held: Holdings) -> None:
    """Learn ids, texts and page tokens from what the tenant's own administrator sees."""
    admin = held.tenant.admin
    for method in listing_methods():
        service = method.containing_service.name
        answer: Any = await admin.call(method, list_request(method))
        items = getattr(answer, items_field(method.output_type).name)
        assert len(items) > 1, f"{method.full_name} lists nothing: tests.holdings must create some"
        held.ids[service] = [item.id for item in items if held.mark in str(item) or service in NAMELESS]
        held.further_ids.update(item.id for item in items)
        held.texts += [text for item in items for text in strings(item) if held.mark in text]
        first: Any = await admin.call(method, list_request(method, page_size=1))
        held.page_tokens[method.name] = first.next_page_token
    await _harvest_timelines(held)
    held.ids["TenantService"] = [held.tenant.id]
    held.mails = sorted({text for text in held.texts if "@" in text})
    held.texts = sorted({text for text in held.texts if not _UUID.fullmatch(text)})
    await _harvest_revisions(held)


async def _harvest_timelines(held: Holdings) -> None:
    """Entries come from events, so a moment later."""

    async def long_ones() -> list[timeline_pb2.ListTimelineEntriesResponse]:
        admin = held.tenant.admin.timeline
        asked = [
            timeline_pb2.ListTimelineEntriesRequest(person_id=id_, page_size=1) for id_ in held.ids["PersonService"]
        ]
        pages = [await admin.list_timeline_entries(each) for each in asked]
        found = [page for page in pages if page.next_page_token]
        assert len(found) > 1, "no two people have a timeline of two entries"
        return found

    pages = await eventually(long_ones)
    held.page_tokens["ListTimelineEntries"] = pages[0].next_page_token
    found = [entry for page in pages for entry in page.timeline_entries]
    held.ids["TimelineService"] = [entry.id for entry in found]
    held.texts += [entry.summary for entry in found if held.mark in entry.summary]


async def _harvest_revisions(held: Holdings) -> None:
    for method in METHODS.values():
        if method.name.endswith("Revisions"):
            request = GetMessageClass(method.input_type)(id=held.ids[method.containing_service.name][0], page_size=1)
            answer: Any = await held.tenant.admin.call(method, request)
            held.page_tokens[method.name] = answer.next_page_token
