"""Tenants of the running suite, and who calls in them: through gRPC with tokens, through REST with API keys."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
import httpx2
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from rapport.identity.v1 import (
    api_keys_pb2,
    service_accounts_pb2,
    sessions_pb2,
    tenants_pb2,
    tokens_pb2,
    users_pb2,
)
from rapport_identity.bootstrap import operator_token
from rapport_kit.contracts import department, proto_services
from rapport_kit.database import Database
from rapport_kit.errors import Unavailable
from rapport_kit.naming import snake
from rapport_kit.rpc.client import Client, open_channel
from rapport_kit.service import installed
from rapport_kit.testing.stack import Stack
from tests.eventually import eventually

SILENCE = 1.0
"""Seconds after which a stream has said what it has to say for now."""
PASSWORD = "correct horse battery staple"


def served_by_grpc() -> set[str]:
    """The installed departments."""
    return {service.name for service in installed().values() if service.unit_of_work is not None}


SERVICES: dict[str, ServiceDescriptor] = {
    service.name: service for service in proto_services() if department(service) in served_by_grpc()
}
"""Those with a door of their own: the gateway's are reached through REST only, and some any department may serve."""
METHODS: dict[str, MethodDescriptor] = {
    method.full_name: method for service in SERVICES.values() for method in service.methods
}


class Caller:
    """Somebody with a credential, or nobody in particular without one.

    Every proto service is an attribute, named in snake case without its `Service`: `caller.person.get_person(…)`.
    """

    def __init__(
        self,
        suite: Suite,
        credential: tokens_pb2.IssueTokenRequest | None = None,
        *,
        acts_as: str = "",
        bearer: str = "",
    ) -> None:
        self.suite = suite
        self.acts_as = acts_as
        self.bearer = bearer
        self.id = ""
        self._credential = credential
        self._clients: dict[str, Client] = {}

    def __getattr__(self, name: str) -> Any:
        wanted = f"{name.title().replace('_', '')}Service"
        if wanted not in SERVICES:
            raise AttributeError(name)
        return self._client(wanted)

    def _client(self, name: str) -> Client:
        """Made when it is first wanted: a caller who comes for one question needs one of sixty."""
        if name not in self._clients:
            service = SERVICES[name]
            self._clients[name] = Client(self.suite.channels[department(service)], service, token=lambda: self.bearer)
        return self._clients[name]

    async def call(self, method: MethodDescriptor, request: Message) -> Message:
        """Call any RPC; of one that streams its answer, what it says until it falls silent, as one message."""
        service = method.containing_service
        assert service is not None
        rpc = getattr(self._client(service.name), snake(method.name))
        if method.server_streaming:
            return await _said(rpc(request), GetMessageClass(method.output_type)())
        answer: Message = await rpc(_only(request) if method.client_streaming else request)
        return answer

    async def renew(self) -> Caller:
        """Exchange the credential for a token that is good for some minutes."""
        assert self._credential is not None, "nobody in particular has no token"
        issued = await self.suite.anybody.token.issue_token(self._credential)
        self.bearer, self.id = issued.access_token, issued.caller.subject
        return self

    def rest(self, **options: Any) -> httpx2.AsyncClient:
        """A client of the gateway with the caller's API key."""
        headers = options.pop("headers", {})
        if self._credential is not None:
            headers |= {"authorization": f"Bearer {self._credential.api_key or self.bearer}"}
        return httpx2.AsyncClient(base_url=self.suite.stack.address, headers=headers, timeout=30, **options)


async def _only(request: Message) -> AsyncIterator[Message]:
    yield request


async def _said(answers: AsyncIterator[Message], whole: Message) -> Message:
    try:
        while True:
            whole.MergeFrom(await asyncio.wait_for(anext(answers), SILENCE))
    except (StopAsyncIteration, TimeoutError):
        return whole


