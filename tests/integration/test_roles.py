"""The built-in roles decide who may call what, and record scopes which records a caller may see and change."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import pytest
import pytest_asyncio
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message_factory import GetMessageClass

from rapport.contact.v1 import people_pb2 as pb
from rapport.identity.v1 import business_units_pb2, roles_pb2, teams_pb2
from rapport_identity.domain.built_in_roles import ROLES
from rapport_kit.auth.principal import BY_NAME
from rapport_kit.errors import DomainError, Invalid, NotFound
from rapport_kit.rpc.access import access_of
from tests.callers import METHODS, Caller, Suite, Tenant
from tests.eventually import eventually

SYSTEMS = ("integration", "provisioning")
EVERYBODY = ("admin", "manager", "rep", "marketer", "agent", "analyst", "read_only")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def holders(tenant: Tenant) -> dict[str, Caller]:
    """One caller for each built-in role."""
    callers = {role: await tenant.user(role) for role in EVERYBODY}
    return callers | {role: await tenant.service_account(role) for role in SYSTEMS}


def test_every_built_in_role_is_tried() -> None:
    assert {*EVERYBODY, *SYSTEMS} == set(ROLES)


@pytest.mark.parametrize("role", [*EVERYBODY, *SYSTEMS, "operator", "nobody"])
async def test_a_role_may_call_what_its_grants_cover_and_nothing_else(
    role: str, holders: dict[str, Caller], suite: Suite
) -> None:
    caller = holders.get(role) or (suite.operator if role == "operator" else suite.anybody)
    grants = [grant.permission for grant in ROLES[role].grants] if role in ROLES else []
    patterns = grants if role != "operator" else ["identity.tenants.create"]
    wrong = []
    for method in METHODS.values():
        access = access_of(method)
        expected = "in" if access.public or (access.authenticated and role != "nobody") else "UNAUTHENTICATED"
        if access.permission and role != "nobody":
            named = access.permission.rpartition(".")[2] in BY_NAME
            giving = [pattern for pattern in patterns if not named or pattern in ("*", access.permission)]
            covered = any(fnmatchcase(access.permission, pattern) for pattern in giving)
            expected = "in" if covered else "PERMISSION_DENIED"
        outcome = await admission(caller, method)
        if outcome != expected:
            wrong.append((method.full_name, outcome, expected))
    assert wrong == []


async def admission(caller: Caller, method: Any) -> str:
    """`in` when an empty request gets past the door, or the code with which it is turned away."""
    try:
        await caller.call(method, GetMessageClass(method.input_type)())
    except DomainError as error:
        if error.reason in ("PERMISSION_DENIED", "TOKEN_MISSING"):
            return error.code
    return "in"


@dataclass
class Company:
    """Two teams of one business unit, one of the unit below, one elsewhere; in each a rep with a person."""

    tenant: Tenant
    callers: dict[str, Caller]
    people: dict[str, str]
    """Ids of the people, by their owner."""

    def whose(self, ids: list[str]) -> set[str]:
        """The owners of people; of the others nothing is said."""
        owners = {known: owner for owner, known in self.people.items()}
        return {owners[each] for each in ids if each in owners}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def company(suite: Suite) -> Company:
    tenant = await suite.open_tenant("scopes")
    north, below, south = [await unit(tenant, name) for name in ("North", "Below", "South")]
    await tenant.admin.business_unit.update_business_unit(
        business_units_pb2.UpdateBusinessUnitRequest(
            business_unit=business_units_pb2.BusinessUnit(id=below, parent_id=north),
            update_mask=FieldMask(paths=["parent_id"]),
        )
    )
    teams = {
        name: await team(tenant, name, under)
        for name, under in (("one", north), ("two", north), ("low", below), ("far", south))
    }
    await only_own(tenant)
    callers = {
        "ann": await tenant.user("rep", team_id=teams["one"]),
        "bob": await tenant.user("rep", team_id=teams["one"]),
        "cat": await tenant.user("rep", team_id=teams["two"]),
        "low": await tenant.user("rep", team_id=teams["low"]),
        "far": await tenant.user("rep", team_id=teams["far"]),
        "solo": await tenant.user("only-own", team_id=teams["one"]),
        "boss": await tenant.user("manager", team_id=teams["two"]),
        "both": await tenant.user("rep", team_id=teams["far"], team_ids=(teams["two"],)),
        "reader": await tenant.user("read_only", team_id=teams["far"]),
    }
    company = Company(tenant, callers, {})
    for name in ("ann", "bob", "cat", "low", "far", "solo"):
        made = await callers[name].person.create_person(
            pb.CreatePersonRequest(person=pb.Person(given_name=name, family_name="Scoped"))
        )
        company.people[name] = made.id
    return company


async def unit(tenant: Tenant, name: str) -> str:
    made = await tenant.admin.business_unit.create_business_unit(
        business_units_pb2.CreateBusinessUnitRequest(business_unit=business_units_pb2.BusinessUnit(display_name=name))
    )
    return str(made.id)


async def team(tenant: Tenant, name: str, unit_id: str) -> str:
    made = await tenant.admin.team.create_team(
        teams_pb2.CreateTeamRequest(team=teams_pb2.Team(display_name=name, business_unit_id=unit_id))
    )
    return str(made.id)


async def only_own(tenant: Tenant) -> None:
    """A role whose holders see nothing but their own people."""
    grants = [
        roles_pb2.Grant(permission="contact.people.*", scope=roles_pb2.SCOPE_OWN),
        roles_pb2.Grant(permission="identity.api_keys.*", scope=roles_pb2.SCOPE_OWN),
    ]
    role = roles_pb2.Role(key="only-own", display_name="Only own", grants=grants)
    await tenant.admin.role.create_role(roles_pb2.CreateRoleRequest(role=role))


SEEN = {
    "ann": {"ann", "bob", "solo"},
    "cat": {"cat"},
    "low": {"low"},
    "far": {"far"},
    "solo": {"solo"},
    "boss": {"ann", "bob", "cat", "low", "solo"},
    "both": {"far", "cat"},
    "reader": {"ann", "bob", "cat", "low", "far", "solo"},
}


@pytest.mark.parametrize("name", SEEN)
async def test_a_caller_sees_the_records_in_reach_and_no_others(name: str, company: Company) -> None:
    people, seen = company.callers[name].person, SEEN[name]
    listed = await people.list_people(pb.ListPeopleRequest(include_total_size=True))
    found = await people.search_people(pb.SearchPeopleRequest(query="scoped", page_size=100))
    filtered = await people.list_people(
        pb.ListPeopleRequest(filter='family_name = "Scoped"', order_by="given_name", include_total_size=True)
    )
    assert company.whose([person.id for person in listed.people]) == seen
    assert listed.total_size == filtered.total_size == len(filtered.people) == len(seen)
    assert company.whose([person.id for person in found.people]) == seen
    for owner, person_id in company.people.items():
        for read in reads(people, person_id):
            if owner in seen:
                await read()
            else:
                with pytest.raises(NotFound) as refusal:
                    await read()
                assert "Scoped" not in str(refusal.value)


def reads(people: Any, person_id: str) -> list[Callable[[], Awaitable[Any]]]:
    return [
        lambda: people.get_person(pb.GetPersonRequest(id=person_id)),
        lambda: people.batch_get_people(pb.BatchGetPeopleRequest(ids=[person_id])),
        lambda: people.list_person_revisions(pb.ListPersonRevisionsRequest(id=person_id)),
    ]


@pytest.mark.parametrize("name", [name for name in SEEN if name != "reader"])
async def test_a_caller_changes_the_records_in_reach_and_no_others(name: str, company: Company) -> None:
    people = company.callers[name].person
    for owner, person_id in company.people.items():
        for change in changes(people, person_id):
            if owner in SEEN[name]:
                await change()
            else:
                with pytest.raises(NotFound):
                    await change()


def changes(people: Any, person_id: str) -> list[Callable[[], Awaitable[Any]]]:
    person = pb.Person(id=person_id, job_title=secrets.token_hex(3))
    return [
        lambda: people.update_person(pb.UpdatePersonRequest(person=person, validate_only=True)),
        lambda: people.delete_person(pb.DeletePersonRequest(id=person_id, validate_only=True)),
    ]


async def test_what_is_in_the_trash_is_brought_back_within_reach_only(company: Company) -> None:
    mine = await company.callers["far"].person.create_person(
        pb.CreatePersonRequest(person=pb.Person(given_name="Gone"))
    )
    await company.callers["far"].person.delete_person(pb.DeletePersonRequest(id=mine.id))
    with pytest.raises(NotFound):
        await company.callers["ann"].person.undelete_person(pb.UndeletePersonRequest(id=mine.id))
    back = await company.callers["far"].person.undelete_person(pb.UndeletePersonRequest(id=mine.id))
    assert not back.HasField("delete_time")


async def test_a_record_moves_out_of_sight_with_its_owner(company: Company) -> None:
    ann, far = company.callers["ann"], company.callers["far"]
    made = await ann.person.create_person(pb.CreatePersonRequest(person=pb.Person(given_name="Handed over")))
    change = pb.UpdatePersonRequest(
        person=pb.Person(id=made.id, owner_id=far.id), update_mask=FieldMask(paths=["owner_id"])
    )
    moved = await eventually(lambda: ann.person.update_person(change), Invalid)  # contact hears of users by event
    with pytest.raises(NotFound):
        await ann.person.get_person(pb.GetPersonRequest(id=made.id))
    assert (await far.person.get_person(pb.GetPersonRequest(id=made.id))).owner_id == far.id
    assert moved.team_id == (await far.person.get_person(pb.GetPersonRequest(id=company.people["far"]))).team_id
