"""What records are asked alike before they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from rapport.contact.v1 import channels_pb2, organisations_pb2, people_pb2
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.domain import OwnedByUser
from rapport_kit.errors import Invalid

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def default_region(channels: Iterable[channels_pb2.Channel], uow: ContactUnitOfWork) -> dict[str, str]:
    """The country to read national phone numbers in; asked for only when there is such a number."""
    return {"default_region": await uow.profile.region()} if is_read_in_region(channels) else {}


def is_read_in_region(channels: Iterable[channels_pb2.Channel]) -> bool:
    """Whether one of them is a national phone number, and no country is said with it."""
    return any(
        channel.HasField("phone") and not channel.phone.region and not channel.phone.number.lstrip().startswith("+")
        for channel in channels
    )


async def foresee_owners(
    messages: Iterable[people_pb2.Person | organisations_pb2.Organisation], uow: ContactUnitOfWork
) -> None:
    """Learn of all who are to own one of `messages` with one question."""
    owners = {UUID(message.owner_id) for message in messages if _UUID.fullmatch(message.owner_id)}
    if len(owners) > 1:
        await uow.colleagues.learn(owners)


async def settle_owner(record: OwnedByUser, uow: ContactUnitOfWork, *, field: str) -> None:
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
    known = await uow.colleagues.active(record.owner_id)
    if known is None:
        raise Invalid.field(f"{field}.owner_id", "OWNER_UNKNOWN", "names no active user")
    record.team_id = known.team_id
