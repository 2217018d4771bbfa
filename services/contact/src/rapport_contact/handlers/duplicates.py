"""What can be done with pairs of people who may be one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from rapport.contact.v1 import duplicates_pb2 as pb
from rapport.contact.v1 import matches_pb2
from rapport_contact.domain.duplicate import DuplicateCandidate, DuplicateState
from rapport_contact.domain.matching.candidates import Candidate
from rapport_contact.handlers.duplicate_scans import SCAN_DUPLICATES
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid, Refused
from rapport_kit.jobs import schedule

DECISIONS = {
    pb.DUPLICATE_STATE_OPEN: DuplicateState.OPEN,
    pb.DUPLICATE_STATE_SAME: DuplicateState.SAME,
    pb.DUPLICATE_STATE_DIFFERENT: DuplicateState.DIFFERENT,
}


class Duplicates(Resource[DuplicateCandidate]):
    """DuplicateService."""

    serves = pb.DESCRIPTOR.services_by_name["DuplicateService"]
    entity = DuplicateCandidate
    message = pb.DuplicateCandidate
    default_order = "score desc"

    async def decide_duplicate(
        self, request: pb.DecideDuplicateRequest, uow: ContactUnitOfWork
    ) -> pb.DuplicateCandidate:
        """Remember what somebody says of a pair."""
        if request.state not in DECISIONS:
            raise Invalid.field("state", "INVALID_ENUM", "must be open, same or different")
        candidate = await uow.duplicates.get(request.id, etag=request.etag)
        if candidate.delete_time is not None:
            raise Refused("DUPLICATE_CANDIDATE_DELETED", "the two agree no more", id=candidate.id)
        candidate.decide(DECISIONS[request.state], uow.principal.subject, uow.now)
        await uow.settle()
        return uow.message(candidate)  # type: ignore[return-value]

    async def scan_duplicates(self, request: pb.ScanDuplicatesRequest, uow: ContactUnitOfWork) -> pb.DuplicateScan:
        """Have a job compare everybody, a slice at a time."""
        await uow.duplicates.lock()
        current = await uow.duplicate_scans.find()
        if current is None or not current.running:
            await uow.duplicate_scans.put(
                running=True, after=None, scanned=0, skipped_keys=0, start_time=uow.now, end_time=None
            )
            await schedule(uow, SCAN_DUPLICATES, "", uow.now)
        return await self.get_duplicate_scan(pb.GetDuplicateScanRequest(), uow)

    async def get_duplicate_scan(self, request: pb.GetDuplicateScanRequest, uow: ContactUnitOfWork) -> pb.DuplicateScan:
        """How far it is; all zero before the first."""
        found = await uow.duplicate_scans.find()
        return pb.DuplicateScan() if found is None else _scan(found)


def matches(candidates: list[Candidate]) -> list[matches_pb2.DuplicateMatch]:
    """Candidates as callers see them."""
    return [
        matches_pb2.DuplicateMatch(
            person_id=str(each.person_id),
            score=each.match.score,
            reasons=[
                matches_pb2.MatchReason(field=why.field, method=why.method, contribution=why.contribution)
                for why in each.match.reasons
            ],
        )
        for each in candidates
    ]


def _scan(row: sa.Row[Any]) -> pb.DuplicateScan:
    answer = pb.DuplicateScan(running=row.running, scanned=row.scanned, skipped_keys=row.skipped_keys)
    for name in ("start_time", "end_time"):
        if (time := getattr(row, name)) is not None:
            getattr(answer, name).FromDatetime(time)
    return answer
