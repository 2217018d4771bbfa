"""What can be done with people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import cast
from uuid import UUID

from rapport.contact.v1 import people_pb2 as pb
from rapport.contact.v1.privacy_pb2 import ErasureReceipt
from rapport_contact.domain.lifecycle import moved_by_edit
from rapport_contact.domain.person import Person, full_name
from rapport_contact.domain.words import words_of
from rapport_contact.handlers.admission import default_region, foresee_owners, settle_owner
from rapport_contact.handlers.duplicates import look_for_described, look_for_known, with_found
from rapport_contact.handlers.erasure import erase
from rapport_contact.handlers.milestones import check_birthday, keep_birthday
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid
from rapport_kit.query.listing import page_size

FOUND = 20
MOST_FOUND = 100
NAMES = {"name_prefix", "given_name", "middle_name", "family_name", "name_suffix"}


class People(Resource[Person]):
    """PersonService."""

    serves = pb.DESCRIPTOR.services_by_name["PersonService"]
    entity = Person
    message = pb.Person
    computed = ("duplicate_candidates",)

    async def foresee(self, messages: Sequence[pb.Person], uow: ContactUnitOfWork) -> None:
        """See `foresee_owners`."""
        await foresee_owners(messages, uow)

    async def context(self, message: pb.Person, uow: ContactUnitOfWork) -> dict[str, str]:
        """See `default_region`."""
        return await default_region(message.channels, uow)

    async def admit(self, entity: Person, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """See `settle_owner`. A display name that was made of the other names follows them; a new stage is a move.

        The birthday follows the birth date.
        """
        if "owner_id" in changed:
            await settle_owner(entity, uow, field="person")
        if not NAMES.isdisjoint(changed) and "display_name" not in changed:
            entity.follow_name(full_name(cast(pb.Person, uow.message(entity))))
        if "birth_date" in changed:
            check_birthday(entity, uow.now)
        if entity.version:
            self._enter_move(entity, uow)
            if "birth_date" in changed:
                await keep_birthday(entity, uow)

    async def enter(self, entity: Person, uow: ContactUnitOfWork) -> None:
        """Take in a new person, with a birthday if there is one."""
        await super().enter(entity, uow)
        if entity.birth_date:
            await keep_birthday(entity, uow)

    async def admit_new(
        self, entities: Sequence[Person], requests: Sequence[pb.CreatePersonRequest], uow: ContactUnitOfWork
    ) -> None:
        """See `look_for_known`."""
        await look_for_known(entities, requests, uow.matching, "person")

    def answer(self, entity: Person, uow: ContactUnitOfWork) -> pb.Person:
        """The person, and whom it may be."""
        return with_found(cast(pb.Person, super().answer(entity, uow)), entity, uow.matching)

    async def find_duplicates(
        self, request: pb.FindDuplicatesRequest, uow: ContactUnitOfWork
    ) -> pb.FindDuplicatesResponse:
        """See `look_for_described`."""
        likely, skipped = await look_for_described(self, request.person, "person", uow.matching, uow)
        return pb.FindDuplicatesResponse(duplicate_candidates=likely, skipped_keys=skipped)

    async def erase_person(self, request: pb.ErasePersonRequest, uow: ContactUnitOfWork) -> ErasureReceipt:
        """Erase a person for good; see `erase`."""
        return await erase(UUID(request.id), uow)

    async def search_people(self, request: pb.SearchPeopleRequest, uow: ContactUnitOfWork) -> pb.SearchPeopleResponse:
        """Find people by the beginnings of words of their name, e-mail, phone and company."""
        words = words_of(request.query)
        if not words:
            raise Invalid.field("query", "NO_WORDS", "has no letter or digit to search for")
        most = min(page_size(request.page_size or FOUND), MOST_FOUND)
        ids = await uow.people.search(words, most)
        return pb.SearchPeopleResponse(people=await self.reader(uow).in_order(uow, ids))

    def _enter_move(self, person: Person, uow: ContactUnitOfWork) -> None:
        """Whoever changes the stage of a record as a whole moves the person, too."""
        before = self.resource.codec.values(uow.message(person), ("lifecycle_stage",))["lifecycle_stage"]
        if before is not person.lifecycle_stage:
            uow.lifecycle_moves.enter(moved_by_edit(person, before))
