"""Signing in: sessions, throttling, and what is not told."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from rapport.identity.v1 import events_pb2, sessions_pb2, tokens_pb2, users_pb2
from rapport_identity.handlers.throttle import Attempt
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_identity.storage.secrets import Failures
from rapport_identity.storage.tables import schema
from rapport_kit.auth.principal import NOBODY, Principal
from rapport_kit.errors import DomainError, Exhausted, Invalid, NotFound, Refused, Unauthenticated, Unavailable

WHO = tokens_pb2.WhoAmIRequest()


async def refused(attempt: Any) -> tuple[str, str, str, dict[str, str]]:
    with pytest.raises(Unauthenticated) as caught:
        await attempt
    error: DomainError = caught.value
    return error.code, error.reason, error.message, error.metadata


async def test_a_password_becomes_a_session_and_a_session_a_token(identity: Any) -> None:
    caller = await identity.admin()
    who = await caller.tokens.who_am_i(WHO)
    assert who.caller.tenant_id == str(identity.here.id)
    assert (who.email, who.tenant_display_name) == (identity.here.admin, "here")
    assert [(grant.permission, grant.scope) for grant in who.grants] == [("*", 4)]


async def test_con_11_two_who_sign_in_at_once_are_both_told_and_the_user_stays_as_it_was(identity: Any) -> None:
    admin, person_id = await identity.admin(), str(uuid4())
    user = await identity.user(admin, "rep", person_id=person_id)
    opened = await asyncio.gather(*(identity.session(user.email) for _ in range(2)))
    assert await admin.users.get_user(users_pb2.GetUserRequest(id=user.id)) == user
    event = schema.frame.event
    told = sa.select(event.c.aggregate, event.c.sequence, event.c.payload).where(
        event.c.type == events_pb2.UserSignedIn.DESCRIPTOR.full_name
    )
    async with identity.database.transaction(identity.here.id) as connection:
        rows = (await connection.execute(told)).all()
    facts = {str(row.aggregate): events_pb2.UserSignedIn.FromString(row.payload) for row in rows}
    for each in opened:
        expected = events_pb2.UserSignedIn(
            user_id=user.id,
            person_id=person_id,
            method=events_pb2.SIGN_IN_METHOD_PASSWORD,
            sign_in_time=each.session.create_time,
        )
        assert facts[each.session.id] == expected
    assert {row.sequence for row in rows} == {1}


async def test_con_11_who_is_refused_is_not_told_to_have_signed_in(identity: Any) -> None:
    user = await identity.user(await identity.admin(), "rep")
    await refused(identity.session(user.email, "not the password at all"))
    event = schema.frame.event
    told = sa.select(event.c.payload).where(event.c.type == events_pb2.UserSignedIn.DESCRIPTOR.full_name)
    async with identity.database.transaction(identity.here.id) as connection:
        facts = map(events_pb2.UserSignedIn.FromString, (await connection.execute(told)).scalars())
        assert user.id not in {fact.user_id for fact in facts}


async def test_the_host_name_says_which_tenant(identity: Any) -> None:
    there = await identity.signed_in(identity.there.admin, host="THERE.example.com:8443")
    assert (await there.tokens.who_am_i(WHO)).caller.tenant_id == str(identity.there.id)
    await refused(identity.session(identity.there.admin, host=identity.here.host))
    with pytest.raises(Refused) as caught:
        await identity.session(identity.here.admin, host="nowhere.example.com")
    assert caught.value.reason == "HOST_UNKNOWN"


async def test_unknown_wrong_and_deactivated_are_answered_alike(identity: Any) -> None:
    admin = await identity.admin()
    gone = await identity.user(admin, "rep")
    without = await admin.users.create_user(
        users_pb2.CreateUserRequest(user=users_pb2.User(email="no-password@example.org", display_name="x"))
    )
    await admin.users.deactivate_user(users_pb2.DeactivateUserRequest(id=gone.id))
    answers = [
        await refused(identity.session(identity.here.admin, "not the password at all")),
        await refused(identity.session("nobody@example.org")),
        await refused(identity.session("not an address")),
        await refused(identity.session(gone.email)),
        await refused(identity.session(without.email)),
    ]
    assert len(set(map(repr, answers))) == 1


async def test_repeated_failures_are_slowed_down_for_known_and_unknown_accounts_alike(identity: Any) -> None:
    admin = await identity.admin()
    known = await identity.user(admin, "rep")
    for email in (known.email, f"{secrets.token_hex(4)}@example.org"):
        for _ in range(5):
            await refused(identity.session(email, "not the password at all"))
        with pytest.raises(Exhausted) as caught:
            await identity.session(email)
        assert caught.value.reason == "SIGN_IN_THROTTLED"
        assert caught.value.metadata["retry_seconds"] == "1"
    await asyncio.sleep(1)
    assert (await identity.session(known.email)).secret


async def test_parallel_guesses_are_counted_one_by_one(identity: Any) -> None:
    email = f"{secrets.token_hex(4)}@example.org"
    results = await asyncio.gather(
        *(identity.session(email, f"guess number {number}") for number in range(12)), return_exceptions=True
    )
    looked_at = [result for result in results if isinstance(result, Unauthenticated)]
    assert 0 < len(looked_at) <= 5
    assert all(isinstance(result, Unauthenticated | Exhausted | Unavailable) for result in results)


async def test_of_two_tries_at_once_the_one_that_began_first_may_be_counted_last(identity: Any) -> None:
    nobody, email = Principal(identity.here.id, NOBODY), f"{secrets.token_hex(4)}@example.org"
    async with IdentityUnitOfWork(identity.database, nobody) as first:
        async with IdentityUnitOfWork(identity.database, nobody) as second:
            assert first.now < second.now
            await Attempt(second, email, email).begin()
        await Attempt(first, email, email).begin()
        failures = Failures(first.connection, identity.here.id)
        assert [(await failures.lock(f"{kind}:{email}", first.now))[0] for kind in ("account", "address")] == [2, 2]


async def test_a_crowd_that_signs_in_at_once_leaves_everybody_else_served(identity: Any) -> None:
    admin = await identity.admin()
    users = [await identity.user(admin, "rep") for _ in range(5)]

    async def others() -> float:
        began = time.monotonic()
        for _ in range(20):
            await admin.tokens.who_am_i(WHO)
        return time.monotonic() - began

    crowd = (identity.session(users[number % 5].email) for number in range(20))
    *results, took = await asyncio.gather(*crowd, others(), return_exceptions=True)
    assert isinstance(took, float)
    assert all(isinstance(result, Unavailable | sessions_pb2.CreateSessionResponse) for result in results)
    assert any(isinstance(result, sessions_pb2.CreateSessionResponse) for result in results)


async def test_a_success_takes_back_its_own_try_and_no_other(identity: Any) -> None:
    user = await identity.user(await identity.admin(), "rep")
    address = secrets.token_hex(8)
    for number in range(29):
        await refused(identity.session(f"{number}-{address}@example.org", "not the password at all", address=address))
    for _ in range(3):
        await identity.session(user.email, address=address)
    await refused(identity.session(f"last-{address}@example.org", "not the password at all", address=address))
    with pytest.raises(Exhausted):
        await identity.session(user.email, address=address)


async def test_one_address_cannot_try_many_accounts(identity: Any) -> None:
    line = f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}"
    reasons = []
    for number in range(31):
        address = f"{line}:{number:x}::1"  # a line has 2**64 of them
        with pytest.raises((Unauthenticated, Exhausted)) as caught:
            await identity.session(
                f"{number}-{line.replace(':', '-')}@example.org", "not the password at all", address=address
            )
        reasons.append(caught.value.reason)
    assert reasons == ["SIGN_IN_REFUSED"] * 30 + ["SIGN_IN_THROTTLED"]


async def test_a_session_can_be_seen_and_ended_by_its_user_only(identity: Any) -> None:
    admin = await identity.admin()
    user = await identity.user(admin, "rep")
    first, second = await identity.signed_in(user.email), await identity.signed_in(user.email)
    listed = (await second.sessions.list_sessions(sessions_pb2.ListSessionsRequest())).sessions
    assert [session.current for session in listed] == [True, False]
    with pytest.raises(NotFound):
        await admin.sessions.delete_session(sessions_pb2.DeleteSessionRequest(id=listed[0].id))
    await second.sessions.delete_session(sessions_pb2.DeleteSessionRequest(id=listed[1].id))
    (left,) = (await second.sessions.list_sessions(sessions_pb2.ListSessionsRequest())).sessions
    assert left.id == listed[0].id
    assert await identity.revoked(first)
    assert not await identity.revoked(second)


async def test_an_ended_session_gives_no_more_tokens(identity: Any) -> None:
    session = await identity.session(identity.here.admin)
    caller = await identity.exchange(session_secret=session.secret)
    await caller.sessions.delete_session(sessions_pb2.DeleteSessionRequest(id=session.session.id))
    _, reason, *_ = await refused(identity.exchange(session_secret=session.secret))
    assert reason == "CREDENTIAL_REFUSED"


async def test_signing_out_everywhere_can_spare_the_present_session(identity: Any) -> None:
    user = await identity.user(await identity.admin(), "rep")
    other, present = await identity.session(user.email), await identity.session(user.email)
    caller = await identity.exchange(session_secret=present.secret)
    ended = await caller.sessions.revoke_sessions(sessions_pb2.RevokeSessionsRequest(keep_current=True))
    assert ended.ended == 1
    await refused(identity.exchange(session_secret=other.secret))
    await identity.exchange(session_secret=present.secret)


async def test_a_changed_password_ends_the_other_sessions(identity: Any) -> None:
    user = await identity.user(await identity.admin(), "rep")
    other = await identity.session(user.email)
    caller = await identity.signed_in(user.email)
    old, new = "correct horse battery staple", "a new long word"
    change = users_pb2.ChangePasswordRequest(old_password=old, new_password=new)
    wrong = users_pb2.ChangePasswordRequest(old_password="not the old one", new_password=new)
    with pytest.raises(Invalid) as caught:
        await caller.users.change_password(wrong)
    assert caught.value.violations[0].field == "old_password"
    assert (await caller.users.change_password(change)).ended == 1
    await refused(identity.exchange(session_secret=other.secret))
    await refused(identity.session(user.email))
    assert (await identity.session(user.email, new)).secret
