"""The timeline as a projection: one mapping for each type of event, of whichever service.

A fact adds lines that stay. A state says which lines a record stands for now; what it stood for before is corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC
from typing import Any, Final
from uuid import UUID

from google.protobuf.message import Message

from rapport.contact.v1 import events_pb2, tasks_pb2
from rapport.identity.v1 import events_pb2 as identity
from rapport_contact.domain.timeline import Line, Stamp, summarised
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_contact.storage.timeline import Entries
from rapport_kit.bus.envelope import Envelope
from rapport_kit.service import Projection, Together, Told
from rapport_kit.turns import turn

PERSON, ORGANISATION = "contact.rapport/Person", "contact.rapport/Organisation"
USER = "identity.rapport/User"
Mapping = Callable[[Any, Envelope], Sequence[Line]]


async def tell(told: Sequence[Told], uow: ContactUnitOfWork) -> None:
    """Write what events tell, of all of them at once."""
    facts, states = [], []
    for fact, event in told:
        if (mapping := FACTS.get(type(fact))) is not None:
            facts.append(Entries(event, mapping(fact, event), stamp_of(fact, event)))
        if (mapping := STATES.get(type(fact))) is not None:
            states.append(Entries(event, mapping(fact, event)))
        await turn()
    await uow.timeline.add([*facts, *await uow.timeline.corrected(states)])


def person_changed(change: events_pb2.PersonChanged, event: Envelope) -> list[Line]:
    """That a person came, went, changed hands or went further."""
    lines = _record_changed(change.person, change.update_mask.paths, event, {"person_id": UUID(change.person.id)})
    if "lifecycle_stage" in change.update_mask.paths and "id" not in change.update_mask.paths:
        stage = _word(change.person, "lifecycle_stage").replace("_", " ")
        lines.append(_line(event, kind="lifecycle", summary=f"Now {stage}", person_id=UUID(change.person.id)))
    return lines


def organisation_changed(change: events_pb2.OrganisationChanged, event: Envelope) -> list[Line]:
    """That an organisation came, went or changed hands."""
    about = {"organisation_id": UUID(change.organisation.id)}
    return _record_changed(change.organisation, change.update_mask.paths, event, about)


def activity_changed(change: events_pb2.ActivityChanged, event: Envelope) -> list[Line]:
    """The activity, for the customer and for each person who took part."""
    activity = change.activity
    if activity.HasField("delete_time"):
        return []
    line = {
        "kind": "activity",
        "occurred": activity.start_time.ToDatetime(UTC),
        "summary": summarised(activity.subject),
        "channel": _word(activity, "type"),
        "direction": _word(activity, "direction"),
    }
    others = dict.fromkeys(each.person_id for each in activity.participants if each.person_id)
    others.pop(activity.person_id, None)
    return [
        _line(event, **line, **_about(activity)),
        *(_line(event, **line, person_id=UUID(person_id)) for person_id in others),
    ]


def note_changed(change: events_pb2.NoteChanged, event: Envelope) -> list[Line]:
    """The beginning of the note; who reads it is decided when it is read."""
    note = change.note
    if note.HasField("delete_time"):
        return []
    occurred = note.create_time.ToDatetime(UTC)
    return [_line(event, kind="note", occurred=occurred, summary=summarised(note.body), **_about(note))]


def task_changed(change: events_pb2.TaskChanged, event: Envelope) -> list[Line]:
    """The task, once it is done; what is only to be done has not happened."""
    task = change.task
    about = _about(task)
    if task.state != tasks_pb2.TASK_STATE_DONE or task.HasField("delete_time") or not any(about.values()):
        return []
    return [
        _line(event, kind="task", occurred=task.complete_time.ToDatetime(UTC), summary=summarised(task.title), **about)
    ]


def entry_recorded(told: events_pb2.TimelineEntryRecorded, event: Envelope) -> list[Line]:
    """What was said by hand, or through an integration."""
    entry = told.timeline_entry
    author = UUID(entry.actor_id) if stamp_of(told, event) else event.author
    return [
        Line(
            kind=entry.kind,
            occurred=entry.occur_time.ToDatetime(UTC),
            summary=entry.summary,
            actor=author,
            resource=entry.record.type or event.resource,
            record_id=UUID(entry.record.id) if entry.record.id else event.aggregate,
            channel=entry.channel,
            direction=entry.direction,
            corrects=UUID(entry.corrects_id) if entry.corrects_id else None,
            retracted=entry.retracted,
            **_about(entry),
        )
    ]


def user_signed_in(told: identity.UserSignedIn, event: Envelope) -> list[Line]:
    """That somebody who has an account came in with it."""
    if not told.person_id:
        return []
    user = UUID(told.user_id)
    about = {"actor": user, "resource": USER, "record_id": user, "person_id": UUID(told.person_id)}
    return [_line(event, kind="sign_in", occurred=told.sign_in_time.ToDatetime(UTC), summary="Signed in", **about)]


def user_deactivated(told: identity.UserDeactivated, event: Envelope) -> list[Line]:
    """That somebody's account was closed."""
    if not told.person_id:
        return []
    return [_line(event, kind="account", summary="Account closed", person_id=UUID(told.person_id))]


