"""Erasing a person, and the receipt of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from joserfc import jws

from rapport.contact.v1 import legal_holds_pb2
from rapport.contact.v1 import privacy_pb2 as pb
from rapport.contact.v1.events_pb2 import PersonErased
from rapport_contact.crypto.receipts import ReceiptSigner
from rapport_contact.domain.legal_hold import LegalHold
from rapport_contact.domain.person import Person
from rapport_contact.handlers.imports.sealing import forget_files_of
from rapport_contact.handlers.mentions import forget_mentions
from rapport_contact.settings import process_settings
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.auth.principal import Scope
from rapport_kit.uow import not_found


@cache
def signer() -> ReceiptSigner:
    """What signs the receipts of this installation."""
    return ReceiptSigner(process_settings().secrets("receipt_keys"))


async def erase(person_id: UUID, uow: ContactUnitOfWork) -> pb.ErasureReceipt:
    """Erase a person; of one who was erased before, the receipt again.

    What legal holds keep stays, at a record that says no more of the person; the receipt tells of it.

    Raises:
        NotFound: there is and was no such person within the caller's record scope.
    """
    person = await uow.people.find(person_id)
    if person is None:
        return await _receipt_of_before(person_id, uow)
    person_id = person.id
    aliases = await uow.merges.lock_aliases([person_id])
    emptied = await forget_mentions([person_id, *aliases], uow)  # before holds are read: a receipt says their reasons
    holds = await uow.legal_holds.in_force([person_id, *aliases])
    refusals = [_refusal(hold) for hold in holds]
    if holds and (done := await _done_before(person, refusals, uow)):
        return done
    await _tell(person, aliases, uow)
    digest, rows = await _forget(person_id, aliases, holds, uow)
    token = signer().sign(
        {
            "tenant_id": str(uow.tenant),
            "person_id": str(person_id),
            "erase_time": uow.now.isoformat(),
            "erased_by": str(uow.principal.subject),
            "erased_rows": dict(+(rows + emptied)),
            "key_digest": digest,
            "refusals": refusals,
        }
    )
    for each in (person_id, *aliases):
        await uow.erasures.keep(each, token)
    return receipt_of(token)


def claims_of(token: str) -> dict[str, Any]:
    """What a receipt of ours says."""
    claims: dict[str, Any] = orjson.loads(jws.extract_compact(token.encode()).payload)
    return claims


def receipt_of(token: str) -> pb.ErasureReceipt:
    """A receipt of ours with what it says beside it."""
    claims = claims_of(token)
    receipt = pb.ErasureReceipt(
        person_id=claims["person_id"],
        erased_by=claims["erased_by"],
        erased_rows=claims["erased_rows"],
        key_digest=claims["key_digest"],
        token=token,
    )
    receipt.erase_time.FromJsonString(claims["erase_time"])
    for each in claims.get("refusals", ()):
        kept = [legal_holds_pb2.HeldData.Value(f"HELD_DATA_{word.upper()}") for word in each["kept"]]
        said = receipt.refusals.add(legal_hold_id=each["legal_hold_id"], reason=each["reason"], kept=kept)
        if each["until_time"]:
            said.until_time.FromJsonString(each["until_time"])
    return receipt


async def _receipt_of_before(person_id: UUID, uow: ContactUnitOfWork) -> pb.ErasureReceipt:
    """The receipt of somebody who is gone, for who may see everybody: whose the record was, nobody knows any more."""
    kept = await uow.erasures.receipt(person_id) if uow.scope is Scope.ALL else None
    if kept is None:
        raise not_found(Person, person_id)
    return receipt_of(kept)


async def _tell(person: Person, aliases: Sequence[UUID], uow: ContactUnitOfWork) -> None:
    for each in (*aliases, person.id):
        fact = PersonErased(person_id=str(each))
        fact.erase_time.FromDatetime(uow.now)
        person.record(fact)
    await uow.flush()  # the fact is numbered under the lock of the row that goes now


async def _forget(
    person_id: UUID, aliases: Sequence[UUID], holds: Sequence[LegalHold], uow: ContactUnitOfWork
) -> tuple[str, Counter[str]]:
    """The digest of the key that was destroyed, and how many rows went, by table."""
    await forget_files_of([person_id, *aliases], uow)
    for each in (person_id, *aliases):
        await uow.merges.forget(each)
    digest = await uow.erasures.shred_key(person_id)
    held = {each for hold in holds for each in hold.kept}
    rows = Counter(await (uow.erasures.strip(person_id, aliases, held) if holds else uow.erasures.delete(person_id)))
    rows["subject_key"] += bool(digest)
    for each in aliases:  # whoever was merged into the person was the same one
        rows["subject_key"] += bool(await uow.erasures.shred_key(each))
    rows["person"] += len(aliases)
    return digest, rows


def _refusal(hold: LegalHold) -> dict[str, Any]:
    until = hold.until_time.isoformat() if hold.until_time else ""
    kept = sorted(each.value for each in hold.kept)
    return {"legal_hold_id": str(hold.id), "reason": hold.reason, "kept": kept, "until_time": until}


async def _done_before(
    person: Person, refusals: Sequence[dict[str, Any]], uow: ContactUnitOfWork
) -> pb.ErasureReceipt | None:
    """The receipt of an erasure that left what these holds keep, if nothing was done to the record since."""
    token = await uow.erasures.receipt(person.id)
    claims = claims_of(token) if token else {}
    if (
        token is None
        or claims.get("refusals") != refusals
        or datetime.fromisoformat(claims["erase_time"]) != person.update_time
    ):
        return None
    return receipt_of(token)
