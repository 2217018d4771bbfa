"""What can be done with notes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rapport.contact.v1 import notes_pb2 as pb
from rapport_contact.domain.note import Note
from rapport_contact.handlers.visible_customers import check_about
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid

MOST = 50
"""Notes on a page: each may take 400 kB."""


class Notes(Resource[Note]):
    """NoteService."""

    serves = pb.DESCRIPTOR.services_by_name["NoteService"]
    entity = Note
    message = pb.Note

    async def admit(self, entity: Note, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """The customer and whom the text speaks to must exist, and the author stays who it is."""
        if "person_id" in changed:
            await check_about(entity, uow, field="note")
        if "mentions" in changed:
            await self._check_mentions(entity, uow)
        if "visibility" in changed:
            entity.check_author()

    async def list_notes(self, request: pb.ListNotesRequest, uow: ContactUnitOfWork) -> Any:
        """A page of notes, in which there are fewer than of other records."""
        if request.page_size >= 0:
            request.page_size = min(request.page_size or MOST, MOST)
        return await self.page(request, uow)

    async def _check_mentions(self, note: Note, uow: ContactUnitOfWork) -> None:
        known = await uow.colleagues.known(note.mentions)
        for index, user_id in enumerate(note.mentions):
            if user_id not in known and user_id != uow.principal.subject:
                raise Invalid.field(f"note.mentions[{index}]", "USER_UNKNOWN", "names no user")
