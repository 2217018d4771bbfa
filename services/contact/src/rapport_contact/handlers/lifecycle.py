"""How far people have come with the company."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapport.contact.v1 import lifecycle_pb2 as pb
from rapport_contact.domain.lifecycle import MOVE_BACK, Lifecycle, LifecycleMove, lifecycle, move, move_by_event
from rapport_contact.domain.person import LifecycleStage, Person
from rapport_contact.handlers.visible_customers import require_customer
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.auth.permissions import in_scope
from rapport_kit.codec import Codec
from rapport_kit.crud import Resource
from rapport_kit.domain import Entity
from rapport_kit.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Wish:
    """MoveLifecycleStageRequest."""

    person_id: UUID
    stage: LifecycleStage
    reason: str = ""
    event: str = ""
    request_id: str = ""
    validate_only: bool = False


wishes = Codec(Wish, pb.MoveLifecycleStageRequest)
lifecycles: Codec[Any] = Codec(Lifecycle, pb.Lifecycle)


class LifecycleMoves(Resource[LifecycleMove]):
    """LifecycleService."""

    serves = pb.DESCRIPTOR.services_by_name["LifecycleService"]
    entity = LifecycleMove
    message = pb.LifecycleMove

    async def get_lifecycle(self, request: pb.GetLifecycleRequest, uow: ContactUnitOfWork) -> Any:
        """Where a person stands, and every stay on the way there."""
        person_id = await require_customer(Person, request.person_id, uow, part=True, trash=True)
        created, stage = await uow.lifecycle_moves.standing(person_id)
        moves = await uow.lifecycle_moves.made(person_id)
        return lifecycles.to_message(lifecycle(created, stage, moves, uow.now))

    async def move_lifecycle_stage(self, request: pb.MoveLifecycleStageRequest, uow: ContactUnitOfWork) -> Any:
        """Move a person on request, or because of an event."""
        wish = wishes.from_message(request)
        person = await uow.people.get(wish.person_id)
        if person.delete_time is not None:
            raise Refused("PERSON_DELETED", "the person is in the trash", id=person.id)
        if wish.event:
            made = move_by_event(person, wish.stage, wish.event)
        else:
            made = move(person, wish.stage, reason=wish.reason, may_move_back=_may_move_back(person, uow))
        uow.lifecycle_moves.enter(made)
        await uow.settle()
        return uow.message(made)


def _may_move_back(person: Entity, uow: ContactUnitOfWork) -> bool:
    scope = uow.principal.scope(MOVE_BACK)
    return scope is not None and in_scope(uow.principal, scope, person)
