"""All published RPCs, by path and method."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import Receive, Scope, Send

from rapport_gateway.problem import Problem
from rapport_gateway.transcoding.endpoint import Endpoint
from rapport_gateway.transcoding.paths import PathTree


class RpcRoutes:
    """Finds the RPC of a request."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._tree: PathTree[Endpoint] = PathTree()
        for endpoint in endpoints:
            self._tree.add(endpoint.rpc.reader.template, endpoint.rpc.binding.verb, endpoint)

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Run the RPC that is published under the path; false when there is none.

        Raises:
            Problem: the path has other methods only.
        """
        found = self._tree.find(_raw_path(scope)) if scope["type"] == "http" else None
        if found is None:
            return False
        methods, segments = found
        endpoint = methods.get("GET" if scope["method"] == "HEAD" else scope["method"])
        if endpoint is None:
            allowed = ", ".join(sorted({*methods, *({"HEAD"} if "GET" in methods else ())}))
            raise Problem(
                405, "METHOD_NOT_ALLOWED", f"the path takes {allowed}", headers=[(b"allow", allowed.encode("ascii"))]
            )
        scope["rapport.rpc"] = endpoint.rpc.name
        scope["rapport.segments"] = segments
        await endpoint(scope, receive, send)
        return True


def _raw_path(scope: Scope) -> str:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.partition(b"?")[0].decode("latin-1")
