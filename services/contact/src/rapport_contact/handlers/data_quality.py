"""How good the data is: worked out when asked, and kept by a sweep to sort by.

Kept by a sweep over what has changed, not on write: whatever writes a record (a call, an import, a merge) stays as
fast as it is and cannot forget it, and freshness changes when nobody writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from rapport.contact.v1 import data_quality_pb2 as pb
from rapport_contact.domain.membership import MemberKind
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.domain.quality import (
    MONTH,
    ORGANISATION_CHECKS,
    ORGANISATION_WEIGHTS,
    PERSON_CHECKS,
    PERSON_WEIGHTS,
    STALE_MONTHS,
    Quality,
    Seen,
    evaluate,
)
from rapport_contact.handlers.visible_customers import require_customer
from rapport_contact.storage.changes import Place, changed
from rapport_contact.storage.lookups import plan_once
from rapport_contact.storage.memberships import TABLES
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.errors import Invalid
from rapport_kit.jobs import Tick, carry_on, schedule
from rapport_kit.paging import Paging

QUALITY = "contact.data_quality.sweep"
"""The kind of the timers, of which a tenant has one for each kind of customer; the payload says how far it came."""
SLICE = 50
PAUSE = timedelta(minutes=1)
OUTDATED = timedelta(days=7)
"""After so long a record is looked at again though nobody changed it."""

_CHECKS = {
    MemberKind.PEOPLE: (PERSON_CHECKS, PERSON_WEIGHTS),
    MemberKind.ORGANISATIONS: (ORGANISATION_CHECKS, ORGANISATION_WEIGHTS),
}


class DataQuality:
    """DataQualityService."""

    serves = pb.DESCRIPTOR.services_by_name["DataQualityService"]

    async def get_person_data_quality(
        self, request: pb.GetPersonDataQualityRequest, uow: ContactUnitOfWork
    ) -> pb.DataQuality:
        """As it is now."""
        return await _now(MemberKind.PEOPLE, await require_customer(Person, request.person_id, uow, part=True), uow)

    async def get_organisation_data_quality(
        self, request: pb.GetOrganisationDataQualityRequest, uow: ContactUnitOfWork
    ) -> pb.DataQuality:
        """As it is now."""
        organisation_id = await require_customer(Organisation, request.organisation_id, uow, part=True)
        return await _now(MemberKind.ORGANISATIONS, organisation_id, uow)

    async def list_person_data_qualities(
        self, request: pb.ListPersonDataQualitiesRequest, uow: ContactUnitOfWork
    ) -> pb.ListPersonDataQualitiesResponse:
        """The worst first."""
        found, token = await _page(MemberKind.PEOPLE, request, uow)
        return pb.ListPersonDataQualitiesResponse(data_qualities=found, next_page_token=token)

    async def list_organisation_data_qualities(
        self, request: pb.ListOrganisationDataQualitiesRequest, uow: ContactUnitOfWork
    ) -> pb.ListOrganisationDataQualitiesResponse:
        """The worst first."""
        found, token = await _page(MemberKind.ORGANISATIONS, request, uow)
        return pb.ListOrganisationDataQualitiesResponse(data_qualities=found, next_page_token=token)


async def look_again(uow: ContactUnitOfWork) -> None:
    """Have every record of the tenant looked at anew."""
    for kind in MemberKind:
        await schedule(uow, QUALITY, kind.value, uow.now)


async def look_over(tick: Tick, uow: ContactUnitOfWork) -> None:
    """One slice: of what has changed since the last one, and when that is all, of what was not looked at for long."""
    kind = MemberKind(tick.key)
    await plan_once(uow.connection)
    places = await changed(uow, TABLES[kind], _cursor(tick.payload), SLICE)
    ids = [which for _, which in places]
    if len(ids) < SLICE:
        ids += await uow.qualities.outdated(kind, uow.now - OUTDATED, SLICE - len(ids))
    found = await _evaluated(kind, ids, uow)
    await uow.qualities.keep(kind, found)
    await uow.qualities.forget(kind, set(ids).difference(id_ for id_, _ in found))
    payload = place_of(*places[-1]) if places else tick.payload
    if len(ids) == SLICE:
        await carry_on(tick, uow, payload)
    else:
        await schedule(uow, QUALITY, tick.key, uow.now + PAUSE, payload)


def place_of(moment: datetime, id_: UUID) -> bytes:
    """How the timer keeps that the sweep came as far as this change."""
    return f"{moment.isoformat()}/{id_}".encode()


def _cursor(payload: bytes) -> Place | None:
    if not payload:
        return None
    moment, _, id_ = payload.decode().partition("/")
    return datetime.fromisoformat(moment).astimezone(UTC), UUID(id_)


async def _evaluated(kind: MemberKind, ids: Sequence[UUID], uow: ContactUnitOfWork) -> list[tuple[UUID, Quality]]:
    """What is to be said of each record that is not in the trash."""
    settings = await uow.settings.current()
    people = kind is MemberKind.PEOPLE
    own = settings.person_quality_weights if people else settings.organisation_quality_weights
    checks, weights = _CHECKS[kind]
    sharing = await uow.qualities.sharing(kind, ids)
    stale_after = (settings.stale_months or STALE_MONTHS) * MONTH
    return [
        (record.id, evaluate(Seen(record, uow.now, stale_after, sharing.get(record.id, 0)), checks, own or weights))
        for record in await uow.qualities.records(kind, ids)
    ]


async def _now(kind: MemberKind, id_: UUID, uow: ContactUnitOfWork) -> pb.DataQuality:
    ((_, quality),) = await _evaluated(kind, [id_], uow)
    issues = [{"reason": each.reason, "cost": each.cost, "message": each.message} for each in quality.issues]
    dimensions = {dimension.value: points for dimension, points in quality.dimensions.items()}
    return _message(kind, id_, quality.score, dimensions, issues, uow.now)


async def _page(kind: MemberKind, request: Any, uow: ContactUnitOfWork) -> tuple[list[pb.DataQuality], str]:
    paging = Paging(request, uow)
    known = {each.reason for each in _CHECKS[kind][0].values()}
    if request.issue and request.issue not in known:
        raise Invalid.field("issue", "UNKNOWN_ISSUE", f"expected one of {', '.join(sorted(known))}")
    rows = await uow.qualities.page(kind, issue=request.issue, after=paging.start, limit=paging.limit)
    shown, token = paging.page(rows, "score", "id")
    return [_message(kind, row.id, row.score, row.dimensions, row.issues, row.evaluation_time) for row in shown], token


def _message(
    kind: MemberKind, id_: UUID, score: int, dimensions: dict[str, int], issues: list[dict[str, Any]], at: datetime
) -> pb.DataQuality:
    message = pb.DataQuality(
        score=score,
        completeness=dimensions["completeness"],
        validity=dimensions["validity"],
        freshness=dimensions["freshness"],
        uniqueness=dimensions["uniqueness"],
        issues=[pb.DataQualityIssue(**issue) for issue in issues],
    )
    if kind is MemberKind.PEOPLE:
        message.person_id = str(id_)
    else:
        message.organisation_id = str(id_)
    message.evaluation_time.FromDatetime(at)
    return message
