"""Sensitive fields on their way between an aggregate, or its message, and its row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from google.protobuf.message import Message

from rapport_kit.domain import Entity
from rapport_kit.errors import Invalid
from rapport_kit.privacy.at_rest import BOX, AtRest, open_row, seal_row, subject_of_row
from rapport_kit.resources import ResourceType, resource_of

if TYPE_CHECKING:
    from rapport_kit.uow import UnitOfWork

_STORED = "_sensitive_values"
"""What the box of an aggregate holds, kept beside it to see whether that changed."""


async def reveal(resource: ResourceType[Any], found: Sequence[tuple[Any, bytes]], uow: UnitOfWork) -> None:
    """Put the sensitive fields into messages from their rows' boxes; who has been erased has none any more."""
    await uow.privacy.fetch({subject_of_row(box) for _, box in found})
    for message, box in found:
        key = uow.privacy.key(subject_of_row(box))
        if key is not None:
            message.MergeFromString(open_row(box, key, _bound(resource, uow.tenant, UUID(message.id))))


async def load(entity: Entity, uow: UnitOfWork) -> None:
    """Give an aggregate that was loaded its sensitive fields."""
    at_rest = uow.schema.at_rest(type(entity))
    if not at_rest.names or _STORED in vars(entity):
        return
    resource, message = _resource(entity), at_rest.contract(id=str(entity.id))
    box: bytes | None = getattr(entity, BOX)
    if box is not None:
        await reveal(resource, [(message, box)], uow)
    vars(entity).update(resource.codec.values(message, at_rest.names))
    vars(entity)[_STORED] = at_rest.values(entity)


async def store_new(entity: Entity, state: Message, uow: UnitOfWork) -> None:
    """Give a new aggregate the box that is to be written with it."""
    at_rest = uow.schema.at_rest(type(entity))
    if at_rest.names:
        vars(entity).update(await _boxed(entity, state, at_rest, uow))
        vars(entity)[_STORED] = at_rest.values(entity)


async def store_changed(entity: Entity, uow: UnitOfWork) -> None:
    """Give an aggregate another box if what it holds was changed; the row is then written as for any change."""
    at_rest = uow.schema.at_rest(type(entity))
    if not at_rest.names:
        return
    values = at_rest.values(entity)
    if values != vars(entity)[_STORED]:
        state = _resource(entity).codec.to_message(entity)
        for attribute, value in (await _boxed(entity, state, at_rest, uow)).items():
            setattr(entity, attribute, value)
        vars(entity)[_STORED] = values


async def _boxed(entity: Entity, state: Message, at_rest: AtRest, uow: UnitOfWork) -> dict[str, bytes | None]:
    """The values of the columns in which the sensitive fields are stored."""
    attributes: dict[str, bytes | None] = dict.fromkeys(at_rest.attributes)
    if not (content := at_rest.content(state)):
        return attributes
    subject: UUID | None = getattr(entity, at_rest.subject)
    if subject is None:
        raise Invalid.field(at_rest.subject, "REQUIRED", "must be set where something sensitive is")
    await uow.privacy.fetch([subject], to_write=True)
    key = uow.privacy.key(subject)
    if key is None:
        raise Invalid.field(at_rest.subject, "ERASED", "names somebody who has been erased")
    attributes[BOX] = seal_row(content, subject, key, _bound(_resource(entity), uow.tenant, entity.id))
    if at_rest.looked_for:
        attributes |= at_rest.terms(state, await uow.subject_keys.index_key(uow))
    return attributes


def _resource(entity: Entity) -> ResourceType[Any]:
    resource = resource_of(type(entity))
    assert resource is not None, f"{type(entity).__name__} has a contract, so it is a declared resource"
    return resource


def _bound(resource: ResourceType[Any], tenant: UUID, id: UUID) -> bytes:  # noqa: A002 - the field's name
    return tenant.bytes + id.bytes + resource.name.encode()
