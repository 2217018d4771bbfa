"""The keys of subjects for services other than contact: request and reply over the broker, as with history (ADR 4).

What reads events reads those of every tenant and has no caller whose token it could show. Question and answer travel
in a box that only services of the installation can open, so that listening on the broker gives nobody a key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from uuid import UUID

import nats.errors
import structlog
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from google.protobuf.message import DecodeError
from nats.aio.client import Client
from nats.aio.msg import Msg
from sqlalchemy.exc import SQLAlchemyError

from rapport.api.v1 import privacy_pb2 as pb
from rapport_kit.bus.acting import service_principal
from rapport_kit.bus.faults import describe
from rapport_kit.database import Database
from rapport_kit.errors import DomainError, Refused, Unavailable
from rapport_kit.privacy.cache import Remembered
from rapport_kit.privacy.cipher import KEY_BYTES, Key, Unreadable
from rapport_kit.uow import UnitOfWork

KEEPER = "contact"
SUBJECT = f"rapport-subject-keys.{KEEPER}"
"""Outside `rapport.>`, so that no stream captures it."""
REPLY_TIMEOUT = 5.0
MOST = 1_000
"""Keys in one answer."""
_QUESTION, _ANSWER = b"question\0", b"answer\0"

log = structlog.get_logger(__name__)


def _unavailable() -> Unavailable:
    return Unavailable("SUBJECT_KEYS_UNAVAILABLE", "the keys of subjects cannot be asked for right now")


def box_between_services(secret: bytes) -> Key:
    """The key in which questions and answers travel, from a secret that all services of an installation share."""
    return Key(HKDF(SHA256(), KEY_BYTES, salt=None, info=b"rapport subject keys").derive(secret))


def knowing(unit_of_work: type[UnitOfWork], keys: RemoteSubjectKeys) -> type[UnitOfWork]:
    """The same unit of work, which asks `keys` for the keys of subjects."""
    return type(unit_of_work.__name__, (unit_of_work,), {"subject_keys": keys, "__doc__": unit_of_work.__doc__})


class RemoteSubjectKeys:
    """Asks contact, and remembers the answer for half a minute: so long does an erasure take to be true here."""

    def __init__(self, broker: Client, box: Key) -> None:
        self._broker = broker
        self._box = box
        self._known: Remembered[tuple[UUID, UUID], Key] = Remembered()

    async def make(self, uow: UnitOfWork, subjects: Collection[UUID]) -> Mapping[UUID, Key]:
        """Never: people are made in contact.

        Raises:
            Refused: always.
        """
        raise Refused("SUBJECTS_ARE_CONTACTS", f"people are made in {KEEPER} alone")

    async def find(self, uow: UnitOfWork, subjects: Collection[UUID], *, to_write: bool = False) -> Mapping[UUID, Key]:
        """See `SubjectKeys.find`; contact must know the people already.

        Raises:
            Unavailable: contact does not answer.
        """
        known = {subject: key for subject in subjects if (key := self._known.get((uow.tenant, subject))) is not None}
        unknown = [subject for subject in subjects if subject not in known]
        for start in range(0, len(unknown), MOST):
            for subject, key in (await self._ask(uow.tenant, unknown[start : start + MOST])).items():
                known[subject] = key
                self._known.put((uow.tenant, subject), key)
        return known

    async def index_key(self, uow: UnitOfWork) -> Key:
        """Never: only contact keeps sensitive fields that can be looked for.

        Raises:
            Refused: always.
        """
        raise Refused("INDEX_KEY_IS_CONTACTS", f"sensitive fields are looked for in {KEEPER} alone")

    def forget(self, tenant: UUID, subject: UUID) -> None:
        """Know a key no more, as its subject has been erased."""
        self._known.drop((tenant, subject))

    async def _ask(self, tenant: UUID, subjects: list[UUID]) -> dict[UUID, Key]:
        question = pb.ReadSubjectKeysRequest(tenant_id=str(tenant), subject_ids=[str(each) for each in subjects])
        sealed = self._box.seal(question.SerializeToString(), _QUESTION)
        try:
            reply = await self._broker.request(SUBJECT, sealed, timeout=REPLY_TIMEOUT)
            answer = pb.ReadSubjectKeysResponse.FromString(self._box.open(reply.data, _ANSWER + tenant.bytes))
        except (nats.errors.Error, OSError, TimeoutError, Unreadable) as error:
            raise _unavailable() from error
        if answer.unavailable:
            raise _unavailable()
        return {UUID(subject): Key(raw) for subject, raw in answer.keys.items()}


async def serve_subject_keys(broker: Client, database: Database, unit_of_work: type[UnitOfWork], box: Key) -> None:
    """Answer other services until cancelled; any process of contact may."""

    async def answer(message: Msg) -> None:
        try:
            question = pb.ReadSubjectKeysRequest.FromString(box.open(message.data, _QUESTION))
            tenant, subjects = UUID(question.tenant_id), [UUID(each) for each in question.subject_ids[:MOST]]
        except (Unreadable, DecodeError, ValueError):
            log.warning("foreign question for keys")
            return
        reply = await _reply(database, unit_of_work, tenant, subjects)
        await message.respond(box.seal(reply.SerializeToString(), _ANSWER + tenant.bytes))

    subscription = await broker.subscribe(SUBJECT, queue=KEEPER, cb=answer)
    try:
        await asyncio.Event().wait()
    finally:
        await subscription.unsubscribe()


async def _reply(
    database: Database, unit_of_work: type[UnitOfWork], tenant: UUID, subjects: list[UUID]
) -> pb.ReadSubjectKeysResponse:
    try:
        async with unit_of_work(database, service_principal(KEEPER, tenant)) as uow:
            keys = await uow.subject_keys.find(uow, subjects)
    except (SQLAlchemyError, DomainError, OSError, TimeoutError) as error:
        log.warning("keys not read", error=describe(error))
        return pb.ReadSubjectKeysResponse(unavailable=True)
    return pb.ReadSubjectKeysResponse(keys={str(subject): key.raw for subject, key in keys.items()})
