"""What can be done with pairs of records that may be one, and what is asked of new ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from google.protobuf.message import Message

from rapport.contact.v1 import duplicates_pb2 as pb
from rapport.contact.v1 import matches_pb2, organisation_duplicates_pb2
from rapport_contact.domain.duplicate import DuplicateCandidate, DuplicateState, OrganisationDuplicateCandidate
from rapport_contact.domain.match_policy import MatchMode
from rapport_contact.domain.matching.candidates import Candidate
from rapport_contact.domain.membership import MemberKind
from rapport_contact.domain.record import ContactRecord
from rapport_contact.handlers.duplicate_scans import SCAN_DUPLICATES
from rapport_contact.storage.matching import Matched, Matching
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.annotations import enum_words
from rapport_kit.auth.principal import Scope
from rapport_kit.crud import Resource
from rapport_kit.errors import AlreadyExists, Invalid, Refused
from rapport_kit.jobs import schedule

DECISIONS = {number: DuplicateState(word) for word, number in enum_words(pb.DuplicateState.DESCRIPTOR).items()}
M = TypeVar("M", bound=Message)


class Duplicates(Resource[DuplicateCandidate]):
    """DuplicateService."""

    serves = pb.DESCRIPTOR.services_by_name["DuplicateService"]
    entity = DuplicateCandidate
    message = pb.DuplicateCandidate
    default_order = "score desc"

    async def decide_duplicate(
        self, request: pb.DecideDuplicateRequest, uow: ContactUnitOfWork
    ) -> pb.DuplicateCandidate:
        """See `_decide`."""
        return await _decide(self, request, uow)  # type: ignore[no-any-return]

    async def scan_duplicates(self, request: pb.ScanDuplicatesRequest, uow: ContactUnitOfWork) -> pb.DuplicateScan:
        """Have a job for each kind compare all its records, a slice at a time."""
        await uow.duplicates.lock()
        for kind in MemberKind:
            current = await uow.duplicate_scans.find(kind)
            if current is None or not current.running:
                await uow.duplicate_scans.put(
                    kind, running=True, after=None, scanned=0, skipped_keys=0, start_time=uow.now, end_time=None
                )
                await schedule(uow, SCAN_DUPLICATES, kind, uow.now)
        return await self.get_duplicate_scan(pb.GetDuplicateScanRequest(), uow)

    async def get_duplicate_scan(self, request: pb.GetDuplicateScanRequest, uow: ContactUnitOfWork) -> pb.DuplicateScan:
        """How far it is; all zero before the first."""
        scans = {kind: await uow.duplicate_scans.find(kind) for kind in MemberKind}
        people, organisations = scans[MemberKind.PEOPLE], scans[MemberKind.ORGANISATIONS]
        found = [each for each in (people, organisations) if each is not None]
        answer = pb.DuplicateScan(
            running=any(each.running for each in found),
            scanned=people.scanned if people is not None else 0,
            scanned_organisations=organisations.scanned if organisations is not None else 0,
            skipped_keys=sum(each.skipped_keys for each in found),
        )
        if begun := [each.start_time for each in found if each.start_time is not None]:
            answer.start_time.FromDatetime(min(begun))
        if begun and not answer.running:
            answer.end_time.FromDatetime(max(each.end_time for each in found if each.end_time is not None))
        return answer


class OrganisationDuplicates(Resource[OrganisationDuplicateCandidate]):
    """OrganisationDuplicateService."""

    serves = organisation_duplicates_pb2.DESCRIPTOR.services_by_name["OrganisationDuplicateService"]
    entity = OrganisationDuplicateCandidate
    message = organisation_duplicates_pb2.OrganisationDuplicateCandidate
    default_order = "score desc"

    async def decide_organisation_duplicate(
        self, request: organisation_duplicates_pb2.DecideOrganisationDuplicateRequest, uow: ContactUnitOfWork
    ) -> organisation_duplicates_pb2.OrganisationDuplicateCandidate:
        """See `_decide`."""
        return await _decide(self, request, uow)  # type: ignore[no-any-return]


async def _decide(pairs: Resource[Any], request: Any, uow: ContactUnitOfWork) -> Any:
    """Remember what somebody says of a pair."""
    if request.state not in DECISIONS:
        raise Invalid.field("state", "INVALID_ENUM", "must be open, same or different")
    candidate = await pairs.repository(uow).get(request.id, etag=request.etag)
    if candidate.delete_time is not None:
        raise Refused("DUPLICATE_CANDIDATE_DELETED", "the two agree no more", id=candidate.id)
    candidate.decide(DECISIONS[request.state], uow.principal.subject, uow.now)
    await uow.settle()
    return uow.message(candidate)


async def look_for_known(
    entities: Sequence[ContactRecord], requests: Sequence[Any], matching: Matching[Any, Any], name: str
) -> None:
    """Look whether new records are known already, as the tenant's policy wants it; `name` is what they are called.

    Raises:
        AlreadyExists: the policy refuses duplicates, and the request does not insist.
    """
    policy = await matching.policy()
    if policy.mode is MatchMode.ALLOW:
        return
    found = await matching.match(entities)
    for place, (entity, request, candidates) in enumerate(zip(entities, requests, found.candidates, strict=True)):
        sure = [each for each in candidates if each.match.score >= policy.block_score]
        if sure and policy.mode is MatchMode.BLOCK and not request.allow_duplicate:
            raise _refused(sure, place, name)
        matching.found[entity.id] = candidates


async def look_for_described(
    resource: Resource[Any], described: Any, field: str, matching: Matching[Any, Any], uow: ContactUnitOfWork
) -> tuple[list[matches_pb2.DuplicateMatch], int]:
    """What the description in a `field` of a request fits, within the caller's record scope.

    Also how many keys were too common to be followed; none for callers who may not see all records.
    """
    record = resource.resource.codec.from_message(described, field, **await resource.context(described, uow))
    if described.id:
        record.id = UUID(described.id)
    found = await matching.match([record])
    return _matches(found.candidates[0], matching.of), found.skipped if uow.scope is Scope.ALL else 0


def with_found(message: M, entity: ContactRecord, matching: Matching[Any, Any]) -> M:
    """The message of a new record, with what was found that it may be."""
    if not (candidates := matching.found.get(entity.id)):
        return message
    answer = type(message)(duplicate_candidates=_matches(candidates, matching.of))
    answer.MergeFrom(message)
    return answer


def _matches(candidates: Sequence[Candidate], of: Matched) -> list[matches_pb2.DuplicateMatch]:
    """Candidates as callers see them."""
    return [
        matches_pb2.DuplicateMatch(
            **{of.column: str(each.id)},
            score=each.match.score,
            reasons=[
                matches_pb2.MatchReason(field=why.field, method=why.method, contribution=why.contribution)
                for why in each.match.reasons
            ],
        )
        for each in candidates
    ]


def _refused(sure: Sequence[Candidate], place: int, name: str) -> AlreadyExists:
    return AlreadyExists(
        f"{name.upper()}_DUPLICATE",
        f"the {name} seems to be known already; with allow_duplicate it is created all the same",
        violations=(),
        **{f"{name}_ids": ",".join(str(each.id) for each in sure)},
        request=place,
    )
