"""Who of the stored people may be the ones at hand: four statements for any number of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa

from rapport_contact.domain.channel import Address
from rapport_contact.domain.match_policy import MatchMode, MatchPolicy
from rapport_contact.domain.matching.candidates import LARGEST_BLOCK, Candidate, pairs
from rapport_contact.domain.matching.features import Features, features_of, person_features
from rapport_contact.domain.person import Person
from rapport_contact.storage.match_keys import hidden_keys, keep_keys
from rapport_contact.storage.tables import match_key, match_policy, organisation, person, person_channel
from rapport_kit.domain import PartialDate
from rapport_kit.resources import resource_of
from rapport_kit.schema.prepared import Prepared
from rapport_kit.uow import UnitOfWork, tenant_predicate

MOST_COMPARED: Final = 10
"""Stored people that one is compared with: those that share most keys, and keys that fewest people have."""
MOST_SHOWN: Final = 20
EMPLOYER: Final = sa.func.coalesce(sa.func.nullif(organisation.c.legal_name, ""), organisation.c.display_name)
TENANT: Final = sa.bindparam("tenant", type_=sa.Uuid)


def _policy() -> Prepared:
    table, mine = match_policy.c, tenant_predicate(match_policy, TENANT)
    weights = sa.cast(table.weights, sa.Text).label("weights")
    columns = (
        table.version,
        sa.cast(table.mode, sa.Text).label("mode"),
        table.review_score,
        table.block_score,
        weights,
    )
    return Prepared(sa.select(*columns).where(mine, table.id == TENANT))


def _blocks() -> Prepared:
    asked = sa.func.unnest(sa.bindparam("keys", type_=sa.ARRAY(sa.Text))).table_valued("key").render_derived("asked")
    members = (
        sa.select(match_key.c.person_id)
        .where(tenant_predicate(match_key, TENANT), match_key.c.key == asked.c.key)
        .limit(sa.literal_column(str(LARGEST_BLOCK + 1)))
        .correlate(asked)
        .scalar_subquery()
    )
    return Prepared(sa.select(asked.c.key, sa.func.array(members, type_=sa.ARRAY(sa.Uuid))))


POLICY: Final = _policy()
BLOCKS: Final = _blocks()


@dataclass(frozen=True, slots=True)
class Matches:
    """For each person asked about, who it may be, the most likely first.

    `skipped` counts the keys that more than `LARGEST_BLOCK` people share, which were not followed.
    """

    candidates: list[list[Candidate]]
    skipped: int


class Matching:
    """The matcher over the stored people whom the caller may see; `found` keeps what was found of new people."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.found: dict[UUID, list[Candidate]] = {}
        self._policy: MatchPolicy | None = None

    async def policy(self) -> MatchPolicy:
        """The tenant's policy, to be read only; the shipped one until it has its own."""
        if self._policy is None:
            row = await self.uow.first(POLICY, tenant=self.uow.tenant)
            stored = (
                {} if row is None else {**row, "mode": MatchMode(row["mode"]), "weights": orjson.loads(row["weights"])}
            )
            self._policy = MatchPolicy(id=self.uow.tenant, **stored)
        return self._policy

    async def match(self, people: Sequence[Person]) -> Matches:
        """Compare people, stored or not, with those stored, and each with those before it."""
        employers = await self._employers({each.organisation_id for each in people if each.organisation_id})
        records = [
            person_features(each, employers.get(each.organisation_id, "") if each.organisation_id else "")
            for each in people
        ]
        keys = [hidden_keys(self.uow.tenant, record) for record in records]
        for each, own in zip(people, keys, strict=True):
            keep_keys(each, own)
        return await self._compare([each.id for each in people], records, keys, among_themselves=True)

    async def compare(self, ids: Sequence[UUID], records: Sequence[Features]) -> Matches:
        """Compare features with those stored; `ids` say whose they are."""
        keys = [hidden_keys(self.uow.tenant, record) for record in records]
        return await self._compare(ids, records, keys, among_themselves=False)

    async def _compare(
        self, ids: Sequence[UUID], records: Sequence[Features], keys: Sequence[list[str]], *, among_themselves: bool
    ) -> Matches:
        policy = await self.policy()
        model = policy.model
        near, skipped = await self._near(ids, keys)
        stored = await self.features({other for each in near for other in each})
        found: list[dict[UUID, Candidate]] = [{} for _ in ids]
        for place, others in enumerate(near):
            for who in others & stored.keys():
                found[place][who] = Candidate(who, model.compare(records[place], stored[who]))
        for (one, other), match in pairs(records, model, keys) if among_themselves else ():
            found[other].setdefault(ids[one], Candidate(ids[one], match))
        return Matches([_best(each.values(), policy.review_score) for each in found], skipped)

    async def features(self, ids: Collection[UUID]) -> dict[UUID, Features]:
        """The features of stored people whom the caller may see and who are not in the trash."""
        if not ids:
            return {}
        wanted = sa.any_(sa.literal(list(ids), sa.ARRAY(sa.Uuid)))
        statement = (
            sa.select(
                *(person.c.id, person.c.given_name, person.c.middle_name, person.c.family_name),
                *(person.c.display_name, person.c.sensitive, person.c.organisation_id, EMPLOYER.label("employer")),
            )
            .outerjoin(
                organisation,
                sa.and_(organisation.c.tenant == person.c.tenant, organisation.c.id == person.c.organisation_id),
            )
            .where(self.uow.visible(person), person.c.id == wanted, person.c.delete_time.is_(None))
        )
        rows = (await self.uow.connection.execute(statement)).all()
        channels = await self._channels([row.id for row in rows])
        births = await self._births(rows)
        return {row.id: _features(row, births.get(row.id), channels[row.id]) for row in rows}

    async def _births(self, rows: Sequence[Any]) -> dict[UUID, PartialDate | None]:
        """The dates of birth, which are stored encrypted."""
        resource = resource_of(Person)
        assert resource is not None, "people are a declared resource"
        found = [(resource.message(id=str(row.id)), row.sensitive) for row in rows if row.sensitive]
        await self.uow.privacy.reveal(resource, found)
        named = {UUID(message.id): resource.codec.values(message, ("birth_date",)) for message, _ in found}  # type: ignore[attr-defined]
        return {who: values["birth_date"] for who, values in named.items()}

    async def _near(self, ids: Sequence[UUID], keys: Sequence[list[str]]) -> tuple[list[set[UUID]], int]:
        """Who shares keys with each record, but the record itself; and how many keys were too common."""
        askers: dict[str, list[int]] = defaultdict(list)
        for place, own in enumerate(keys):
            for key in own:
                askers[key].append(place)
        shared: list[dict[UUID, float]] = [defaultdict(float) for _ in ids]
        skipped = 0
        for key, others in await self._blocks(list(askers)):
            if len(others) > LARGEST_BLOCK:
                skipped += 1
                continue
            for place in askers[key]:
                for other in others:
                    shared[place][other] += 1 / len(others)
        for place, id_ in enumerate(ids):
            shared[place].pop(id_, None)
        return [set(nlargest(MOST_COMPARED, each, key=lambda who: (each[who], who))) for each in shared], skipped

    async def _blocks(self, keys: list[str]) -> Sequence[Any]:
        """The people behind each key, one more than may be when there are too many."""
        if not keys:
            return []
        return await BLOCKS.all(self.uow.connection, keys=keys, tenant=self.uow.tenant)

    async def _channels(self, ids: list[UUID]) -> dict[UUID, list[tuple[Address, str]]]:
        table = person_channel.c
        statement = (
            sa.select(table.person_id, table.address, table.normalized)
            .where(
                tenant_predicate(person_channel, self.uow.tenant),
                table.person_id == sa.any_(sa.literal(ids, sa.ARRAY(sa.Uuid))),
                table.valid_to.is_(None),
            )
            .order_by(table.person_id, table.position)
        )
        found: dict[UUID, list[tuple[Address, str]]] = defaultdict(list)
        for row in await self.uow.connection.execute(statement):
            found[row.person_id].append((row.address, row.normalized))
        return found

    async def _employers(self, ids: Collection[UUID]) -> dict[UUID, str]:
        if not ids:
            return {}
        statement = sa.select(organisation.c.id, EMPLOYER).where(
            tenant_predicate(organisation, self.uow.tenant),
            organisation.c.id == sa.any_(sa.literal(list(ids), sa.ARRAY(sa.Uuid))),
        )
        return {row[0]: row[1] for row in await self.uow.connection.execute(statement)}


def _features(row: Any, birth: PartialDate | None, channels: Sequence[tuple[Address, str]]) -> Features:
    return features_of(
        given=f"{row.given_name} {row.middle_name}",
        family=row.family_name,
        display=row.display_name,
        birth=birth,
        employer=row.organisation_id,
        organisation=row.employer or "",
        channels=channels,
    )


def _best(candidates: Iterable[Candidate], threshold: float) -> list[Candidate]:
    likely = [each for each in candidates if each.match.score >= threshold]
    return sorted(likely, key=lambda each: (-each.match.score, each.person_id))[:MOST_SHOWN]
