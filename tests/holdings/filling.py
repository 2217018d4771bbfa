"""A tenant full of records, with callers."""

from __future__ import annotations

import secrets

from tests.callers import Suite
from tests.holdings.customers import fill_contact
from tests.holdings.harvest import harvest
from tests.holdings.held import Holdings
from tests.holdings.staff import fill_identity


async def fill(suite: Suite, name: str) -> Holdings:
    """Open a tenant with at least two records of every kind, and with callers of several roles."""
    tenant = await suite.open_tenant(name)
    held = Holdings(tenant, f"zq{secrets.token_hex(6)}", [tenant.admin])
    await fill_identity(held)
    await fill_contact(held)
    await harvest(held)
    team = held.ids["TeamService"][0]
    held.callers += [await tenant.user(role, team_id=team) for role in ("manager", "rep", "read_only")]
    held.callers.append(await tenant.service_account("integration"))
    held.further_ids.update(caller.id for caller in held.callers)
    return held
