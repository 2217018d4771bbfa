"""All published RPCs as one route of the application."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from rapport_gateway.problem import Problem
from rapport_gateway.transcoding.endpoint import Endpoint
from rapport_gateway.transcoding.paths import PathTree


class RpcRoutes(BaseRoute):
    """Finds the RPC of a request by its path and method."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._tree: PathTree[Endpoint] = PathTree()
        for endpoint in endpoints:
            self._tree.add(endpoint.rpc.reader.template, endpoint.rpc.binding.verb, endpoint)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Every path that an RPC is published under, whatever the method."""
        if scope["type"] != "http":
            return Match.NONE, {}
        found = self._tree.find(_raw_path(scope))
        if found is None:
            return Match.NONE, {}
        methods, segments = found
        return Match.FULL, {"rapport.methods": methods, "rapport.segments": segments}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the RPC, or says which methods the path has."""
        methods: dict[str, Endpoint] = scope["rapport.methods"]
        endpoint = methods.get("GET" if scope["method"] == "HEAD" else scope["method"])
        if endpoint is None:
            allowed = ", ".join(sorted({*methods, *({"HEAD"} if "GET" in methods else ())}))
            raise Problem(
                405, "METHOD_NOT_ALLOWED", f"the path takes {allowed}", headers=[(b"allow", allowed.encode("ascii"))]
            )
        scope["rapport.rpc"] = endpoint.rpc.name
        await endpoint(scope, receive, send)


def _raw_path(scope: Scope) -> str:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.partition(b"?")[0].decode("latin-1")
