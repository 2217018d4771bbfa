"""Credentials against tokens, and how both end."""

from __future__ import annotations

import asyncio
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from rapport.identity.v1 import (
    api_keys_pb2,
    roles_pb2,
    service_accounts_pb2,
    tenants_pb2,
    tokens_pb2,
    users_pb2,
)
from rapport_identity.bootstrap import operator_token
from rapport_identity.crypto.secrets import SecretKind, issue
from rapport_identity.domain.credentials import ApiKey
from rapport_identity.storage.tables import schema, signing_key
from rapport_kit.auth.principal import NOBODY, Scope
from rapport_kit.domain import uuid7
from rapport_kit.errors import AlreadyExists, Denied, Invalid, NotFound, Unauthenticated

WHO = tokens_pb2.WhoAmIRequest()
WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def credential_refused(attempt: Any) -> tuple[str, dict[str, str]]:
    with pytest.raises(Unauthenticated) as caught:
        await attempt
    assert caught.value.reason == "CREDENTIAL_REFUSED"
    return caught.value.message, caught.value.metadata


async def new_key(caller: Any, **fields: Any) -> Any:
    key = api_keys_pb2.ApiKey(display_name="script", **fields)
    return await caller.api_keys.create_api_key(api_keys_pb2.CreateApiKeyRequest(api_key=key))


async def test_other_services_believe_a_token_after_asking_for_the_keys(identity: Any) -> None:
    caller = await identity.admin()
    principal = await identity.principal(caller)
    assert principal.tenant == identity.here.id
    assert principal.grants == {"*": Scope.ALL}


async def test_an_api_key_acts_for_its_owner_with_no_more_than_some_of_the_roles(identity: Any) -> None:
    admin = await identity.admin()
    user = await identity.user(admin, "rep", "analyst")
    caller = await identity.signed_in(user.email)
    made = await new_key(caller, roles=["rep"])
    assert made.secret.startswith("rpk_")
    assert made.api_key.owner_id == user.id
    program = await identity.exchange(api_key=made.secret)
    who = await program.tokens.who_am_i(WHO)
    assert (who.caller.subject, who.caller.kind, who.caller.session_id) == (user.id, "user", made.api_key.id)
    assert "sales.*" in {grant.permission for grant in who.grants}
    assert "analytics.*" not in {grant.permission for grant in who.grants}
    key = await caller.api_keys.get_api_key(api_keys_pb2.GetApiKeyRequest(id=made.api_key.id))
    assert key.HasField("last_use_time")
    assert key.etag == made.api_key.etag, "use is no change"


async def test_nobody_makes_keys_for_others_or_sees_theirs(identity: Any) -> None:
    admin = await identity.admin()
    user = await identity.user(admin, "rep")
    caller = await identity.signed_in(user.email)
    mine = await new_key(admin)
    with pytest.raises(NotFound):
        await caller.api_keys.get_api_key(api_keys_pb2.GetApiKeyRequest(id=mine.api_key.id))
    with pytest.raises(Denied):
        await new_key(caller, owner_id=mine.api_key.owner_id)
    with pytest.raises(Invalid) as caught:
        await new_key(caller, roles=["admin"])
    assert caught.value.reason == "ROLE_NOT_HELD"


async def test_two_who_use_one_key_at_once_do_not_wait_for_each_other(identity: Any) -> None:
    made = await new_key(await identity.admin())
    api_key = schema.table(ApiKey)
    mine = api_key.c.id == UUID(made.api_key.id)
    async with identity.database.transaction(identity.here.id) as other:
        await other.execute(sa.text("SET LOCAL lock_timeout = '500ms'"))
        await other.execute(sa.select(api_key.c.id).where(mine).with_for_update(read=True))
        exchange = asyncio.ensure_future(identity.exchange(api_key=made.secret))
        while not await other.scalar(WAITING):
            await asyncio.sleep(0.01)
        touched = await other.execute(sa.update(api_key).where(mine).values(last_use_time=sa.func.now()))
        assert touched.rowcount == 1
    who = await (await exchange).tokens.who_am_i(WHO)
    assert who.caller.session_id == made.api_key.id


async def test_a_revoked_or_expired_key_gives_no_token(identity: Any) -> None:
    admin = await identity.admin()
    made = await new_key(admin)
    program = await identity.exchange(api_key=made.secret)
    await admin.api_keys.revoke_api_key(api_keys_pb2.RevokeApiKeyRequest(id=made.api_key.id))
    await credential_refused(identity.exchange(api_key=made.secret))
    assert await identity.revoked(program)
    short = api_keys_pb2.ApiKey(display_name="short")
    short.expire_time.FromDatetime(datetime.now(UTC) + timedelta(seconds=1))
    made = await admin.api_keys.create_api_key(api_keys_pb2.CreateApiKeyRequest(api_key=short))
    await asyncio.sleep(1.1)
    await credential_refused(identity.exchange(api_key=made.secret))


