"""The policies for duplicates, as every creation asks for them."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa

from rapport_contact.domain.match_policy import MatchMode, MatchPolicy
from rapport_contact.storage.lookups import TENANT
from rapport_contact.storage.tables import match_policy
from rapport_kit.remembered import Remembered
from rapport_kit.schema.prepared import Prepared
from rapport_kit.uow import UnitOfWork, tenant_predicate

SECONDS: Final = 1.0
"""For so long calls may go by the policy from before a change."""
_known: Final[Remembered[UUID, MatchPolicy]] = Remembered(SECONDS)


def _select() -> Prepared:
    table, mine = match_policy.c, tenant_predicate(match_policy, TENANT)
    texts = (sa.cast(column, sa.Text).label(column.name) for column in (table.mode, table.weights))
    columns = (table.version, table.review_score, table.block_score, *texts)
    return Prepared(sa.select(*columns).where(mine, table.id == TENANT))


_SELECT: Final = _select()


async def policy_of(uow: UnitOfWork) -> MatchPolicy:
    """The tenant's policy, to be read only; the shipped one until it has its own."""
    policy = _known.get(uow.tenant)
    if policy is None:
        policy = _stored(uow.tenant, await uow.first(_SELECT, tenant=uow.tenant))
        _known.put(uow.tenant, policy)
    return policy


def forget_policy(tenant: UUID) -> None:
    """Read a tenant's policy again: it is being changed."""
    _known.drop(tenant)


def _stored(tenant: UUID, row: Any) -> MatchPolicy:
    if row is None:
        return MatchPolicy(id=tenant)
    mode, weights = MatchMode(row["mode"]), orjson.loads(row["weights"])
    return MatchPolicy(id=tenant, **{**row, "mode": mode, "weights": weights})
