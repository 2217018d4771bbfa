"""What jobs do for whoever asked for it: their events name that user, and wait behind what people do meanwhile."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.cause import Cause, Lane
from rapport_kit.jobs import Tick


def act_for(user_id: UUID | None, job: UUID | str, tick: Tick, uow: ContactUnitOfWork) -> None:
    """Have everything in this unit of work signed by a user, as a part of `job`, with its events in the bulk lane."""
    uow.principal = replace(uow.principal, on_behalf_of=user_id)
    uow.cause = Cause(job=str(job), traceparent=tick.traceparent, lane=Lane.BULK)
