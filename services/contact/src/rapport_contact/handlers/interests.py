"""What people are interested in, and the topics that there are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rapport.contact.v1 import interests_pb2 as pb
from rapport_contact.domain.interest import (
    Interest,
    InterestEvidence,
    InterestSource,
    InterestTopic,
    ResolvedInterest,
    resolve,
    statement,
)
from rapport_contact.domain.person import Person
from rapport_contact.handlers.visible_customers import check_person, require_customer
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.codec import Codec
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid, Refused


@dataclass(frozen=True, kw_only=True)
class Inference:
    """InferInterestRequest."""

    person_id: UUID
    interest_topic_id: UUID
    event_id: str
    strength: float
    occur_time: datetime | None = None
    request_id: str = ""
    validate_only: bool = False


inferences = Codec(Inference, pb.InferInterestRequest)
resolved: Codec[Any] = Codec(ResolvedInterest, pb.ResolvedInterest)


class InterestTopics(Resource[InterestTopic]):
    """InterestTopicService."""

    serves = pb.DESCRIPTOR.services_by_name["InterestTopicService"]
    entity = InterestTopic
    message = pb.InterestTopic

    async def admit(self, entity: InterestTopic, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """A topic belongs to one that there is. As it never moves, there are no cycles."""
        if entity.parent_id is not None and not {"parent_id", "delete_time"}.isdisjoint(changed):
            await _check_topic("interest_topic.parent_id", entity.parent_id, uow)

    async def release(self, entity: InterestTopic, uow: ContactUnitOfWork) -> None:
        """A topic stays while anybody is interested in it, or a narrower one belongs to it."""
        if await uow.interest_topics.is_used(entity.id):
            raise Refused(
                "INTEREST_TOPIC_IN_USE", "there are interests in it, or topics that belong to it", id=entity.id
            )


class Interests(Resource[Interest]):
    """InterestService."""

    serves = pb.DESCRIPTOR.services_by_name["InterestService"]
    entity = Interest
    message = pb.Interest

    async def admit(self, entity: Interest, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """An interest is in a topic that there is, and of somebody whom the caller may see."""
        await check_person("interest.person_id", entity.person_id, uow, part=True)
        await _check_topic("interest.interest_topic_id", entity.interest_topic_id, uow)

    async def infer_interest(self, request: pb.InferInterestRequest, uow: ContactUnitOfWork) -> Any:
        """Add an event to the evidence, unless the person has stated something, or it is there; see `Interest`."""
        told = inferences.from_message(request)
        # Two events at once would each make an interest of their own.
        person_id = await require_customer(Person, told.person_id, uow, part=True, lock=True)
        await _check_topic("interest_topic_id", told.interest_topic_id, uow)
        by_id = await uow.interests.in_topic(person_id, told.interest_topic_id)
        known = [each for of_one in by_id.values() for each in of_one]
        counting = statement(each for each in known if each.delete_time is None)
        counting = counting or next((each for each in known if each.rests_on(told.event_id)), None)
        if counting is not None:
            return uow.message(counting)
        # What is told of one of those who were merged goes with them when they part.
        inferred = next((each for each in by_id.get(told.person_id, ()) if each.delete_time is None), None)
        if inferred is None:
            inferred = uow.interests.add(
                Interest(
                    person_id=told.person_id,
                    interest_topic_id=told.interest_topic_id,
                    source=InterestSource.INFERRED,
                )
            )
        occurred = min(told.occur_time or uow.now, uow.now)
        inferred.observe(InterestEvidence(told.event_id, occurred, told.strength))
        await uow.settle()
        return uow.message(inferred)

    async def resolve_interests(
        self, request: pb.ResolveInterestsRequest, uow: ContactUnitOfWork
    ) -> pb.ResolveInterestsResponse:
        """What counts for each topic now."""
        person_id = await require_customer(Person, request.person_id, uow, part=True)
        counting: Any = [resolved.to_message(each) for each in resolve(await uow.interests.of(person_id), uow.now)]
        return pb.ResolveInterestsResponse(interests=counting)


async def _check_topic(path: str, topic_id: UUID, uow: ContactUnitOfWork) -> None:
    if not await uow.interest_topics.exists(topic_id):
        raise Invalid.field(path, "NOT_FOUND", "names no topic of the tenant")
