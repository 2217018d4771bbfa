"""What can be done with privacy requests."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import cast
from uuid import UUID

from rapport.contact.v1 import privacy_requests_pb2 as pb
from rapport_contact.domain.privacy_request import PrivacyRefusal, PrivacyRequest, PrivacyRequestState, PrivacyRight
from rapport_contact.handlers.erasure import claims_of
from rapport_contact.handlers.visible_customers import check_person
from rapport_contact.storage.privacy_requests import barring
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.codec import Codec
from rapport_kit.crud import Resource
from rapport_kit.errors import Refused
from rapport_kit.jobs import Tick, cancel, schedule

DUE = "contact.privacy_request.due"
"""One timer a request, some days before it is due."""


refusals_of = Codec(PrivacyRefusal, pb.PrivacyRefusal)


class PrivacyRequests(Resource[PrivacyRequest]):
    """PrivacyRequestService."""

    serves = pb.DESCRIPTOR.services_by_name["PrivacyRequestService"]
    entity = PrivacyRequest
    message = pb.PrivacyRequest

    async def admit(self, entity: PrivacyRequest, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """It is of somebody, and its clock runs from when it was received; what is closed stays as it is."""
        if entity.version:
            entity.check_open()
            return
        entity.person_id = await check_person("privacy_request.person_id", entity.person_id, uow)
        entity.begin(uow.now)

    async def enter(self, entity: PrivacyRequest, uow: ContactUnitOfWork) -> None:
        """Take in a new request, and be woken before it is due."""
        await super().enter(entity, uow)
        await _set_warning(entity, uow)

    async def restore(self, entity: PrivacyRequest, uow: ContactUnitOfWork) -> None:
        """One that is open is warned of before it is due."""
        await super().restore(entity, uow)
        if entity.state is PrivacyRequestState.OPEN:
            await _set_warning(entity, uow)

    async def complete_privacy_request(
        self, request: pb.CompletePrivacyRequestRequest, uow: ContactUnitOfWork
    ) -> pb.PrivacyRequest:
        """Close it as met; of an erasure, with what its receipt says was kept.

        Raises:
            Refused: an erasure was asked for, and the person is there still.
        """
        found = await uow.repository(PrivacyRequest).get(request.id, etag=request.etag)
        refusals = _refusals(request.refusals)
        if found.right is PrivacyRight.ERASE:
            refusals += await _held(found, uow)
        found.complete(request.outcome, refusals, uow.now)
        return await self._closed(found, uow)

    async def refuse_privacy_request(
        self, request: pb.RefusePrivacyRequestRequest, uow: ContactUnitOfWork
    ) -> pb.PrivacyRequest:
        """Close it as not met."""
        found = await uow.repository(PrivacyRequest).get(request.id, etag=request.etag)
        found.refuse(_refusals(request.refusals), uow.now)
        return await self._closed(found, uow)

    async def lift_privacy_request(
        self, request: pb.LiftPrivacyRequestRequest, uow: ContactUnitOfWork
    ) -> pb.PrivacyRequest:
        """End what it bars."""
        found = await uow.repository(PrivacyRequest).get(request.id, etag=request.etag)
        found.lift(request.reason, uow.now)
        await uow.settle()
        return cast(pb.PrivacyRequest, uow.message(found))

    async def _closed(self, found: PrivacyRequest, uow: ContactUnitOfWork) -> pb.PrivacyRequest:
        await cancel(uow, DUE, str(found.id))
        await uow.settle()
        return cast(pb.PrivacyRequest, uow.message(found))


async def _set_warning(request: PrivacyRequest, uow: ContactUnitOfWork) -> None:
    await schedule(uow, DUE, str(request.id), max(request.warn_time, uow.now))


async def keep_barred(united: UUID, parted: Iterable[UUID], since: datetime, uow: ContactUnitOfWork) -> None:
    """Have those who are parted keep what bars contacts and was asked for since they were taken for one."""
    asked = [each for each in await barring(uow, [united]) if each.create_time is None or each.create_time >= since]
    for person_id in parted:
        for request in (each.of_another(person_id) for each in asked if each.bars(uow.now)):
            uow.repository(PrivacyRequest).add(request)
            if request.state is PrivacyRequestState.OPEN:
                await _set_warning(request, uow)


async def warn(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Tell of a request that is open still."""
    found = await uow.repository(PrivacyRequest).find(tick.key)
    if found is not None:
        found.warn()


def _refusals(messages: Iterable[pb.PrivacyRefusal]) -> list[PrivacyRefusal]:
    return [refusals_of.from_message(each, f"refusals[{place}]") for place, each in enumerate(messages)]


async def _held(request: PrivacyRequest, uow: ContactUnitOfWork) -> list[PrivacyRefusal]:
    token = await uow.erasures.receipt(request.person_id)
    if token is None:
        raise Refused("PERSON_NOT_ERASED", "the person was not erased yet", id=request.id, person_id=request.person_id)
    return [PrivacyRefusal(", ".join(each["kept"]), each["reason"]) for each in claims_of(token).get("refusals", ())]
