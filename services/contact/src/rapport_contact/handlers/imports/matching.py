"""Which stored record, or which earlier row, a row of a file is about.

`match` decides for a whole batch at once: by external ids, then by e-mail addresses whose owner does not bear another
name, then by the score of the search for duplicates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from rapport_contact.domain.channel import EmailAddress
from rapport_contact.domain.match_policy import MatchMode
from rapport_contact.domain.membership import MemberKind
from rapport_contact.domain.person import Person
from rapport_contact.domain.record import ContactRecord
from rapport_contact.domain.words import fold
from rapport_contact.mapping.targets import ImportedResource
from rapport_contact.storage.imports import Holder
from rapport_contact.storage.matching import Matching
from rapport_contact.storage.repositories import ContactUnitOfWork


@dataclass(frozen=True, slots=True)
class Decision:
    """What a row is about: a stored record, or the row at a place before it in the batch; or neither.

    `answers_to`: external ids of the row that lead to the record already, its own and those of who was merged into it.
    """

    record_id: UUID | None = None
    earlier: int | None = None
    in_trash: bool = False
    answers_to: frozenset[tuple[str, str]] = frozenset()


NEW = Decision()
KINDS = {ImportedResource.PERSON: MemberKind.PEOPLE, ImportedResource.ORGANISATION: MemberKind.ORGANISATIONS}


async def match(
    batch: Sequence[ContactRecord], resource: ImportedResource, uow: ContactUnitOfWork, *, exact: bool
) -> list[Decision]:
    """A decision for each row of a batch, in its order; `exact` lets nothing but external ids make a match."""
    decisions = await _same(batch, resource, uow, by_email=not exact and resource is ImportedResource.PERSON)
    return decisions if exact else await _likely(batch, decisions, uow.matcher(KINDS[resource]))


async def _same(
    batch: Sequence[ContactRecord], resource: ImportedResource, uow: ContactUnitOfWork, *, by_email: bool
) -> list[Decision]:
    """What is exact: two questions to the database at most."""
    names = [_external(row) for row in batch]
    mails = [_mails(row) if by_email else [] for row in batch]
    all_names, all_mails = set(chain.from_iterable(names)), set(chain.from_iterable(mails))
    by_name = await uow.imports.by_external_ids(resource, all_names) if all_names else {}
    by_mail = await uow.imports.by_emails(all_mails) if all_mails else {}
    earlier: dict[object, int] = {}
    decisions: list[Decision] = []
    for place, (row, named, mailed) in enumerate(zip(batch, names, mails, strict=True)):
        decision = _stored(row, named, mailed, by_name, by_mail) or _earlier(row, named, mailed, batch, earlier)
        decisions.append(decision)
        if decision is NEW:
            for key in (*named, *mailed):
                earlier.setdefault(key, place)
    return decisions


async def _likely(
    batch: Sequence[ContactRecord], decisions: list[Decision], matching: Matching[Any, Any]
) -> list[Decision]:
    """What the others are all but certainly: at or above the score at which the tenant takes two records for one.

    Below it a row becomes a record, and the pair is found for review like that of any two.
    """
    policy = await matching.policy()
    if policy.mode is MatchMode.ALLOW:
        return decisions
    new = {row.id: place for place, row in enumerate(batch) if decisions[place] is NEW}
    found = await matching.match([batch[place] for place in new.values()], least=policy.block_score)
    decided = list(decisions)
    for place, candidates in zip(new.values(), found.candidates, strict=True):
        best = next(iter(candidates), None)
        if best is None:
            continue
        earlier = new.get(best.id)
        if earlier is None:
            decided[place] = Decision(best.id)
        else:
            decided[place] = decided[earlier] if decided[earlier] is not NEW else Decision(earlier=earlier)
    # A row that an exact match took for an earlier one goes with it, whoever that turned out to be.
    for place, decision in enumerate(decisions):
        if decision.earlier is not None and decided[decision.earlier] is not NEW:
            decided[place] = decided[decision.earlier]
    return decided


def _stored(
    row: ContactRecord,
    named: Sequence[tuple[str, str]],
    mailed: Sequence[str],
    by_name: dict[tuple[str, str], Holder],
    by_mail: dict[str, list[Holder]],
) -> Decision | None:
    for name in named:
        if (holder := by_name.get(name)) is not None:
            same_one = frozenset(each for each in named if (by := by_name.get(each)) and by.id == holder.id)
            return Decision(holder.id, in_trash=holder.deleted, answers_to=same_one)
    for mail in mailed:
        same = {each.id for each in by_mail.get(mail, ()) if _same_name(row, each.given_name, each.family_name)}
        if len(same) == 1:
            return Decision(same.pop())
    return None


def _earlier(
    row: ContactRecord,
    named: Sequence[tuple[str, str]],
    mailed: Sequence[str],
    batch: Sequence[ContactRecord],
    earlier: dict[object, int],
) -> Decision:
    for name in named:
        if name in earlier:
            return Decision(earlier=earlier[name])
    for mail in mailed:
        place = earlier.get(mail)
        other = batch[place] if place is not None else None
        if isinstance(other, Person) and _same_name(row, other.given_name, other.family_name):
            return Decision(earlier=place)
    return NEW


def _external(row: ContactRecord) -> list[tuple[str, str]]:
    return [(each.system, each.value) for each in row.external_ids]


def _mails(row: ContactRecord) -> list[str]:
    return [each.normalized for each in row.channels if isinstance(each.address, EmailAddress)]


def _same_name(row: ContactRecord, given_name: str, family_name: str) -> bool:
    """Whether the names do not contradict: families and colleagues share a mailbox."""
    if not isinstance(row, Person):
        return False
    pairs = ((row.given_name, given_name), (row.family_name, family_name))
    return all(not one or not other or fold(one) == fold(other) for one, other in pairs)
