"""Users, roles, teams and business units: who may change whom, and what must hold together."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from google.protobuf import field_mask_pb2
from google.protobuf.message import Message

from rapport.identity.v1 import (
    business_units_pb2,
    events_pb2,
    roles_pb2,
    service_accounts_pb2,
    teams_pb2,
    tenants_pb2,
    tokens_pb2,
    users_pb2,
)
from rapport_identity.storage.tables import schema
from rapport_kit.domain import uuid7
from rapport_kit.errors import AlreadyExists, Denied, Invalid, NotFound, Refused

GET_USER, UPDATE_USER = users_pb2.GetUserRequest, users_pb2.UpdateUserRequest


async def personnel(identity: Any, admin: Any) -> Any:
    """Somebody who manages users, and may do what a rep may."""
    role = roles_pb2.Role(key=f"personnel-{secrets.token_hex(4)}", display_name="Personnel")
    role.grants.add(permission="identity.users.*", scope=roles_pb2.SCOPE_ALL)
    role.grants.add(permission="identity.service_accounts.*", scope=roles_pb2.SCOPE_ALL)
    role.grants.add(permission="identity.roles.*", scope=roles_pb2.SCOPE_ALL)
    await admin.roles.create_role(roles_pb2.CreateRoleRequest(role=role))
    user = await identity.user(admin, role.key, "rep")
    return await identity.signed_in(user.email)


async def new_unit(admin: Any, parent: str = "") -> Any:
    unit = business_units_pb2.BusinessUnit(display_name="Unit", parent_id=parent)
    request = business_units_pb2.CreateBusinessUnitRequest(business_unit=unit)
    return await admin.business_units.create_business_unit(request)


async def new_team(admin: Any, unit: str = "") -> Any:
    team = teams_pb2.Team(display_name="Team", business_unit_id=unit)
    return await admin.teams.create_team(teams_pb2.CreateTeamRequest(team=team))


async def test_an_email_address_belongs_to_one_user_however_it_is_typed(identity: Any) -> None:
    admin = await identity.admin()
    user = await identity.user(admin)
    again = users_pb2.User(email=user.email.upper(), display_name="Again")
    with pytest.raises(AlreadyExists) as caught:
        await admin.users.create_user(users_pb2.CreateUserRequest(user=again))
    assert caught.value.metadata["fields"] == "email"
    assert user.email not in caught.value.message


async def test_nobody_gives_a_role_that_allows_more_than_they_may(identity: Any) -> None:
    admin = await identity.admin()
    caller = await personnel(identity, admin)
    await identity.user(caller, "rep")
    user = users_pb2.User(email="x@example.org", display_name="x", roles=["admin"])
    with pytest.raises(Denied) as caught:
        await caller.users.create_user(users_pb2.CreateUserRequest(user=user))
    assert (caught.value.reason, caught.value.metadata["permission"]) == ("GRANT_EXCEEDS_OWN", "*")
    account = service_accounts_pb2.ServiceAccount(display_name="x", roles=["admin"])
    with pytest.raises(Denied):
        await caller.service_accounts.create_service_account(
            service_accounts_pb2.CreateServiceAccountRequest(service_account=account)
        )
    role = roles_pb2.Role(key="mighty", display_name="Mighty")
    role.grants.add(permission="*", scope=roles_pb2.SCOPE_OWN)
    with pytest.raises(Denied):
        await caller.roles.create_role(roles_pb2.CreateRoleRequest(role=role))


async def test_nobody_takes_over_somebody_who_may_do_more(identity: Any) -> None:
    admin = await identity.admin()
    caller = await personnel(identity, admin)
    target = (await admin.tokens.who_am_i(tokens_pb2.WhoAmIRequest())).caller.subject
    password = users_pb2.SetUserPasswordRequest(id=target, password="now it belongs to me")
    email = UPDATE_USER(user=users_pb2.User(id=target, email="mine@example.org"))
    demote = UPDATE_USER(user=users_pb2.User(id=target), update_mask=field_mask_pb2.FieldMask(paths=["roles"]))
    for attempt in (
        caller.users.set_user_password(password),
        caller.users.update_user(email),
        caller.users.update_user(demote),
        caller.users.deactivate_user(users_pb2.DeactivateUserRequest(id=target)),
        caller.users.revoke_user_sessions(users_pb2.RevokeUserSessionsRequest(id=target)),
    ):
        with pytest.raises(Denied) as caught:
            await attempt
        assert caught.value.reason == "GRANT_EXCEEDS_OWN"
    await identity.admin()


async def test_nobody_deactivates_themselves(identity: Any) -> None:
    admin = await identity.admin()
    own = (await admin.tokens.who_am_i(tokens_pb2.WhoAmIRequest())).caller.subject
    with pytest.raises(Refused) as caught:
        await admin.users.deactivate_user(users_pb2.DeactivateUserRequest(id=own))
    assert caught.value.reason == "USER_SELF"


async def test_unknown_roles_and_teams_are_refused_by_field(identity: Any) -> None:
    admin = await identity.admin()
    for user, reason, field in (
        (users_pb2.User(roles=["no-such-role"]), "ROLE_UNKNOWN", "user.roles"),
        (users_pb2.User(team_id=str(uuid7())), "TEAM_UNKNOWN", "user.team_ids"),
    ):
        user.email, user.display_name = f"{secrets.token_hex(4)}@example.org", "x"
        with pytest.raises(Invalid) as caught:
            await admin.users.create_user(users_pb2.CreateUserRequest(user=user))
        assert (caught.value.reason, caught.value.violations[0].field) == (reason, field)


async def test_a_permission_can_be_explained(identity: Any) -> None:
    admin = await identity.admin()
    user = await identity.user(admin, "rep", "analyst")
    explained = await admin.users.explain_permission(
        users_pb2.ExplainPermissionRequest(id=user.id, permission="contact.people.get")
    )
    assert explained.scope == roles_pb2.SCOPE_ALL
    assert [(reason.role, reason.pattern, reason.scope) for reason in explained.reasons] == [
        ("analyst", "*.get", roles_pb2.SCOPE_ALL),
        ("rep", "contact.people.get", roles_pb2.SCOPE_TEAM),
    ]
    with pytest.raises(Denied):
        await (await identity.signed_in(user.email)).users.explain_permission(
            users_pb2.ExplainPermissionRequest(id=user.id, permission="contact.people.get")
        )


async def test_a_role_that_somebody_has_cannot_be_deleted(identity: Any) -> None:
    admin = await identity.admin()
    role = roles_pb2.Role(key=f"r{secrets.token_hex(4)}", display_name="Own")
    made = await admin.roles.create_role(roles_pb2.CreateRoleRequest(role=role))
    user = await identity.user(admin, role.key)
    with pytest.raises(Refused) as caught:
        await admin.roles.delete_role(roles_pb2.DeleteRoleRequest(id=made.id))
    assert caught.value.reason == "ROLE_IN_USE"
    mask = field_mask_pb2.FieldMask(paths=["roles"])
    await admin.users.update_user(UPDATE_USER(user=users_pb2.User(id=user.id), update_mask=mask))
    assert (await admin.roles.delete_role(roles_pb2.DeleteRoleRequest(id=made.id))).HasField("delete_time")
    with pytest.raises(AlreadyExists):
        await admin.roles.create_role(roles_pb2.CreateRoleRequest(role=roles_pb2.Role(key="rep", display_name="Mine")))


async def test_the_built_in_roles_can_be_read(identity: Any) -> None:
    admin = await identity.admin()
    listed = await admin.roles.list_built_in_roles(roles_pb2.ListBuiltInRolesRequest())
    assert "read_only" in {role.key for role in listed.roles}


async def test_a_token_names_the_teams_of_the_unit_and_below(identity: Any) -> None:
    admin = await identity.admin()
    root = await new_unit(admin)
    below, beside = await new_unit(admin, root.id), await new_unit(admin)
    here, under, elsewhere = [await new_team(admin, unit.id) for unit in (root, below, beside)]
    manager = await identity.user(admin, "manager", team_id=here.id, team_ids=[elsewhere.id])
    principal = await identity.principal(await identity.signed_in(manager.email))
    assert {str(team) for team in principal.unit_team_ids} == {here.id, under.id}
    assert {str(team) for team in principal.team_ids} == {here.id, elsewhere.id}


async def test_two_moves_at_once_cannot_close_a_cycle(identity: Any) -> None:
    admin = await identity.admin()
    for _ in range(5):
        one, other = await new_unit(admin), await new_unit(admin)

        async def move(unit: Any, parent: Any) -> Any:
            changed = business_units_pb2.BusinessUnit(id=unit.id, parent_id=parent.id)
            request = business_units_pb2.UpdateBusinessUnitRequest(business_unit=changed)
            return await admin.business_units.update_business_unit(request)

        results = await asyncio.gather(move(one, other), move(other, one), return_exceptions=True)
        (refused,) = [result for result in results if isinstance(result, BaseException)]
        assert isinstance(refused, Refused)
        assert refused.reason == "BUSINESS_UNIT_CYCLE"


async def test_what_is_in_use_stays_out_of_the_trash(identity: Any) -> None:
    admin = await identity.admin()
    unit = await new_unit(admin)
    team = await new_team(admin, unit.id)
    user = await identity.user(admin, team_id=team.id)
    delete_unit = business_units_pb2.DeleteBusinessUnitRequest(id=unit.id)
    delete_team = teams_pb2.DeleteTeamRequest(id=team.id)
    with pytest.raises(Refused):
        await admin.business_units.delete_business_unit(delete_unit)
    with pytest.raises(Refused):
        await admin.teams.delete_team(delete_team)
    mask = field_mask_pb2.FieldMask(paths=["team_id"])
    await admin.users.update_user(UPDATE_USER(user=users_pb2.User(id=user.id), update_mask=mask))
    await admin.teams.delete_team(delete_team)
    await admin.business_units.delete_business_unit(delete_unit)


async def test_another_tenant_sees_nothing(identity: Any) -> None:
    user = await identity.user(await identity.admin(), "rep")
    there = await identity.signed_in(identity.there.admin, host=identity.there.host)
    for attempt in (
        there.users.get_user(GET_USER(id=user.id)),
        there.users.deactivate_user(users_pb2.DeactivateUserRequest(id=user.id)),
        there.tenants.get_tenant(tenants_pb2.GetTenantRequest(id=str(identity.here.id))),
    ):
        with pytest.raises(NotFound):
            await attempt
    listed = await there.users.list_users(users_pb2.ListUsersRequest(include_total_size=True))
    assert listed.total_size == 1
    with pytest.raises(AlreadyExists) as caught:
        await there.tenants.update_tenant(
            tenants_pb2.UpdateTenantRequest(
                tenant=tenants_pb2.Tenant(id=str(identity.there.id), hosts=[identity.there.host, identity.here.host])
            )
        )
    assert identity.here.host not in caught.value.message


async def test_con_11_that_an_account_was_closed_says_whose_it_was(identity: Any) -> None:
    admin, person_id = await identity.admin(), str(uuid4())
    theirs, nobodys = await identity.user(admin, "rep", person_id=person_id), await identity.user(admin, "rep")
    for user, expected in ((theirs, person_id), (nobodys, "")):
        await admin.users.deactivate_user(users_pb2.DeactivateUserRequest(id=user.id))
        (payload,) = await told_of(identity, events_pb2.UserDeactivated, user.id)
        fact = events_pb2.UserDeactivated.FromString(payload)
        assert (fact.user_id, fact.person_id) == (user.id, expected)


async def told_of(identity: Any, fact: type[Message], aggregate: str) -> list[bytes]:
    event = schema.frame.event
    statement = sa.select(event.c.payload).where(
        event.c.aggregate == UUID(aggregate), event.c.type == fact.DESCRIPTOR.full_name
    )
    async with identity.database.transaction(identity.here.id) as connection:
        return list((await connection.execute(statement)).scalars())


async def test_con_11_whose_account_it_is_can_be_set_looked_for_and_emptied(identity: Any) -> None:
    admin, person_id = await identity.admin(), str(uuid4())
    user = await identity.user(admin, "rep", person_id=person_id)
    found = await admin.users.list_users(users_pb2.ListUsersRequest(filter=f'person_id = "{person_id}"'))
    assert [each.id for each in found.users] == [user.id]
    mask = field_mask_pb2.FieldMask(paths=["person_id"])
    emptied = await admin.users.update_user(UPDATE_USER(user=users_pb2.User(id=user.id), update_mask=mask))
    assert emptied.person_id == ""
    with pytest.raises(Invalid) as caught:
        await identity.user(admin, "rep", person_id="somebody")
    assert caught.value.violations[0].field == "user.person_id"


async def test_facts_tell_who_changed_and_hold_no_secret(identity: Any) -> None:
    admin = await identity.admin()
    user = await identity.user(admin, "rep")
    await admin.users.deactivate_user(users_pb2.DeactivateUserRequest(id=user.id))
    event = schema.frame.event
    async with identity.database.transaction(identity.here.id) as connection:
        rows = (
            await connection.execute(
                sa.select(event.c.type, event.c.payload, event.c.sequence)
                .where(event.c.aggregate == user.id)
                .order_by(event.c.sequence)
            )
        ).all()
    assert [(row.type, row.sequence) for row in rows] == [
        ("rapport.identity.v1.UserChanged", 1),
        ("rapport.identity.v1.UserChanged", 2),
        ("rapport.identity.v1.UserDeactivated", 3),
    ]
    last = events_pb2.UserChanged.FromString(rows[1].payload)
    assert last.user.state == users_pb2.USER_STATE_DEACTIVATED
    assert list(last.update_mask.paths) == ["state"]
    assert all(b"argon2" not in row.payload for row in rows)
