"""No call outlives its caller's deadline, and running out of time costs no database connection."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import grpc
import pytest
import pytest_asyncio
import sqlalchemy as sa
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

from rapport.contact.v1 import people_pb2 as pb
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit import turns
from rapport_kit.auth.keyring import Keyring, Snapshot
from rapport_kit.auth.principal import Principal, Scope
from rapport_kit.auth.tokens import TokenVerifier
from rapport_kit.contracts import proto_services
from rapport_kit.database import CommitInDoubt, Database
from rapport_kit.errors import DomainError, TooLate
from rapport_kit.naming import snake
from rapport_kit.query import PageTokens
from rapport_kit.rpc import call as calls
from rapport_kit.rpc.access import Access
from rapport_kit.rpc.call import Call
from rapport_kit.rpc.client import Client, open_channel
from rapport_kit.rpc.endpoint import Endpoint
from rapport_kit.rpc.server import Server
from rapport_kit.testing.stack import Stack
from tests.callers import METHODS
from tests.databases import rows

PEOPLE = pb.DESCRIPTOR.services_by_name["PersonService"]
APPLICATION = "deadline-test"


@dataclass
class Peer:
    """Serves every RPC of the contracts with an empty answer, and remembers how much time each call had."""

    channel: grpc.aio.Channel
    remaining: list[float | None] = field(default_factory=list)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def peer(servers_directory: Path) -> AsyncIterator[Peer]:
    server = grpc.aio.server()
    target = f"unix:{servers_directory / 'peer.sock'}"
    server.add_insecure_port(target)
    async with open_channel(target) as channel:
        peer = Peer(channel)
        for service in proto_services():
            handlers = {method.name: _recording(peer, method) for method in service.methods}
            server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service.full_name, handlers),))
        await server.start()
        yield peer
        await server.stop(None)


def _recording(peer: Peer, method: MethodDescriptor) -> grpc.RpcMethodHandler[Any, Any]:
    answer = GetMessageClass(method.output_type)

    async def one(request: object, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
        peer.remaining.append(context.time_remaining())
        return answer()

    async def many(request: object, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
        peer.remaining.append(context.time_remaining())
        yield answer()

    make: Any = grpc.unary_stream_rpc_method_handler if method.server_streaming else grpc.unary_unary_rpc_method_handler
    if method.client_streaming:
        make = grpc.stream_unary_rpc_method_handler
    made: grpc.RpcMethodHandler[Any, Any] = make(
        many if method.server_streaming else one,
        request_deserializer=GetMessageClass(method.input_type).FromString,
        response_serializer=answer.SerializeToString,
    )
    return made


@contextmanager
def being_served(seconds: float) -> Iterator[calls.Call]:
    """As below an RPC whose caller waits for so many seconds."""
    call = calls.Call(deadline=time.monotonic() + seconds)
    token = calls.current.set(call)
    try:
        yield call
    finally:
        calls.current.reset(token)


async def _only(request: Any) -> AsyncIterator[Any]:
    yield request


async def call_through_stub(peer: Peer, method: MethodDescriptor, **limit: float) -> None:
    service = method.containing_service
    assert service is not None
    call = getattr(Client(peer.channel, service), snake(method.name))
    request = GetMessageClass(method.input_type)()
    answer = call(_only(request) if method.client_streaming else request, **limit)
    if method.server_streaming:
        assert [each async for each in answer]
    else:
        await answer


@pytest.mark.parametrize("name", METHODS)
async def test_a_callee_has_no_more_time_than_its_caller(name: str, peer: Peer) -> None:
    for seconds, own in ((0.5, 10.0), (3.0, 10.0), (25.0, 60.0), (200.0, 300.0), (3.0, 1.0)):
        peer.remaining.clear()
        with being_served(seconds) as call:
            left = call.remaining()
            await call_through_stub(peer, METHODS[name], timeout=own)
        (remaining,) = peer.remaining
        assert remaining is not None
        assert remaining <= left


@pytest.mark.parametrize("name", METHODS)
async def test_a_call_that_could_not_finish_is_not_made(name: str, peer: Peer) -> None:
    peer.remaining.clear()
    with being_served(0.015), pytest.raises(TooLate):
        await call_through_stub(peer, METHODS[name], timeout=10.0)
    assert peer.remaining == []


@pytest.mark.parametrize("name", METHODS)
async def test_a_call_from_outside_any_call_has_a_deadline_too(name: str, peer: Peer) -> None:
    peer.remaining.clear()
    await call_through_stub(peer, METHODS[name])
    lasts = METHODS[name].client_streaming or METHODS[name].server_streaming
    assert peer.remaining[0] is not None
    assert peer.remaining[0] <= (calls.LONGEST if lasts else calls.DEFAULT_TIMEOUT) * 1.02


@dataclass
class Slow:
    """PersonService over contact's real database, whose GetPerson is what a test makes it."""

    client: Client
    stack: Stack
    work: Callable[[ContactUnitOfWork], Any] | None = None

    async def serve(self, request: pb.GetPersonRequest, uow: ContactUnitOfWork) -> pb.Person:
        assert self.work is not None
        await self.work(uow)
        return pb.Person(id=request.id)

    async def backends(self) -> set[int]:
        """The process ids of the connections in the pool."""
        statement = "SELECT pid FROM pg_stat_activity WHERE application_name = $1"
        return {row["pid"] for row in await rows(self.stack, "contact", statement, APPLICATION)}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def slow(stack: Stack, servers_directory: Path) -> AsyncIterator[Slow]:
    database = Database(stack.environment["RAPPORT_CONTACT_DATABASE_URL"], pool_size=4, application_name=APPLICATION)
    target = f"unix:{servers_directory / 'slow.sock'}"
    server = Server()
    async with open_channel(target) as channel:
        slow = Slow(Client(channel, PEOPLE), stack)
        server.add(PEOPLE, [_endpoint(slow, database)])
        await server.start(target)
        yield slow
        await server.stop(1)
    await database.close()


