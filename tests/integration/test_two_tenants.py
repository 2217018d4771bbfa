"""Whatever is called as whom, no tenant learns anything of another: two walls stand, and either alone is enough.

Every RPC that a department serves over gRPC is driven, also those that come later; the gateway's CustomerService asks
these with its caller's token, and test_customer_view asks it as another tenant. A request about another tenant's
records (their ids, names, mails, page tokens, request ids, etags) must be answered exactly like the same request about
records that do not exist, and no answer may hold an id or a text of another tenant. With both walls down the same
driver must find leaks.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from hypothesis import strategies as st

from rapport_kit.local.nats import NatsServer
from rapport_kit.rpc.access import access_of
from rapport_kit.service import installed
from rapport_kit.testing.stack import running_stack
from tests.attack import Attack, Broken, Leak, callers_for
from tests.callers import METHODS, Suite, suite_of
from tests.holdings import Holdings, fill
from tests.probes import drawn, requests
from tests.walls import without_application_predicate, without_row_level_security

EXAMPLES, MOST_EXAMPLES = 6, 40
"""Of each RPC; more only for one that was refused for its form each time."""
BOTH_WALLS, NO_RLS, NO_PREDICATE, NO_WALL = "both walls", "without RLS", "without predicate", "without any wall"
SHARED = {"rapport.identity.v1.RoleService.ListBuiltInRoles"}
"""What every tenant has alike."""
SINGLETONS = {
    "rapport.contact.v1.ContactSettingsService.GetContactSettings",
    "rapport.contact.v1.DuplicateService.GetDuplicateScan",
    "rapport.contact.v1.MatchPolicyService.GetMatchPolicy",
}
"""What a tenant has one of: a request names nothing, and the row is read by the tenant's own key."""
OWN = {
    "rapport.contact.v1.FavouriteService.GetFavourite",
    "rapport.contact.v1.FavouriteService.ListFavourites",
    "rapport.contact.v1.SavedViewService.GetSavedView",
    "rapport.contact.v1.SavedViewService.ListSavedViews",
}
"""What only its owner sees: a third wall."""
LATER = {
    "rapport.contact.v1.DataQualityService.ListOrganisationDataQualities",
    "rapport.contact.v1.DataQualityService.ListPersonDataQualities",
    "rapport.contact.v1.HandOverService.ListOrphanages",
}
"""What shows something only after a minute, or once a user has left."""


@dataclass
class Field:
    """Where the attacks take place. The tenants `a` and `b` attack one another; the bystander attacks nobody."""

    walls: str
    a: Holdings
    b: Holdings
    bystander: Holdings
    before: dict[str, str]
    reached: Counter[str] = field(default_factory=Counter)
    spent: dict[str, set[str]] = field(default_factory=dict)
    """The request ids that were sent, by the tenant that sent them."""
    leaking: set[str] = field(default_factory=set)

    def attack(self, backwards: bool, place: int, permission: str) -> Attack:
        """An attack by one of the callers of `a`, or of `b`."""
        mine, other = (self.b, self.a) if backwards else (self.a, self.b)
        callers = list(callers_for(permission, mine))
        spent = self.spent.setdefault(mine.tenant.id, set())
        return Attack(callers[place % len(callers)], mine, [other, self.bystander], self.reached, spent)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def fragile_suite(
    postgres: str, nats_factory: Callable[[], NatsServer], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Suite]:
    """A suite of its own, for its walls are taken down."""
    departments = [service for service in installed().values() if service.migrations]
    directory = tmp_path_factory.mktemp("s")
    async with (
        running_stack(departments, postgres=postgres, nats_url=nats_factory().url, directory=directory) as stack,
        suite_of(stack) as suite,
    ):
        yield suite


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bystander(fragile_suite: Suite) -> Holdings:
    """A tenant that is the same in all rounds: nothing is done in it, and the last round alone could do it harm."""
    return await fill(fragile_suite, "c")


# The order matters: without any wall, the tenants do each other real harm.
@pytest_asyncio.fixture(params=[BOTH_WALLS, NO_RLS, NO_PREDICATE, NO_WALL], scope="module", loop_scope="session")
async def ground(request: pytest.FixtureRequest, fragile_suite: Suite, bystander: Holdings) -> AsyncIterator[Field]:
    """Tenants full of records, two of them new, and the walls between them as they are in this round."""
    a, b = await asyncio.gather(fill(fragile_suite, "a"), fill(fragile_suite, "b"))
    before = await bystander.snapshot()
    async with AsyncExitStack() as down:
        if request.param in (NO_RLS, NO_WALL):
            await down.enter_async_context(without_row_level_security(fragile_suite.stack))
        if request.param in (NO_PREDICATE, NO_WALL):
            down.enter_context(without_application_predicate())
        yield Field(request.param, a, b, bystander, before)


READING = ("Get", "BatchGet", "List", "Search", "Find", "Check", "Choose", "Explain", "Resolve", "Download", "Preview")


def reads_first(name: str) -> bool:
    """The order: without walls, what changes and destroys leaves nothing behind that could be read."""
    return not METHODS[name].name.startswith(READING)


NAMES: list[str] = sorted(METHODS, key=reads_first)


@pytest.mark.parametrize("name", NAMES)
async def test_an_rpc_tells_nothing_of_another_tenant(ground: Field, name: str) -> None:
    method = METHODS[name]
    plans = st.tuples(st.booleans(), st.integers(0, 3) | st.just(0), requests(method), st.integers(0, 1))
    try:
        for examples in (EXAMPLES, MOST_EXAMPLES):
            for backwards, place, template, whose in drawn(plans, examples):
                attack = ground.attack(backwards, place, access_of(method).permission)
                await attack.run(method, template, attack.others[whose])
            if name in ground.reached or ground.walls == NO_WALL:
                break
    except Leak:
        if ground.walls != NO_WALL:
            raise
        ground.leaking.add(name)
    except Broken:  # tenants who have no wall between them break each other's records
        if ground.walls != NO_WALL:
            raise
    assert name in ground.reached or ground.walls == NO_WALL, "nothing that was sent got as far as the use case"


def test_only_without_any_wall_the_driver_finds_leaks(ground: Field) -> None:
    reading = {
        name
        for name, method in METHODS.items()
        if access_of(method).permission and method.name.startswith(("Get", "BatchGet", "List"))
    }
    if ground.walls == NO_WALL:
        assert reading - SHARED - SINGLETONS - OWN - LATER - ground.leaking == set()
    else:
        assert ground.leaking == set()


async def test_nothing_of_a_bystander_changed(ground: Field) -> None:
    if ground.walls != NO_WALL:
        assert await ground.bystander.snapshot() == ground.before