async def test_made_up_and_altered_secrets_are_refused_alike(identity: Any) -> None:
    made = await new_key(await identity.admin())
    altered = made.secret[:-1] + ("A" if made.secret[-1] != "A" else "B")
    elsewhere = made.secret.replace(identity.here.id.hex, identity.there.id.hex)
    made_up, _ = issue(SecretKind.API_KEY, identity.here.id, uuid7())
    said = await credential_refused(identity.exchange(session_secret=made.secret))
    for secret in (altered, elsewhere, made_up, "rpk_", "", "x" * 200, made.secret.replace("rpk", "rps")):
        assert await credential_refused(identity.exchange(api_key=secret)) == said


async def test_a_service_account_signs_in_with_client_credentials_and_rotates_its_secret(identity: Any) -> None:
    admin = await identity.admin()
    account = service_accounts_pb2.ServiceAccount(display_name="shop", roles=["integration"])
    made = await admin.service_accounts.create_service_account(
        service_accounts_pb2.CreateServiceAccountRequest(service_account=account)
    )
    id_, old = made.service_account.id, made.client_secret

    async def signed_in(secret: str, client_id: str = id_) -> Any:
        return await identity.exchange(
            client_credentials=tokens_pb2.ClientCredentials(client_id=client_id, client_secret=secret)
        )

    who = await (await signed_in(old)).tokens.who_am_i(WHO)
    assert (who.caller.kind, who.caller.subject, who.display_name) == ("service", id_, "shop")
    await credential_refused(signed_in(old, str(uuid7())))
    rotate = service_accounts_pb2.RotateServiceAccountSecretRequest(id=id_)
    rotate.overlap.FromTimedelta(timedelta(hours=1))
    second = (await admin.service_accounts.rotate_service_account_secret(rotate)).client_secret
    await signed_in(old)
    rotate.ClearField("overlap")
    third = (await admin.service_accounts.rotate_service_account_secret(rotate)).client_secret
    await credential_refused(signed_in(old))
    await credential_refused(signed_in(second))
    caller = await signed_in(third)
    await admin.service_accounts.deactivate_service_account(
        service_accounts_pb2.DeactivateServiceAccountRequest(id=id_)
    )
    await credential_refused(signed_in(third))
    assert await identity.revoked(caller)


async def test_deactivation_ends_sessions_keys_and_tokens(identity: Any) -> None:
    admin = await identity.admin()
    user = await identity.user(admin, "rep")
    session = await identity.session(user.email)
    caller = await identity.exchange(session_secret=session.secret)
    key = await new_key(caller)
    program = await identity.exchange(api_key=key.secret)
    shut = await admin.users.deactivate_user(users_pb2.DeactivateUserRequest(id=user.id, etag=user.etag))
    assert shut.state == users_pb2.USER_STATE_DEACTIVATED
    await credential_refused(identity.exchange(session_secret=session.secret))
    await credential_refused(identity.exchange(api_key=key.secret))
    async with asyncio.timeout(60):
        while not await _refused_by_the_service(caller):
            await asyncio.sleep(0.1)
    assert await identity.revoked(program)
    await admin.users.reactivate_user(users_pb2.ReactivateUserRequest(id=user.id))
    await credential_refused(identity.exchange(session_secret=session.secret))
    await credential_refused(identity.exchange(api_key=key.secret))
    await identity.signed_in(user.email)


async def test_a_role_taken_away_is_gone_from_tokens_within_seconds(identity: Any) -> None:
    admin = await identity.admin()
    user = await identity.user(admin, "rep", "manager")
    session = await identity.session(user.email)
    caller = await identity.exchange(session_secret=session.secret)
    await admin.users.update_user(users_pb2.UpdateUserRequest(user=users_pb2.User(id=user.id, roles=["rep"])))
    assert await identity.revoked(caller)
    fresh = await identity.exchange(session_secret=session.secret)
    who = await fresh.tokens.who_am_i(WHO)
    assert "marketing.*" not in {grant.permission for grant in who.grants}


