"""What becomes of the account of a person whom contact has erased."""

from __future__ import annotations

from uuid import UUID

from rapport.contact.v1 import events_pb2
from rapport_identity.storage.repositories import IdentityUnitOfWork


async def person_erased(event: events_pb2.PersonErased, uow: IdentityUnitOfWork) -> None:
    """Forget whose accounts they were; whoever works with one works on."""
    for user in await uow.users.of_person(UUID(event.person_id)):
        user.person_id = None
