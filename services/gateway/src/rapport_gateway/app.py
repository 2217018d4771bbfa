"""The gateway as an ASGI application: the edge, the RPCs, and behind them FastAPI with everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import grpc
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from rapport.identity.v1.tokens_pb2 import IssueTokenRequest, IssueTokenResponse
from rapport_gateway.catalogue import Binding, bindings
from rapport_gateway.credentials import Doors, Exchange, Issue
from rapport_gateway.customers.memory import Memory
from rapport_gateway.customers.view import Customers
from rapport_gateway.edge import Edge, Observe, unobserved
from rapport_gateway.openapi.pages import READ, documentation
from rapport_gateway.own import NAME, OwnRpcs
from rapport_gateway.peers import Peers
from rapport_gateway.problem import Problem
from rapport_gateway.settings import GatewaySettings
from rapport_gateway.transcoding.bodies import endpoint_of
from rapport_gateway.transcoding.routes import RpcRoutes
from rapport_gateway.transcoding.rpc import compiled

ISSUE = "/rapport.identity.v1.TokenService/IssueToken"
CORS_HEADERS = ["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Range", "X-Api-Key"]
CORS_EXPOSED = ["Content-Disposition", "Content-Range", "ETag", "X-Request-Id", "Retry-After"]


class Gateway(FastAPI):
    """FastAPI whose layers stand behind the RPCs: its own would cost every request a tenth of the edge's time."""

    def __init__(self, rpcs: RpcRoutes, settings: GatewaySettings, observe: Observe) -> None:
        super().__init__(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
        self._rpcs = rpcs
        behind: ASGIApp = self._dispatch
        if settings.cors_origins:
            behind = CORSMiddleware(
                behind,
                allow_origins=list(settings.cors_origins),
                allow_methods=["*"],
                allow_headers=CORS_HEADERS,
                expose_headers=CORS_EXPOSED,
            )
        self._edge = Edge(behind, trusted_proxies=settings.trusted_proxies, observe=observe)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._edge(scope, receive, send)

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not await self._rpcs.serve(scope, receive, send):
            await super().__call__(scope, receive, send)


def create_app(
    settings: GatewaySettings,
    channels: Mapping[str, grpc.aio.Channel],
    *,
    published: Iterable[Binding] | None = None,
    observe: Observe = unobserved,
) -> Gateway:
    """The edge over `channels`, by service name; RPCs of services without a channel are not published.

    `published` replaces the RPCs found in the contracts; `observe` is told about every request.
    """
    ways: dict[str, Any] = {**channels, NAME: _own(settings, channels)}
    rpcs = compiled(one for one in (bindings() if published is None else published) if one.service in ways)
    doors = Doors(Exchange(_issue(channels, settings.deadline), settings.token_lifetime))
    routes = RpcRoutes(endpoint_of(rpc, ways[rpc.binding.service], settings, doors) for rpc in rpcs)
    app = Gateway(routes, settings, observe)
    app.add_exception_handler(HTTPException, _refusal)
    app.add_api_route("/livez", _alive, methods=READ, include_in_schema=False)
    app.add_api_route("/readyz", _readiness(channels), methods=READ, include_in_schema=False)
    app.include_router(documentation(rpcs))
    return app


def _own(settings: GatewaySettings, channels: Mapping[str, grpc.aio.Channel]) -> OwnRpcs:
    """What the gateway serves itself."""
    memory = Memory(settings.panel_memory, settings.panel_memory_bytes)
    return OwnRpcs([Customers(settings.header_budget, settings.panel_budget, memory)], Peers(channels))


def _issue(channels: Mapping[str, grpc.aio.Channel], deadline: float) -> Issue:
    """IssueToken of identity; a gateway that does not reach identity knows access tokens only."""
    if "identity" not in channels:
        return _no_identity
    call: Any = channels["identity"].unary_unary(
        ISSUE, IssueTokenRequest.SerializeToString, IssueTokenResponse.FromString
    )

    async def issue(request: IssueTokenRequest) -> IssueTokenResponse:
        answer: IssueTokenResponse = await call(request, timeout=deadline)
        return answer

    return issue


async def _no_identity(_request: IssueTokenRequest) -> IssueTokenResponse:
    raise Problem(401, "UNAUTHENTICATED", "this gateway takes access tokens only")


async def _alive() -> Response:
    return Response(status_code=204)


def _readiness(channels: Mapping[str, grpc.aio.Channel]) -> Any:
    async def ready() -> dict[str, Any]:
        """Ready as long as the process serves: a department that is down costs its own part, not the edge."""
        states = {name: channel.get_state(try_to_connect=True).name.lower() for name, channel in channels.items()}
        return {"departments": states}

    return ready


async def _refusal(request: Request, error: Exception) -> Response:
    """What Starlette itself refuses, such as a path that leads nowhere."""
    assert isinstance(error, HTTPException)
    reason = {404: "NO_SUCH_PATH", 405: "METHOD_NOT_ALLOWED"}.get(error.status_code, "REFUSED")
    allowed = ", ".join(sorted((error.headers or {}).get("Allow", "").split(", ")))
    detail = f"the path takes {allowed}" if allowed else "nothing is published under this path"
    problem = Problem(error.status_code, reason, detail, headers=[(b"allow", allowed.encode())] if allowed else ())
    headers = {name.decode(): value.decode() for name, value in problem.all_headers()}
    return Response(problem.body(request.scope["rapport.incoming"].request_id), problem.status, headers)