def stamp_of(fact: Message, event: Envelope) -> Stamp | None:
    """What an entry that was restored had where it was taken out; its event is about the entry by that very id."""
    if not isinstance(fact, events_pb2.TimelineEntryRecorded) or fact.timeline_entry.id != str(event.aggregate):
        return None
    return Stamp(event.aggregate, fact.timeline_entry.record_time.ToDatetime(UTC))


FACTS: Final[dict[type[Message], Mapping]] = {
    events_pb2.PersonChanged: person_changed,
    events_pb2.OrganisationChanged: organisation_changed,
    events_pb2.TimelineEntryRecorded: entry_recorded,
    identity.UserSignedIn: user_signed_in,
    identity.UserDeactivated: user_deactivated,
}
"""Events that tell what happened."""
STATES: Final[dict[type[Message], Mapping]] = {
    events_pb2.ActivityChanged: activity_changed,
    events_pb2.NoteChanged: note_changed,
    events_pb2.TaskChanged: task_changed,
}
"""Events that tell what a record has become."""
TIMELINE = Projection(dict.fromkeys([*FACTS, *STATES], Together(tell)), tables=("timeline_entry",))


def _record_changed(record: Any, paths: Sequence[str], event: Envelope, about: dict[str, UUID]) -> list[Line]:
    lines = []
    if "id" in paths:
        lines.append(_line(event, kind="record", summary="Created", **about))
    elif "merged_into" in paths:
        summary = "Merged with another record" if record.merged_into else "Parted from another record"
        lines.append(_line(event, kind="record", summary=summary, **about))
    elif "delete_time" in paths:
        deleted = record.HasField("delete_time")
        lines.append(_line(event, kind="record", summary="Deleted" if deleted else "Brought back", **about))
    elif "owner_id" in paths and not _is_another(record):
        owner = {"resource": USER, "record_id": UUID(record.owner_id)} if record.owner_id else {}
        summary = "Has another owner" if record.owner_id else "Has no owner any more"
        lines.append(_line(event, kind="ownership", summary=summary, **owner, **about))
    return lines


def _is_another(record: Any) -> bool:
    """Whether a record became another, whose timeline tells who owns it."""
    return bool(getattr(record, "merged_into", ""))


def _line(event: Envelope, **told: Any) -> Line:
    known: dict[str, Any] = {
        "occurred": event.occurred,
        "actor": event.author,
        "resource": event.resource,
        "record_id": event.aggregate,
    }
    return Line(**(known | told))


def _about(record: Any) -> dict[str, UUID | None]:
    return {
        name: UUID(value) if (value := getattr(record, name)) else None for name in ("person_id", "organisation_id")
    }


def _word(message: Message, field: str) -> str:
    """The value of an enum field in lower case, without its prefix; empty when it is not set."""
    number, enum = getattr(message, field), message.DESCRIPTOR.fields_by_name[field].enum_type
    assert enum is not None
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return enum.values_by_number[number].name.removeprefix(prefix).lower() if number else ""
