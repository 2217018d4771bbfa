"""What people and organisations are asked alike before they are written."""

from __future__ import annotations

from collections.abc import Iterable

from rapport.contact.v1 import channels_pb2
from rapport_contact.domain.record import ContactRecord
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.errors import Invalid


async def default_region(channels: Iterable[channels_pb2.Channel], uow: ContactUnitOfWork) -> dict[str, str]:
    """The country to read national phone numbers in; asked for only when there is such a number."""
    national = any(
        channel.HasField("phone") and not channel.phone.region and not channel.phone.number.lstrip().startswith("+")
        for channel in channels
    )
    return {"default_region": await uow.profile.region()} if national else {}


async def settle_owner(record: ContactRecord, uow: ContactUnitOfWork, *, field: str) -> None:
    """The team of a record is its owner's; nobody has to say it, and nobody can say it wrongly.

    Raises:
        Invalid: the owner is no active user of the tenant; `field` is the record's name in the request.
    """
    if record.owner_id is None:
        record.team_id = None
        return
    if record.owner_id == uow.principal.subject and uow.principal.kind == "user":
        record.team_id = uow.principal.team_id
        return
    known = await uow.colleagues.find(record.owner_id)
    if known is None or not known.active:
        raise Invalid.field(f"{field}.owner_id", "OWNER_UNKNOWN", "names no active user")
    record.team_id = known.team_id
