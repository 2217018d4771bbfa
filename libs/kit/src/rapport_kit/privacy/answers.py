"""Answers that are kept to be repeated (AIP-155): without what is private, and that in a box for each record."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from rapport.api.v1 import privacy_pb2 as pb
from rapport_kit.annotations import is_map
from rapport_kit.privacy.classified import private_part, public_part, subject_field, subject_of
from rapport_kit.privacy.unattributed import holds_unattributed, put_back, without_unattributed

if TYPE_CHECKING:
    from rapport_kit.uow import UnitOfWork


@cache
def may_hold_records(descriptor: Descriptor) -> bool:
    """Whether answers of this type are, or hold, records about people."""
    return bool(subject_field(descriptor)) or any(
        wire.message_type is not None and not is_map(wire) and subject_field(wire.message_type)
        for wire in descriptor.fields
    )


async def kept(answer: Message, uow: UnitOfWork) -> bytes:
    """What is stored of an answer."""
    answer = without_unattributed(answer)
    if not may_hold_records(answer.DESCRIPTOR):
        return answer.SerializeToString()
    public = type(answer)()
    public.CopyFrom(answer)
    records = [(record, subject) for record in _records(public) if (subject := subject_of(record)) is not None]
    await uow.privacy.fetch({subject for _, subject in records}, to_write=True)
    parts = [_cut(record, subject, uow) for record, subject in records]
    return pb.SealedAnswer(public=public.SerializeToString(), parts=parts).SerializeToString()


async def repeated(stored: bytes, answer: Any, uow: UnitOfWork) -> bytes:
    """An answer of the type of `answer` again; what was private about people who have been erased is left out.

    What is kept in no answer is as the record has it now.
    """
    if not may_hold_records(answer.DESCRIPTOR):
        if not holds_unattributed(answer.DESCRIPTOR):
            return stored
        answer.ParseFromString(stored)
        await put_back(answer, uow)
        return bytes(answer.SerializeToString())
    sealed = pb.SealedAnswer.FromString(stored)
    answer.ParseFromString(sealed.public)
    await uow.privacy.fetch({UUID(part.subject_id) for part in sealed.parts if part.content})
    records = (record for record in _records(answer) if subject_of(record) is not None)
    for record, part in zip(records, sealed.parts, strict=True):
        subject = UUID(part.subject_id)
        key = uow.privacy.key(subject)
        if key is not None and part.content:
            record.MergeFromString(key.open(part.content, _bound(record.DESCRIPTOR, subject, uow.tenant)))
    await put_back(answer, uow)
    repeated: bytes = answer.SerializeToString()
    return repeated


def _cut(record: Message, subject: UUID, uow: UnitOfWork) -> pb.Sealed:
    """Take what is private out of `record`."""
    private = type(record)()
    private.CopyFrom(record)
    public_part(record.DESCRIPTOR).clear(private)
    private_part(record.DESCRIPTOR).clear(record)
    key = uow.privacy.key(subject)
    bound = _bound(record.DESCRIPTOR, subject, uow.tenant)
    return pb.Sealed(subject_id=str(subject), content=key.seal(private.SerializeToString(), bound) if key else b"")


def _records(answer: Message) -> Iterator[Any]:
    """The records about people in an answer: itself, or those in its fields, in their order."""
    if subject_field(answer.DESCRIPTOR):
        yield answer
        return
    for wire, value in answer.ListFields():
        if wire.message_type is not None and not is_map(wire) and subject_field(wire.message_type):
            yield from value if wire.is_repeated else [value]


def _bound(descriptor: Any, subject: UUID, tenant: UUID) -> bytes:
    name: str = descriptor.full_name
    return b"answer\0" + tenant.bytes + subject.bytes + name.encode()