@dataclass
class Tenant:
    """One tenant and its first administrator."""

    suite: Suite
    id: str
    host: str
    admin: Caller

    async def user(self, role: str, *, team_id: str = "", team_ids: tuple[str, ...] = (), name: str = "") -> Caller:
        """A new user with one role, who calls with an API key."""
        name = name or f"{role} {secrets.token_hex(3)}"
        user = users_pb2.User(
            email=f"{secrets.token_hex(6)}@{self.host}",
            display_name=name,
            roles=[role],
            team_id=team_id,
            team_ids=team_ids,
        )
        made = await self.admin.user.create_user(users_pb2.CreateUserRequest(user=user))
        return await api_key(self.admin, owner_id=made.id, acts_as=role)

    async def service_account(self, role: str) -> Caller:
        """A new service account with one role."""
        account = service_accounts_pb2.ServiceAccount(display_name=f"{role} of {self.host}", roles=[role])
        made = await self.admin.service_account.create_service_account(
            service_accounts_pb2.CreateServiceAccountRequest(service_account=account)
        )
        given = tokens_pb2.ClientCredentials(client_id=made.service_account.id, client_secret=made.client_secret)
        return await Caller(self.suite, tokens_pb2.IssueTokenRequest(client_credentials=given), acts_as=role).renew()


async def api_key(maker: Caller, *, owner_id: str = "", acts_as: str = "") -> Caller:
    """Whoever has a new API key of the maker, or of `owner_id`."""
    key = api_keys_pb2.ApiKey(display_name=f"key {secrets.token_hex(3)}", owner_id=owner_id)
    made = await maker.api_key.create_api_key(api_keys_pb2.CreateApiKeyRequest(api_key=key))
    return await Caller(maker.suite, tokens_pb2.IssueTokenRequest(api_key=made.secret), acts_as=acts_as).renew()


@dataclass
class Suite:
    """The running services as callers see them."""

    stack: Stack
    channels: dict[str, grpc.aio.Channel]
    operator: Caller = field(init=False)

    @property
    def anybody(self) -> Caller:
        """A caller without a credential."""
        return Caller(self)

    async def call_operator(self) -> None:
        """Have an operator whose token is fresh: it lives for minutes, and a run takes longer."""
        database = Database(self.stack.environment["RAPPORT_IDENTITY_DATABASE_URL"], pool_size=1)
        self.operator = Caller(self, acts_as="operator", bearer=await operator_token(database))
        await database.close()

    async def open_tenant(self, name: str, *, locale: str = "en-GB") -> Tenant:
        """A new tenant; `name` is part of its host name and of its administrator's."""
        host = f"{name}-{secrets.token_hex(4)}.example"
        request = tenants_pb2.CreateTenantRequest(
            tenant=tenants_pb2.Tenant(display_name=f"Tenant {name}", hosts=[host], locale=locale),
            admin_email=f"admin@{host}",
            admin_display_name=f"Admin of {name}",
            admin_password=PASSWORD,
        )
        await self.call_operator()
        tenant = await self.operator.tenant.create_tenant(request)
        session = await self.anybody.session.create_session(
            sessions_pb2.CreateSessionRequest(email=request.admin_email, password=PASSWORD, host=host)
        )
        signed_in = Caller(self, tokens_pb2.IssueTokenRequest(session_secret=session.secret))
        return Tenant(self, tenant.id, host, await api_key(await signed_in.renew(), acts_as="admin"))


@asynccontextmanager
async def suite_of(stack: Stack) -> AsyncIterator[Suite]:
    """Channels to every service of `stack`, and an operator's token."""
    async with AsyncExitStack() as open_:
        channels = {
            name: await open_.enter_async_context(open_channel(stack.target(name))) for name in stack.admin_urls
        }
        suite = Suite(stack, channels)
        # Identity makes its first key when it is first asked; who asked before it listened may have to wait a moment.
        await eventually(lambda: suite.anybody.token.get_jwks(tokens_pb2.GetJwksRequest()), Unavailable)
        await suite.call_operator()
        yield suite
