"""Notes on customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from rapport_contact.domain.customer import AboutCustomer
from rapport_kit.domain import Entity, OwnedByUser
from rapport_kit.errors import Invalid


class NoteVisibility(StrEnum):
    """Who may read a note, of those whose permissions and record scope let them."""

    PRIVATE = "private"
    TEAM = "team"
    ALL = "all"


@dataclass(kw_only=True, eq=False)
class Note(AboutCustomer, OwnedByUser, Entity):
    """A text in Markdown about a customer (CON-16); its owner is its author."""

    body: str
    mentions: list[UUID] = field(default_factory=list)
    visibility: NoteVisibility = NoteVisibility.ALL
    pinned: bool = False

    def settle(self) -> None:
        """Name each mentioned user once.

        Raises:
            Invalid: the note is about nobody.
        """
        self.require_customer()
        mentions = list(dict.fromkeys(self.mentions))
        if mentions != self.mentions:
            self.mentions = mentions

    def check_author(self) -> None:
        """Refuse a note that nobody could read.

        Raises:
            Invalid: it is kept for an author, or a team, that there is not: a service account has neither.
        """
        kept_for = {NoteVisibility.PRIVATE: self.owner_id, NoteVisibility.TEAM: self.team_id}
        if kept_for.get(self.visibility, self.id) is None:
            raise Invalid.field("note.visibility", "NO_READER", "the author is no user, or in no team, to keep it for")
