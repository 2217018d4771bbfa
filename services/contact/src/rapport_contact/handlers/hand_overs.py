"""Who takes over the work and the customers of whom: in slices, each of which goes over as a whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from rapport.contact.v1 import hand_overs_pb2 as pb
from rapport_contact.domain.hand_over import HandOver, HandOverState
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.domain.record import ContactRecord
from rapport_contact.handlers.on_behalf import act_for
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_contact.storage.tables import organisation, person
from rapport_kit.auth.permissions import require_all
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid
from rapport_kit.jobs.timers import Tick, schedule

HAND_OVER = "contact.hand_over"
"""The kind of the timers."""
SLICE = 200
ON_LEAVING = "Left without having handed over."
LEFT: Final = b"left"
"""What the timers of a hand-over say that was begun because somebody left."""


class HandOvers(Resource[HandOver]):
    """HandOverService."""

    serves = pb.DESCRIPTOR.services_by_name["HandOverService"]
    entity = HandOver
    message = pb.HandOver

    async def hand_over_records(self, request: pb.HandOverRecordsRequest, uow: ContactUnitOfWork) -> Any:
        """Begin to hand over what a user owns; whoever does so must reach all of it."""
        require_all(uow.scope, "contact.hand_overs.hand_over")
        leaver, heir = UUID(request.from_user_id), UUID(request.to_user_id)
        if leaver == heir:
            raise Invalid.field("to_user_id", "SAME_USER", "must be another user")
        if await uow.colleagues.find(leaver) is None:
            raise Invalid.field("from_user_id", "USER_UNKNOWN", "names no user")
        if await uow.colleagues.active(heir) is None:
            raise Invalid.field("to_user_id", "OWNER_UNKNOWN", "names no active user")
        begun = await _begin(leaver, heir, request.note, uow)
        await uow.settle()
        return uow.message(begun)

    async def list_orphanages(
        self, request: pb.ListOrphanagesRequest, uow: ContactUnitOfWork
    ) -> pb.ListOrphanagesResponse:
        """Who left customers or open tasks behind; a list with that owner shows them."""
        return pb.ListOrphanagesResponse(
            orphanages=[
                pb.Orphanage(
                    user_id=str(row.id),
                    person_count=row.people,
                    organisation_count=row.organisations,
                    task_count=row.tasks,
                )
                for row in await uow.hand_overs.orphanages()
            ]
        )


async def succeed(leaver: UUID, heir: UUID, uow: ContactUnitOfWork) -> None:
    """Have everything that somebody who left owns go to `heir`, unless the leaver is let back in before."""
    await _begin(leaver, heir, ON_LEAVING, uow, LEFT)


async def _begin(leaver: UUID, heir: UUID, note: str, uow: ContactUnitOfWork, why: bytes = b"") -> HandOver:
    begun = uow.hand_overs.add(HandOver(from_user_id=leaver, to_user_id=heir, note=note, actor_id=uow.principal.author))
    await schedule(uow, HAND_OVER, str(begun.id), uow.now, why)
    return begun


async def heir_of(leaver: UUID, named: UUID | None, uow: ContactUnitOfWork) -> UUID | None:
    """Who takes over from somebody who left: who was named, else whom the tenant has for such cases, if still there."""
    heir = named or (await uow.settings.current()).successor_id
    return heir if heir is not None and heir != leaver and await uow.colleagues.active(heir) else None


async def carry_over(tick: Tick, uow: ContactUnitOfWork) -> None:
    """One slice, open tasks before customers; when the heir has left or the leaver is back, it stops and says so."""
    hand_over = await uow.hand_overs.find(tick.key)
    if hand_over is None or hand_over.state is not HandOverState.RUNNING:
        return
    act_for(hand_over.actor_id, hand_over.id, tick, uow)
    assert hand_over.from_user_id is not None
    assert hand_over.to_user_id is not None
    heir = await uow.colleagues.active(hand_over.to_user_id)
    if heir is None:
        hand_over.end(uow.now, "the new owner is not active any more")
        return
    if tick.payload == LEFT and await uow.colleagues.active(hand_over.from_user_id):
        hand_over.end(uow.now, "the former owner is active again")
        return
    tasks, given = await give_tasks(hand_over.from_user_id, hand_over.to_user_id, heir.team_id, SLICE, uow)
    room = SLICE - tasks
    people = await uow.hand_overs.owned(person, hand_over.from_user_id, room)
    organisations = await uow.hand_overs.owned(organisation, hand_over.from_user_id, room - len(people))
    # Whoever became another has an owner as well, and must not get back to one who left when they part.
    persons = await uow.hand_overs.taken(Person, people)
    companies = await uow.hand_overs.taken(Organisation, organisations)
    hand_over.task_count += given
    hand_over.person_count += _moved(persons, hand_over, heir.team_id)
    hand_over.organisation_count += _moved(companies, hand_over, heir.team_id)
    if len(people) + len(organisations) == room:
        await schedule(uow, HAND_OVER, tick.key, uow.now, tick.payload)
    else:
        hand_over.end(uow.now)


async def give_tasks(
    leaver: UUID, heir: UUID | None, team_id: UUID | None, most: int, uow: ContactUnitOfWork
) -> tuple[int, int]:
    """Give up to `most` unfinished tasks of somebody to another, or to nobody: how many were found, and how many given.

    Tasks that were finished, or given away, since they were found stay as they are.
    """
    found = await uow.tasks.unfinished_of(leaver, most)
    theirs = [each for each in (await uow.tasks.find_many(found)).values() if each.owner_id == leaver]
    unfinished = [each for each in theirs if not each.finished]
    for each in unfinished:
        each.hand_over(heir, team_id)
    return len(found), len(unfinished)


def _moved(records: Sequence[ContactRecord], hand_over: HandOver, team_id: UUID | None) -> int:
    """Give records to the heir, unless their owner changed since they were found; how many, but who became another."""
    mine = [each for each in records if each.owner_id == hand_over.from_user_id]
    for each in mine:
        each.owner_id, each.team_id = hand_over.to_user_id, team_id
    return sum(each.merged_into is None for each in mine)