async def test_a_changed_role_reaches_the_tokens_of_those_who_have_it(identity: Any) -> None:
    admin = await identity.admin()
    role = roles_pb2.Role(key=f"r{secrets.token_hex(4)}", display_name="Own")
    role.grants.add(permission="contact.people.*", scope=roles_pb2.SCOPE_OWN)
    made = await admin.roles.create_role(roles_pb2.CreateRoleRequest(role=role))
    user = await identity.user(admin, role.key)
    session = await identity.session(user.email)
    caller = await identity.exchange(session_secret=session.secret)
    made.ClearField("grants")
    made.grants.add(permission="contact.people.get", scope=roles_pb2.SCOPE_ALL)
    made.denials.append("*.export")
    await admin.roles.update_role(roles_pb2.UpdateRoleRequest(role=made))
    assert await identity.revoked(caller)
    who = await (await identity.exchange(session_secret=session.secret)).tokens.who_am_i(WHO)
    assert [(grant.permission, grant.scope) for grant in who.grants] == [("contact.people.get", 4)]
    assert list(who.denials) == ["*.export"]


async def test_keys_are_published_without_their_private_half_and_kept_encrypted(identity: Any) -> None:
    (jwk,) = (await identity.anybody().tokens.get_jwks(tokens_pb2.GetJwksRequest())).keys
    assert {field.name for field, _ in jwk.ListFields()} == {"kty", "crv", "kid", "x", "y", "use", "alg"}
    async with identity.database.transaction(NOBODY) as connection:
        (row,) = (await connection.execute(sa.select(signing_key))).all()
    assert row.kid == jwk.kid
    assert b"PRIVATE" not in row.private
    assert len(row.private) > 100


async def test_a_key_of_age_is_followed_by_one_that_is_known_before_it_signs(identity: Any) -> None:
    anybody = identity.anybody()
    (old,) = (await anybody.tokens.get_jwks(tokens_pb2.GetJwksRequest())).keys
    before = await identity.admin()
    await _age(identity, timedelta(hours=24))
    await asyncio.sleep(1)  # so that the service may ask at once for a key it does not know
    answers = await asyncio.gather(*(anybody.tokens.get_jwks(tokens_pb2.GetJwksRequest()) for _ in range(8)))
    assert {len(answer.keys) for answer in answers} == {2}, "eight askers at once make one key"
    assert (await identity.admin()).token.split(".")[0] == before.token.split(".")[0], "the old key still signs"
    await _age(identity, timedelta(minutes=11))
    after = await identity.admin()
    assert after.token.split(".")[0] != before.token.split(".")[0]
    await after.tokens.who_am_i(WHO)
    await before.tokens.who_am_i(WHO)
    await _age(identity, timedelta(minutes=11))
    kids = {key.kid for key in (await anybody.tokens.get_jwks(tokens_pb2.GetJwksRequest())).keys}
    assert len(kids) == 1
    assert old.kid not in kids, "no token it signed can still be alive"


async def test_only_an_operator_opens_tenants_and_sees_the_inside_of_none(identity: Any) -> None:
    request = tenants_pb2.CreateTenantRequest(
        tenant=tenants_pb2.Tenant(display_name="New", hosts=["New.example.com"]),
        admin_email="first@new.example.com",
        admin_password="a quite long password",
    )
    with pytest.raises(Unauthenticated):
        await identity.anybody().tenants.create_tenant(request)
    operator = identity.caller(await operator_token(identity.database))
    made = await operator.tenants.create_tenant(request)
    assert list(made.hosts) == ["new.example.com"]
    first = await identity.signed_in("first@new.example.com", "a quite long password", "new.example.com")
    assert (await first.tokens.who_am_i(WHO)).caller.tenant_id == made.id
    with pytest.raises(AlreadyExists):
        await operator.tenants.create_tenant(request)
    with pytest.raises(Denied):
        await operator.users.list_users(users_pb2.ListUsersRequest())
    with pytest.raises(Denied):
        await operator.tenants.get_tenant(tenants_pb2.GetTenantRequest(id=made.id))


async def test_a_tenant_that_is_opened_again_with_the_same_request_id_is_the_same_tenant(identity: Any) -> None:
    request = tenants_pb2.CreateTenantRequest(
        tenant=tenants_pb2.Tenant(display_name="Once", hosts=["once.example.com"]),
        admin_email="first@once.example.com",
        admin_password="a quite long password",
        request_id=str(uuid4()),
    )
    operator = identity.caller(await operator_token(identity.database))
    assert await operator.tenants.create_tenant(request) == await operator.tenants.create_tenant(request)


async def _refused_by_the_service(caller: Any) -> bool:
    try:
        await caller.tokens.who_am_i(WHO)
    except Unauthenticated as error:
        return error.reason == "TOKEN_REVOKED"
    return False


async def _age(identity: Any, by: timedelta) -> None:
    """Let every signing key be older than it is."""
    async with identity.database.transaction(NOBODY) as connection:
        await connection.execute(sa.update(signing_key).values(active_time=signing_key.c.active_time - by))
