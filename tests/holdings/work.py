"""What a tenant's people do with its customers, and keep at hand."""

from __future__ import annotations

import secrets

from google.protobuf.timestamp_pb2 import Timestamp

from rapport.contact.v1 import (
    activities_pb2,
    bulk_changes_pb2,
    favourites_pb2,
    hand_overs_pb2,
    notes_pb2,
    saved_views_pb2,
    static_lists_pb2,
    tags_pb2,
    tasks_pb2,
    timeline_pb2,
)
from rapport.identity.v1 import users_pb2
from rapport_kit.errors import Invalid
from tests.eventually import eventually
from tests.holdings.held import Holdings


async def fill_work(held: Holdings, n: int, person_id: str) -> None:
    """What was done with a person, and is to be done."""
    admin, mark, soon = held.tenant.admin, held.mark, Timestamp(seconds=2_000_000_000)
    activity = activities_pb2.Activity(
        type=activities_pb2.ACTIVITY_TYPE_MEETING,
        subject=f"Meeting {mark} {n}",
        start_time=soon,
        person_id=person_id,
        participants=[activities_pb2.Participant(name=f"Guest {mark}")],
    )
    await admin.activity.create_activity(
        activities_pb2.CreateActivityRequest(activity=activity, request_id=held.request_id())
    )
    note = notes_pb2.Note(body=f"Note {mark} {n}", person_id=person_id)
    await admin.note.create_note(notes_pb2.CreateNoteRequest(note=note, request_id=held.request_id()))
    task = tasks_pb2.Task(title=f"Task {mark} {n}", due_time=soon, person_id=person_id)
    await admin.task.create_task(tasks_pb2.CreateTaskRequest(task=task, request_id=held.request_id()))
    entry = timeline_pb2.TimelineEntry(person_id=person_id, occur_time=soon, kind="fair", summary=f"Stand {mark} {n}")
    await admin.timeline.create_timeline_entry(
        timeline_pb2.CreateTimelineEntryRequest(timeline_entry=entry, request_id=held.request_id())
    )


async def fill_lists(held: Holdings, person_id: str, n: int) -> None:
    """Tags, lists and what users keep at hand."""
    admin, mark = held.tenant.admin, held.mark
    tag = await admin.tag.create_tag(
        tags_pb2.CreateTagRequest(tag=tags_pb2.Tag(display_name=f"Tag {mark} {n}"), request_id=held.request_id())
    )
    await admin.tag.apply_tag(
        tags_pb2.ApplyTagRequest(
            id=tag.id, person_ids=[person_id], reason=f"Because {mark}", request_id=held.request_id()
        )
    )
    listed = static_lists_pb2.StaticList(display_name=f"List {mark}", description=f"About {mark}")
    static_list = await admin.static_list.create_static_list(
        static_lists_pb2.CreateStaticListRequest(static_list=listed, request_id=held.request_id())
    )
    await admin.static_list.add_static_list_members(
        static_lists_pb2.AddStaticListMembersRequest(id=static_list.id, person_ids=[person_id], reason=mark)
    )
    change = bulk_changes_pb2.BulkChange(
        action=bulk_changes_pb2.BULK_ACTION_ADD,
        tag_id=tag.id,
        resource=bulk_changes_pb2.BULK_RESOURCE_PEOPLE,
        filter=f'given_name = "{mark}"',
        reason=f"Bulk {mark}",
    )
    begun = await admin.bulk_change.create_bulk_change(
        bulk_changes_pb2.CreateBulkChangeRequest(bulk_change=change, request_id=held.request_id())
    )

    async def look() -> None:  # what goes on by itself would be taken for somebody's doing
        now = await admin.bulk_change.get_bulk_change(bulk_changes_pb2.GetBulkChangeRequest(id=begun.id))
        assert now.state == bulk_changes_pb2.BULK_STATE_DONE

    await eventually(look)
    favourite = favourites_pb2.Favourite(person_id=person_id)
    await admin.favourite.create_favourite(
        favourites_pb2.CreateFavouriteRequest(favourite=favourite, request_id=held.request_id())
    )
    view = saved_views_pb2.SavedView(display_name=f"View {mark}", resource_type="contact.rapport/Person")
    await admin.saved_view.create_saved_view(
        saved_views_pb2.CreateSavedViewRequest(saved_view=view, request_id=held.request_id())
    )


async def fill_hand_over(held: Holdings) -> None:
    """A user's customers, of whom there are none, gone to the administrator."""
    admin, mark = held.tenant.admin, held.mark
    leaver = users_pb2.User(email=f"{secrets.token_hex(6)}.{mark}@staff.example", display_name=f"Leaver {mark}")
    made = await admin.user.create_user(users_pb2.CreateUserRequest(user=leaver, request_id=held.request_id()))
    request = hand_overs_pb2.HandOverRecordsRequest(from_user_id=made.id, to_user_id=admin.id, note=f"Note {mark}")
    begun = await eventually(lambda: admin.hand_over.hand_over_records(request), Invalid)

    async def look() -> None:
        now = await admin.hand_over.get_hand_over(hand_overs_pb2.GetHandOverRequest(id=begun.id))
        assert now.state == hand_overs_pb2.HAND_OVER_STATE_DONE

    await eventually(look)
