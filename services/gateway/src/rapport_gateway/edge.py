"""The outermost layer of every request: its id, the limits, security headers, and the last word on errors."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rapport_gateway.incoming import admit, new_request_id
from rapport_gateway.problem import Problem
from rapport_kit.settings import Networks

SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")

Observe = Callable[[str, str, int, float], None]
"""Told after each request: RPC's full name (empty for other paths), HTTP method, status, seconds."""

log = structlog.get_logger(__name__)


def unobserved(_rpc: str, _method: str, _status: int, _seconds: float) -> None:
    """Observes nothing."""


class Edge:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, *, trusted_proxies: Networks = (), observe: Observe = unobserved) -> None:
        self._app = app
        self._trusted = trusted_proxies
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0
        headers: list[tuple[bytes, bytes]] = list(SECURITY)
        request_id = ""

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        try:
            incoming = admit(scope, self._trusted)
            request_id = incoming.request_id
            scope["rapport.incoming"] = incoming
            headers.append((b"x-request-id", request_id.encode()))
            if incoming.secure:
                headers.append(HTTPS_ONLY)
            await self._app(scope, receive, send_with_headers)
        except Problem as problem:
            if not status:
                await _refuse(problem, request_id or new_request_id(), send_with_headers)
        except Exception as error:
            request_id = request_id or new_request_id()
            # The error's text may hold what a person typed; its type and place do not.
            log.error(  # noqa: TRY400
                "request failed", request_id=request_id, error=type(error).__name__, where=_where(error)
            )
            if status:
                raise
            broken = Problem(500, "INTERNAL", "Something broke inside. The request id leads to it in the logs.")
            await _refuse(broken, request_id, send_with_headers)
        finally:
            self._observe(scope.get("rapport.rpc", ""), scope["method"], status, time.perf_counter() - began)


async def _refuse(problem: Problem, request_id: str, send: Send) -> None:
    body = problem.body(request_id)
    headers = [*problem.all_headers(), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _where(error: BaseException) -> str:
    trace: Any = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else ""
