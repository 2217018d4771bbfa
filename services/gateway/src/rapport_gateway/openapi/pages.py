"""`/openapi.json` and `/docs`, where `/` leads: the document, and Swagger UI without any other server."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

import orjson
from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import RedirectResponse

from rapport_gateway.openapi.document import document
from rapport_gateway.transcoding.rpc import Rpc

# Swagger UI writes style attributes; scripts come from this server only.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
READ = ["GET", "HEAD"]
ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rapport API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
START = """\
const csrf = () => document.cookie.match(/(?:^|; )(?:__Host-)?rapport_csrf=([^;]*)/)?.[1];

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#page",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  persistAuthorization: true,
  validatorUrl: null,
  requestInterceptor: (request) => {
    const token = csrf();
    if (token) request.headers["X-CSRF-Token"] = token;
    return request;
  },
});
"""


def documentation(rpcs: Sequence[Rpc]) -> APIRouter:
    """The routes that describe `rpcs`."""
    router = APIRouter(include_in_schema=False)

    @cache
    def text() -> bytes:
        return orjson.dumps(document(rpcs))

    @router.api_route("/", methods=READ)
    async def front() -> Response:
        return RedirectResponse("/docs")

    @router.api_route("/openapi.json", methods=READ)
    async def openapi() -> Response:
        return Response(text(), media_type="application/json")

    @router.api_route("/docs", methods=READ)
    async def page() -> Response:
        return Response(PAGE, media_type="text/html", headers={"content-security-policy": POLICY})

    @router.api_route("/docs/start.js", methods=READ)
    async def start() -> Response:
        return Response(START, media_type="text/javascript")

    @router.api_route("/docs/{name}", methods=READ)
    async def asset(name: str) -> Response:
        if name not in ASSETS:
            raise HTTPException(404)
        data = (resources.files("fastapi_swagger") / "resources" / name).read_bytes()
        return Response(data, media_type=ASSETS[name], headers={"cache-control": "public, max-age=86400"})

    return router
