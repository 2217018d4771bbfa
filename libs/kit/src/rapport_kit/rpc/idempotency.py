"""Once per request id (AIP-155): a repeat is answered as the first was, and changes nothing.

The record commits with the work. Duplicates that arrive while the first still runs hold no connection: they fail to
get an advisory lock, let go of theirs, and look again until their deadline. The unique key of the record stays the
last word: a duplicate that slips between a commit and our snapshot breaks on it and is run again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from google.protobuf.message import Message

from rapport_kit.errors import Invalid, Violation
from rapport_kit.privacy.answers import kept, repeated
from rapport_kit.schema.frame import Frame
from rapport_kit.schema.prepared import Prepared
from rapport_kit.schema.sets import Sink
from rapport_kit.uow import UnitOfWork, tenant_predicate

RETRY_AFTER = 0.02
"""Seconds after which a duplicate first looks again; the wait doubles up to `RETRY_CAP`."""
RETRY_CAP = 1.0
"""Waits double, so a duplicate waits at most as long again as the first took; and fifty cost little meanwhile."""


class KeyReused(Invalid):
    """The request id was used for another request (422 at the edge)."""

    def __init__(self) -> None:
        fault = Violation("request_id", "IDEMPOTENCY_KEY_REUSED", "was used for a different request")
        super().__init__(fault.reason, f"{fault.field}: {fault.message}", violations=[fault], field=fault.field)


class InProgress(Exception):
    """The first request with this id is still running."""


@dataclass(frozen=True, slots=True)
class RequestKey:
    """One request id of one caller, and the digest of everything that makes the request what it is."""

    id: str
    digest: bytes
    method: str

    @classmethod
    def of(cls, method: str, request: Message) -> RequestKey | None:
        """The key of `request`, or None when it carries no request id."""
        request_id: str = getattr(request, "request_id", "")
        if not request_id:
            return None
        content = method.encode() + b"\0" + request.SerializeToString(deterministic=True)
        return cls(request_id.lower(), hashlib.sha256(content).digest(), method)

    def lock(self, uow: UnitOfWork) -> int:
        """The advisory lock of this key: a signed 64-bit number."""
        content = uow.tenant.bytes + uow.principal.subject.bytes + self.id.encode()
        return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big", signed=True)


async def recall(uow: UnitOfWork, key: RequestKey, answer: type[Message]) -> bytes | None:
    """The stored answer to `key`, or None when this is the first request; the key is then held until the commit.

    `answer` is the type of message that it is.

    Raises:
        InProgress: another request with this key runs right now.
        KeyReused: the key was used for another request.
    """
    row = await _stored(uow.schema.frame).first(
        uow.connection, lock=key.lock(uow), tenant=uow.tenant, subject=uow.principal.subject, key=key.id
    )
    if row["digest"] is not None:
        if row["digest"] != key.digest:
            raise KeyReused
        return await repeated(row["response"], answer(), uow)
    if not row["locked"]:
        raise InProgress
    return None


async def remember(uow: UnitOfWork, key: RequestKey, answer: Message) -> None:
    """Store the answer with the work, when the unit of work ends."""
    record = {
        "tenant": uow.tenant,
        "subject": uow.principal.subject,
        "key": key.id,
        "method": key.method,
        "digest": key.digest,
        "response": await kept(answer, uow),
        "create_time": uow.now,
    }
    uow.waiting.add(_sink(uow.schema.frame), record)


@cache
def _sink(frame: Frame) -> Sink:
    return Sink(frame.request)


@cache
def _stored(frame: Frame) -> Prepared:
    """Take the lock of a key, and look for the answer to it."""
    table = frame.request
    mine = tenant_predicate(table, sa.bindparam("tenant", type_=sa.Uuid))
    caller = table.c.subject == sa.bindparam("subject", type_=sa.Uuid)
    stored = (
        sa.select(table.c.digest, table.c.response)
        .where(mine, caller, table.c.key == sa.bindparam("key", type_=sa.Text))
        .subquery()
    )
    lock = sa.func.pg_try_advisory_xact_lock(sa.bindparam("lock", type_=sa.BigInteger))
    locked = sa.select(lock.label("locked")).subquery()
    both = locked.outerjoin(stored, sa.true())
    return Prepared(sa.select(locked.c.locked, stored.c.digest, stored.c.response).select_from(both))
