"""What contact does on identity's facts."""

from __future__ import annotations

from uuid import UUID

from rapport.identity.v1 import events_pb2
from rapport.identity.v1.users_pb2 import USER_STATE_ACTIVE
from rapport_contact.domain.membership import MemberKind
from rapport_contact.handlers.data_quality import look_again
from rapport_contact.handlers.duplicate_scans import EVERY, FOLLOW
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.jobs import schedule


async def user_changed(event: events_pb2.UserChanged, uow: ContactUnitOfWork) -> None:
    """Know who can own a record, which team that makes it, and when the owner's day begins."""
    user = event.user
    await uow.colleagues.remember(
        UUID(user.id),
        team_id=UUID(user.team_id) if user.team_id else None,
        active=user.state == USER_STATE_ACTIVE,
        time_zone=user.time_zone,
    )


async def tenant_changed(event: events_pb2.TenantChanged, uow: ContactUnitOfWork) -> None:
    """Know which country's phone numbers need no prefix, and when the tenant's day begins.

    The country is that of the tenant's locale, such as DE in de-DE. And let the jobs that follow its records begin.
    """
    subtags = event.tenant.locale.split("-")[1:]
    region = next((tag for tag in subtags if len(tag) == 2 and tag.isalpha()), "").upper()
    await uow.profile.remember(region, event.tenant.time_zone)
    for kind in MemberKind:
        await schedule(uow, FOLLOW, kind, uow.now + EVERY, every=EVERY)
    await look_again(uow)
