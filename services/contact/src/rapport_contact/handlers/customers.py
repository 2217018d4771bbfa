"""What records about customers are asked alike: is there such a customer, and may the caller see it?"""

from __future__ import annotations

from uuid import UUID

from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.errors import Invalid
from rapport_kit.uow import not_found


async def check_person(person_id: UUID | None, uow: ContactUnitOfWork, *, field: str) -> None:
    """Raises Invalid when the caller may see no such person; `field` is the path in the request."""
    await _check(Person, person_id, uow, field)


async def check_organisation(organisation_id: UUID | None, uow: ContactUnitOfWork, *, field: str) -> None:
    """Raises Invalid when the caller may see no such organisation; `field` is the path in the request."""
    await _check(Organisation, organisation_id, uow, field)


async def require_person(person_id: str, uow: ContactUnitOfWork) -> UUID:
    """The id of a person who is asked about; raises NotFound when the caller may see no such person."""
    seen = await uow.customers.visible(Person, {UUID(person_id)})
    if not seen:
        raise not_found(Person, person_id)
    return seen[UUID(person_id)]


async def require_organisation(organisation_id: str, uow: ContactUnitOfWork) -> UUID:
    """The id of an organisation that is asked about; raises NotFound when the caller may see no such organisation."""
    if not await uow.customers.visible(Organisation, {UUID(organisation_id)}):
        raise not_found(Organisation, organisation_id)
    return UUID(organisation_id)


async def _check(entity: type[Person | Organisation], id_: UUID | None, uow: ContactUnitOfWork, field: str) -> None:
    if id_ is not None and not await uow.customers.visible(entity, {id_}):
        raise Invalid.field(field, "NOT_FOUND", f"names no existing {entity.__name__.lower()}")
