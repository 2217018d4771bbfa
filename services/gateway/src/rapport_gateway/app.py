"""The gateway as a FastAPI application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import grpc
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException

from rapport.identity.v1.tokens_pb2 import IssueTokenRequest, IssueTokenResponse
from rapport_gateway.catalogue import Binding, bindings
from rapport_gateway.credentials import Doors, Exchange, Issue
from rapport_gateway.edge import Edge, Observe, unobserved
from rapport_gateway.openapi.pages import documentation
from rapport_gateway.problem import Problem
from rapport_gateway.settings import GatewaySettings
from rapport_gateway.transcoding.endpoint import Endpoint
from rapport_gateway.transcoding.routes import RpcRoutes
from rapport_gateway.transcoding.rpc import compiled

ISSUE = "/rapport.identity.v1.TokenService/IssueToken"
CORS_HEADERS = ["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "X-Api-Key"]
CORS_EXPOSED = ["ETag", "X-Request-Id", "Retry-After"]


def create_app(
    settings: GatewaySettings,
    channels: Mapping[str, grpc.aio.Channel],
    *,
    published: Iterable[Binding] | None = None,
    observe: Observe = unobserved,
) -> FastAPI:
    """The edge over `channels`, by service name; RPCs of services without a channel are not published.

    `published` replaces the RPCs found in the contracts; `observe` is told about every request.
    """
    rpcs = compiled(one for one in (bindings() if published is None else published) if one.service in channels)
    doors = Doors(Exchange(_issue(channels, settings.deadline), settings.token_lifetime))
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.add_exception_handler(HTTPException, _as_problem)
    app.router.routes.append(RpcRoutes(Endpoint(rpc, channels[rpc.binding.service], settings, doors) for rpc in rpcs))
    app.add_api_route("/livez", _alive, include_in_schema=False)
    app.add_api_route("/readyz", _readiness(channels), include_in_schema=False)
    app.include_router(documentation(rpcs))
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["*"],
            allow_headers=CORS_HEADERS,
            expose_headers=CORS_EXPOSED,
        )
    app.add_middleware(Edge, trusted_proxies=settings.trusted_proxies, observe=observe)
    return app


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


async def _as_problem(_request: Request, error: Exception) -> Response:
    """What Starlette itself refuses, such as a path that leads nowhere."""
    with suppress(AttributeError):
        status = error.status_code  # type: ignore[attr-defined]
        raise Problem(status, {404: "NO_SUCH_PATH"}.get(status, "REFUSED"), "nothing is published under this path")
    raise error