async def _no_keys() -> Snapshot:
    return Snapshot({})


def _endpoint(slow: Slow, database: Database) -> Endpoint:
    keyring = Keyring(_no_keys)
    return Endpoint(
        use_case=slow.serve,
        method=PEOPLE.methods_by_name["GetPerson"],
        service="contact",
        database=database,
        unit_of_work=ContactUnitOfWork,
        verifier=TokenVerifier(keyring, keyring),
        page_tokens=PageTokens([b"k" * 32]),
        committed=lambda uow: None,
        access=Access(public=True),
    )


async def get(slow: Slow, timeout: float) -> Any:
    return await slow.client.get_person(pb.GetPersonRequest(id="01890000-0000-7000-8000-000000000000"), timeout=timeout)


def sleeping(seconds: float) -> Callable[[ContactUnitOfWork], Any]:
    return lambda uow: uow.connection.execute(sa.select(sa.func.pg_sleep(seconds)))


async def test_a_statement_gives_up_before_the_deadline_and_keeps_its_connection(slow: Slow) -> None:
    slow.work = sleeping(0)
    await asyncio.gather(*(get(slow, 5) for _ in range(4)))
    before = await slow.backends()
    slow.work = sleeping(30)
    for _ in range(20):
        with pytest.raises(DomainError) as refusal:
            await get(slow, 0.15)
        assert refusal.value.code == "DEADLINE_EXCEEDED"
    slow.work = sleeping(0)
    await asyncio.gather(*(get(slow, 5) for _ in range(4)))
    assert before
    assert await slow.backends() == before


