"""What of the stored records may be the ones at hand: a few statements for any number of them, for each kind alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, ClassVar, Final, Generic, TypeVar, get_args
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.selectable import LateralFromClause

from rapport_contact.domain.channel import Address, PostalAddress
from rapport_contact.domain.duplicate import Pair
from rapport_contact.domain.match_policy import MatchPolicy
from rapport_contact.domain.matching.candidates import LARGEST_BLOCK, Candidate, pairs
from rapport_contact.domain.matching.features import Reached
from rapport_contact.domain.matching.model import Match, Model
from rapport_contact.domain.membership import MemberKind
from rapport_contact.domain.record import ContactRecord
from rapport_contact.storage.lookups import TENANT, keys, of_each
from rapport_contact.storage.match_keys import hidden_keys, keep_keys
from rapport_contact.storage.match_policies import policy_of
from rapport_kit.auth.permissions import record_scope
from rapport_kit.schema.prepared import Prepared
from rapport_kit.turns import turn
from rapport_kit.uow import UnitOfWork, tenant_predicate

MOST_COMPARED: Final = 10
"""Stored records that one is compared with: those that share most keys, and keys that fewest have."""
MOST_SHOWN: Final = 20
ASKED: Final = keys(sa.Uuid(), "ids")
"""The records whose features are wanted."""
R = TypeVar("R", bound=ContactRecord)
F = TypeVar("F")
_KINDS: Final[dict[str, type[Address]]] = {kind.__name__: kind for kind in get_args(Address)}
"""By the names under which addresses are kept as JSON."""
DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, eq=False)
class Matched:
    """Where the records of a kind are kept, their channels, keys and pairs; `column` names such a record there."""

    kind: MemberKind
    records: sa.Table
    channels: sa.Table
    keys: sa.Table
    pairs: type[Pair]
    column: str

    @property
    def names(self) -> tuple[str, str]:
        """The columns that name the two of a pair, the one with the smaller id first."""
        return self.column, f"other_{self.column}"

    @cached_property
    def blocks(self) -> Prepared:
        """The records behind each of some keys; none for a key that too many have."""
        asked = keys(sa.Text(), "keys")
        members = (
            sa.select(self.keys.c[self.column])
            .where(tenant_predicate(self.keys, TENANT), self.keys.c.key == asked.c["keys"])
            .limit(sa.literal_column(str(LARGEST_BLOCK + 1)))
            .correlate(asked)
            .scalar_subquery()
        )
        block = of_each(sa.select(sa.func.array(members, type_=sa.ARRAY(sa.Uuid)).label("members")), "block")
        few = sa.func.cardinality(block.c.members) <= sa.literal_column(str(LARGEST_BLOCK))
        return Prepared(
            sa.select(asked.c["keys"], sa.case((few, block.c.members))).select_from(asked.join(block, sa.true()))
        )

    @cached_property
    def addresses(self) -> Prepared:
        """The channels of some records that are still true, each record's in their order."""
        table, asked = self.channels.c, keys(sa.Uuid(), "owners")
        theirs = of_each(
            sa.select(table.position, sa.cast(table.address, sa.Text).label("address"), table.normalized).where(
                tenant_predicate(self.channels, TENANT), table[self.column] == asked.c.owners, table.valid_to.is_(None)
            ),
            "theirs",
        )
        columns = (asked.c.owners.label("owner"), theirs.c.address, theirs.c.normalized)
        return Prepared(
            sa.select(*columns).select_from(asked.join(theirs, sa.true())).order_by(asked.c.owners, theirs.c.position)
        )


@dataclass(frozen=True, slots=True)
class Matches:
    """For each record asked about, which it may be, the most likely first.

    `skipped` counts the keys that more than `LARGEST_BLOCK` records share, which were not followed.
    """

    candidates: list[list[Candidate]]
    skipped: int


