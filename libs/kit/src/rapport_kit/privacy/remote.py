"""The keys of subjects for services that keep none: request and reply over the broker, as with history (ADR 4).

What reads events reads those of every tenant and has no caller whose token it could show. Question and answer travel
in a box that only services of the installation can open, so that listening on the broker gives nobody a key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import nats.errors
import structlog
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from google.protobuf.message import DecodeError
from nats.aio.client import Client
from nats.aio.msg import Msg

from rapport.api.v1 import privacy_pb2 as pb
from rapport_kit.bus.acting import service_principal
from rapport_kit.bus.faults import describe
from rapport_kit.database import Database
from rapport_kit.database_errors import INTERRUPTIONS
from rapport_kit.errors import Refused, Unavailable
from rapport_kit.privacy.cipher import KEY_BYTES, Boxes, Key, Unreadable
from rapport_kit.privacy.keys import KEY_SECONDS
from rapport_kit.remembered import Remembered
from rapport_kit.uow import UnitOfWork

SUBJECT = "rapport-subject-keys"
"""Outside `rapport.>`, so that no stream captures it."""
REPLY_TIMEOUT = 5.0
MOST = 1_000
"""Keys in one answer."""
_QUESTION, _ANSWER = b"question\0", b"answer\0"

log = structlog.get_logger(__name__)


def _unavailable() -> Unavailable:
    return Unavailable("SUBJECT_KEYS_UNAVAILABLE", "the keys of subjects cannot be asked for right now")


def boxes_between_services(secrets: Sequence[bytes]) -> Boxes:
    """The keys in which questions and answers travel, from secrets that all services of an installation share."""
    derived = [HKDF(SHA256(), KEY_BYTES, salt=None, info=b"rapport subject keys").derive(each) for each in secrets]
    return Boxes([Key(raw) for raw in derived])


def knowing(unit_of_work: type[UnitOfWork], keys: RemoteSubjectKeys) -> type[UnitOfWork]:
    """The same unit of work, which asks `keys` for the keys of subjects."""
    return type(unit_of_work.__name__, (unit_of_work,), {"subject_keys": keys, "__doc__": unit_of_work.__doc__})


class RemoteSubjectKeys:
    """Asks the service that keeps them, and remembers the answers for as long as an erasure may take to be true."""

    def __init__(self, broker: Client, boxes: Boxes) -> None:
        self._broker = broker
        self._boxes = boxes
        self._known: Remembered[tuple[UUID, UUID], Key] = Remembered(KEY_SECONDS)

    async def make(self, uow: UnitOfWork, subjects: Collection[UUID]) -> Mapping[UUID, Key]:
        """Never: subjects are made where their keys are kept.

        Raises:
            Refused: always.
        """
        raise Refused("SUBJECTS_ARE_MADE_ELSEWHERE", "subjects are made by the service alone that keeps their keys")

    async def find(self, uow: UnitOfWork, subjects: Collection[UUID], *, to_write: bool = False) -> Mapping[UUID, Key]:
        """See `SubjectKeys.find`; the service that keeps the keys must know the subjects already.

        Raises:
            Unavailable: that service does not answer.
        """
        known = {subject: key for subject in subjects if (key := self._known.get((uow.tenant, subject))) is not None}
        unknown = [subject for subject in subjects if subject not in known]
        for start in range(0, len(unknown), MOST):
            for subject, key in (await self._ask(uow.tenant, unknown[start : start + MOST])).items():
                known[subject] = key
                self._known.put((uow.tenant, subject), key)
        return known

    async def index_key(self, uow: UnitOfWork) -> Key:
        """Never: sensitive fields can be looked for where the keys are kept alone.

        Raises:
            Refused: always.
        """
        raise Refused("INDEX_KEY_IS_ELSEWHERE", "sensitive fields can be looked for where the keys are kept alone")

    def remember(self, tenant: UUID, made: Mapping[UUID, Key]) -> None:
        """None is made here."""

    def forget(self, tenant: UUID, subject: UUID) -> None:
        """Know a key no more, as its subject has been erased."""
        self._known.drop((tenant, subject))

    async def _ask(self, tenant: UUID, subjects: list[UUID]) -> dict[UUID, Key]:
        question = pb.ReadSubjectKeysRequest(tenant_id=str(tenant), subject_ids=[str(each) for each in subjects])
        sealed = self._boxes.seal(question.SerializeToString(), _QUESTION)
        try:
            reply = await self._broker.request(SUBJECT, sealed, timeout=REPLY_TIMEOUT)
            answer = pb.ReadSubjectKeysResponse.FromString(self._boxes.open(reply.data, _ANSWER + tenant.bytes))
        except (nats.errors.Error, OSError, TimeoutError, Unreadable) as error:
            raise _unavailable() from error
        if answer.unavailable:
            raise _unavailable()
        return {UUID(subject): Key(raw) for subject, raw in answer.keys.items()}


async def serve_subject_keys(
    broker: Client, service: str, database: Database, unit_of_work: type[UnitOfWork], boxes: Boxes
) -> None:
    """Answer other services until cancelled; any process of `service`, which keeps the keys, may."""

    async def answer(message: Msg) -> None:
        try:
            question = pb.ReadSubjectKeysRequest.FromString(boxes.open(message.data, _QUESTION))
            tenant, subjects = UUID(question.tenant_id), [UUID(each) for each in question.subject_ids[:MOST]]
        except (Unreadable, DecodeError, ValueError):
            log.warning("foreign question for keys")
            return
        reply = await _reply(unit_of_work(database, service_principal(service, tenant)), subjects)
        await message.respond(boxes.seal(reply.SerializeToString(), _ANSWER + tenant.bytes))

    subscription = await broker.subscribe(SUBJECT, queue=service, cb=answer)
    try:
        await asyncio.Event().wait()
    finally:
        await subscription.unsubscribe()


async def _reply(uow: UnitOfWork, subjects: list[UUID]) -> pb.ReadSubjectKeysResponse:
    try:
        async with uow:
            keys = await uow.subject_keys.find(uow, subjects)
    except INTERRUPTIONS as error:
        log.warning("keys not read", error=describe(error))
        return pb.ReadSubjectKeysResponse(unavailable=True)
    return pb.ReadSubjectKeysResponse(keys={str(subject): key.raw for subject, key in keys.items()})
