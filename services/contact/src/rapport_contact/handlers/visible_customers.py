"""Whether there is such a customer, and the caller may see it: asked here by whatever is about customers.

The answer is who that is now: an id of somebody who was merged leads to whom they became. A record keeps the id that
it was told of, which the database leads on (ADR 12); whoever looks something up goes by the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rapport_contact.domain.customer import AboutCustomer
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.errors import Invalid
from rapport_kit.uow import not_found

Customer = Person | Organisation
KINDS: Mapping[str, type[Customer]] = {"person_id": Person, "organisation_id": Organisation}


async def check_customers(
    kind: type[Customer],
    named: Mapping[str, UUID | None],
    uow: ContactUnitOfWork,
    *,
    part: bool = False,
    lock: bool = False,
) -> dict[str, UUID]:
    """Who the customers are that a request names, by the paths of its fields; empty ones are left out.

    `part`: what is written is a part of them (ADR 13); `lock` lets nobody else who asks so go on meanwhile.

    Raises:
        Invalid: there is no such customer, or none that the caller may see, or it is in the trash.
    """
    wanted = {path: id_ for path, id_ in named.items() if id_ is not None}
    seen = await uow.customers.visible(kind, set(wanted.values()), part=part, lock=lock)
    for path, id_ in wanted.items():
        if id_ not in seen:
            raise Invalid.field(path, "NOT_FOUND", f"names no {kind.__name__.lower()} that you can see")
    return {path: seen[id_] for path, id_ in wanted.items()}


async def check_person(
    path: str, person_id: UUID, uow: ContactUnitOfWork, *, part: bool = False, lock: bool = False
) -> UUID:
    """See `check_customers`, of one person."""
    return (await check_customers(Person, {path: person_id}, uow, part=part, lock=lock))[path]


async def check_about(record: AboutCustomer, uow: ContactUnitOfWork, *, field: str = "") -> dict[str, UUID]:
    """See `check_customers`, of whom a record is about, by the names of its fields.

    `field` is the record's name in the request; empty when its fields are those of the request itself.
    """
    about: dict[str, UUID] = {}
    for name, kind in KINDS.items():
        path = f"{field}.{name}" if field else name
        found = await check_customers(kind, {path: getattr(record, name)}, uow)
        if path in found:
            about[name] = found[path]
    return about


async def require_customer(
    kind: type[Customer],
    id_: UUID | str,
    uow: ContactUnitOfWork,
    *,
    part: bool = False,
    trash: bool = False,
    lock: bool = False,
) -> UUID:
    """Who the customer is that is asked about; `part`, `lock`: see `check_customers`. In the `trash` only if asked.

    Raises:
        NotFound: there is no such customer, or none that the caller may see.
    """
    asked = UUID(str(id_))
    seen = await uow.customers.visible(kind, {asked}, part=part, trash=trash, lock=lock)
    if asked not in seen:
        raise not_found(kind, id_)
    return seen[asked]


async def sees_any(record: Any, uow: ContactUnitOfWork) -> bool:
    """Whether the caller may see one of those whom a record is about, be it in the trash."""
    for name, kind in KINDS.items():
        id_ = getattr(record, name)
        if id_ is not None and await uow.customers.visible(kind, {id_}, trash=True):
            return True
    return False