class Matching(ABC, Generic[R, F]):
    """The matcher over the stored records of a kind, `R`, that the caller may see; it compares them as `F`.

    `found` keeps what was found of new records.
    """

    of: ClassVar[Matched]
    model: ClassVar[type[Model[Any]]]

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.found: dict[UUID, list[Candidate]] = {}
        self._policy: MatchPolicy | None = None

    @abstractmethod
    async def described(self, records: Sequence[R]) -> list[F]:
        """The features of records at hand, stored or not."""

    @abstractmethod
    async def features(self, ids: Collection[UUID], *, unseen: bool = False) -> dict[UUID, F]:
        """The features of stored records that are not in the trash; `unseen` ones too, or those the caller may see."""

    async def policy(self) -> MatchPolicy:
        """The tenant's policy; the same one all along."""
        if self._policy is None:
            self._policy = await policy_of(self.uow)
        return self._policy

    async def match(self, records: Sequence[R], *, least: float | None = None) -> Matches:
        """Compare records, stored or not, with those stored, and each with those before it.

        Found are those that score `least`, or what the tenant wants to review.
        """
        described = await self.described(records)
        keys: list[list[str]] = []
        for record, features in zip(records, described, strict=True):
            keys += self._keys([features])
            keep_keys(record, keys[-1])
            await turn()
        ids = [each.id for each in records]
        return await self._compare(ids, described, keys, least, among_themselves=True)

    async def compare(self, known: Mapping[UUID, F], keys: Mapping[UUID, list[str]]) -> Matches:
        """Compare stored records with all that are; `keys` are theirs, see `keys`."""
        own = [keys[each] for each in known]
        return await self._compare(list(known), list(known.values()), own, None, among_themselves=False)

    async def _compare(
        self,
        ids: Sequence[UUID],
        records: Sequence[F],
        keys: Sequence[list[str]],
        least: float | None,
        *,
        among_themselves: bool,
    ) -> Matches:
        policy = await self.policy()
        least = policy.review_score if least is None else least
        model: Model[F] = self.model(dict(policy.weights))
        near, skipped = await self._near(ids, keys)
        # In the order in which they were made, neighbours share pages, and the server finds them in three quarters of
        # the time.
        stored = await self.features(sorted({other for each in near for other in each}))
        found: list[dict[UUID, Candidate]] = [{} for _ in ids]
        for place, others in enumerate(near):
            for who in others:
                features = stored.get(who)
                if features is not None and (likely := model.likely(records[place], features, least)) is not None:
                    found[place][who] = Candidate(who, likely)
            await turn()
        for (one, other), match in pairs(records, model, keys, least) if among_themselves else ():
            found[other].setdefault(ids[one], Candidate(ids[one], match))
        return Matches([_best(each.values()) for each in found], skipped)

    async def weigh(
        self, pairs: Iterable[tuple[UUID, UUID]], known: Mapping[UUID, F]
    ) -> dict[tuple[UUID, UUID], Match]:
        """What each of some pairs among the `known` records comes to."""
        model: Model[F] = self.model(dict((await self.policy()).weights))
        return {(one, other): model.compare(known[one], known[other]) for one, other in pairs}

    def keys(self, known: Mapping[UUID, F]) -> dict[UUID, list[str]]:
        """The keys of records as they are to be stored."""
        return dict(zip(known, self._keys(list(known.values())), strict=True))

    def _keys(self, records: Sequence[F]) -> list[list[str]]:
        model: Model[F] = self.model()
        return [hidden_keys(self.uow.tenant, model.keys(each)) for each in records]

    async def channels(self, ids: Collection[UUID]) -> dict[UUID, list[Reached]]:
        """The channels of records that are still true, in their order."""
        found: dict[UUID, list[Reached]] = defaultdict(list)
        column = self.of.channels.c.address
        rows = await self.of.addresses.all(self.uow.connection, owners=list(ids), tenant=self.uow.tenant)
        for owner, stored, normalized in rows:
            address = orjson.loads(stored)
            kind = _KINDS[next(iter(address))]
            found[owner].append(Reached(kind, normalized, _value(column, address) if kind is PostalAddress else None))
        return found

    async def known(self, ids: Collection[UUID], *, unseen: bool) -> Sequence[Any]:
        """What `reading` reads, by the names of its columns; `unseen` records too, or those the caller may see."""
        within = None if unseen else record_scope(self.uow.principal, self.uow.scope, self.of.records)
        asked = {"ids": list(ids), "tenant": self.uow.tenant}
        if within is None:
            return await self._reading_any().all(self.uow.connection, **asked)
        found = await self.uow.connection.execute(self.reading(within), asked)
        return list(found.mappings())

    @classmethod
    @abstractmethod
    def reading(cls, within: sa.ColumnElement[bool]) -> sa.Select[Any]:
        """Reads what features are made of, without a converter, of those of `ASKED` that are `within`."""

    @classmethod
    @cache
    def _reading_any(cls) -> Prepared:
        """Put together once: nearly everybody may see all records, and is made to wait for it with each new one."""
        return Prepared(cls.reading(sa.true()))

    @classmethod
    def live(cls, columns: Iterable[sa.ColumnElement[Any]], within: sa.ColumnElement[bool]) -> LateralFromClause:
        """For each of `ASKED`, the record if it is `within` and not in the trash."""
        table = cls.of.records
        mine = tenant_predicate(table, TENANT)
        return of_each(
            sa.select(*columns).where(mine, within, table.c.id == ASKED.c.ids, table.c.delete_time.is_(None)), "live"
        )

    async def _near(self, ids: Sequence[UUID], keys: Sequence[list[str]]) -> tuple[list[set[UUID]], int]:
        """Who shares keys with each record, but the record itself; and how many keys were too common."""
        askers: dict[str, list[int]] = defaultdict(list)
        for place, own in enumerate(keys):
            for key in own:
                askers[key].append(place)
        shared: list[dict[UUID, float]] = [defaultdict(float) for _ in ids]
        skipped = 0
        for key, others in await self._blocks(list(askers)):
            if others is None:
                skipped += 1
                continue
            weight = 1 / max(len(others), 1)
            for near in map(shared.__getitem__, askers[key]):
                for other in others:
                    near[other] += weight
        for place, id_ in enumerate(ids):
            shared[place].pop(id_, None)
        return [_nearest(each) for each in shared], skipped

    async def _blocks(self, keys: list[str]) -> Sequence[Any]:
        """See `Matched.blocks`."""
        if not keys:
            return []
        return await self.of.blocks.all(self.uow.connection, keys=keys, tenant=self.uow.tenant)


def read(column: sa.ColumnElement[Any], text: str) -> Any:
    """What the JSON in a column stands for, which a `Prepared` statement gives as text."""
    return _value(column, orjson.loads(text))


def _value(column: sa.ColumnElement[Any], stored: Any) -> Any:
    return column.type.process_result_value(stored, DIALECT)  # type: ignore[attr-defined]


def _nearest(shared: Mapping[UUID, float]) -> set[UUID]:
    if len(shared) <= MOST_COMPARED:
        return set(shared)
    nearest = sorted(zip(shared.values(), shared, strict=True), reverse=True)[:MOST_COMPARED]
    return {who for _, who in nearest}


def _best(likely: Iterable[Candidate]) -> list[Candidate]:
    return sorted(likely, key=lambda each: (-each.match.score, each.id))[:MOST_SHOWN]