async def test_a_job_stays_behind_a_call_until_it_is_answered(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST", 0.0)
    monkeypatch.setattr(turns, "PATIENCE", 60.0)
    told: list[str] = []
    jobs: list[asyncio.Task[None]] = []

    async def job() -> None:
        turns.stay_behind()
        await turns.turn()
        told.append("job")

    async def work(uow: ContactUnitOfWork) -> None:
        jobs.append(asyncio.create_task(job()))
        await sleeping(0.05)(uow)
        told.append("call")

    slow.work = work
    await get(slow, 5)
    await asyncio.gather(*jobs)
    assert told == ["call", "job"]


async def test_the_caller_is_told_that_the_statement_took_too_long(slow: Slow) -> None:
    slow.work = sleeping(30)
    with pytest.raises(TooLate) as refusal:
        await get(slow, 2)
    assert refusal.value.reason == "STATEMENT_TIMEOUT"  # the caller's own deadline gives no reason: it had not passed


async def test_work_is_not_begun_when_no_time_is_left_for_it(slow: Slow) -> None:
    begun: list[object] = []

    async def work(uow: ContactUnitOfWork) -> None:
        begun.append(uow)

    slow.work = work
    for _ in range(20):
        with pytest.raises(DomainError) as refusal:
            await get(slow, 0.012)
        assert refusal.value.code == "DEADLINE_EXCEEDED"
    assert begun == []


async def test_a_call_below_a_call_ends_before_its_caller_does(slow: Slow, peer: Peer) -> None:
    left: list[float] = []

    async def work(uow: ContactUnitOfWork) -> None:
        call = calls.current.get()
        assert call is not None
        left.append(call.remaining())
        await Client(peer.channel, PEOPLE).get_person(pb.GetPersonRequest())

    slow.work = work
    peer.remaining.clear()
    await get(slow, 1.5)
    assert peer.remaining[0] is not None
    assert peer.remaining[0] < left[0] < 1.5


async def test_statements_that_took_too_long_together_change_nothing(slow: Slow) -> None:
    """Each had the whole time left when it began; the caller has long been told that it failed."""
    region, until = "ZZ", asyncio.Event()

    async def work(uow: ContactUnitOfWork) -> None:
        await uow.profile.remember(region)
        for _ in range(2):
            await uow.connection.execute(sa.select(sa.func.pg_sleep(0.3)))
        until.set()

    slow.work = work
    with pytest.raises(DomainError) as refusal:
        await get(slow, 0.5)
    assert refusal.value.code == "DEADLINE_EXCEEDED"
    await asyncio.wait_for(until.wait(), 5)
    await asyncio.sleep(0.1)
    assert await rows(slow.stack, "contact", "SELECT 1 FROM tenant_profile WHERE region = $1", region) == []


async def test_a_read_whose_commit_nobody_answers_is_read_again(slow: Slow) -> None:
    attempts: list[int] = []

    async def cut_off_once(uow: ContactUnitOfWork) -> None:
        attempts.append(await uow.connection.scalar(sa.text("SELECT pg_backend_pid()")) or 0)
        if len(attempts) == 1:
            await rows(slow.stack, "contact", "SELECT pg_terminate_backend($1, 5000)", attempts[0])

    slow.work = cut_off_once
    database = Database(slow.stack.environment["RAPPORT_CONTACT_DATABASE_URL"], pool_size=1)
    endpoint = replace(_endpoint(slow, database), access=Access(authenticated=True))
    call = Call(deadline=time.monotonic() + 10, method="GetPerson")
    request = pb.GetPersonRequest(id="01890000-0000-7000-8000-000000000000")

    answer = await endpoint.settled(request, call, Principal.anonymous(), Scope.OWN)

    assert pb.Person.FromString(answer).id == request.id
    assert len(set(attempts)) == 2
    attempts.clear()
    change = replace(endpoint, method=PEOPLE.methods_by_name["UndeletePerson"])
    with pytest.raises(CommitInDoubt):
        await change.settled(pb.UndeletePersonRequest(id=request.id), call, Principal.anonymous(), Scope.OWN)
    assert len(attempts) == 1
    await database.close()
