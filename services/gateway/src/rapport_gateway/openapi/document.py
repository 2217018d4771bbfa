"""The OpenAPI 3.1 document of everything that is published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import version
from itertools import count
from typing import Any

from rapport_gateway.catalogue import bindings
from rapport_gateway.cookies import SESSION
from rapport_gateway.openapi.comments import comments
from rapport_gateway.openapi.operations import REFUSALS, operation, tag_of
from rapport_gateway.openapi.schemas import Schemas
from rapport_gateway.transcoding.rpc import Rpc, compiled

ABOUT = """\
Every operation is an RPC of a department, published from its contract.

- Field names are lowerCamelCase; snake_case is read as well. Fields that hold their default are left out of answers.
- A `PATCH` without `updateMask` changes exactly the fields that its body holds; `null` clears one.
- `If-Match` with the etag of an answer refuses a change to what somebody else changed meanwhile (412).
- `Idempotency-Key` on a change makes a repeat answer as the first try did, for 72 hours. A UUID is taken as it is,
  any other text becomes its version 5 UUID. The same key with another body is refused (422).
- Errors are `application/problem+json` (RFC 9457). `reason` is stable, `violations` name fields by their path in the
  contract, `request_id` leads to the logs.
- Times are RFC 3339, 64-bit integers are strings, lists are paged with `pageToken`."""

PROBLEM = {
    "type": "object",
    "description": "A refusal (RFC 9457).",
    "properties": {
        "type": {"type": "string", "examples": ["urn:rapport:problem:PERSON_NOT_FOUND"]},
        "title": {"type": "string"},
        "status": {"type": "integer", "examples": [404]},
        "detail": {"type": "string"},
        "reason": {"type": "string", "description": "Stable, in UPPER_SNAKE.", "examples": ["PERSON_NOT_FOUND"]},
        "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
        "violations": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string", "examples": ["person.channels[0].email.address"]},
                    "reason": {"type": "string"},
                    "message": {"type": "string"},
                },
                "required": ["field", "message"],
            },
        },
        "request_id": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail", "reason"],
}
MEANINGS = {
    "Malformed": "The request is not what the contract says.",
    "Unauthenticated": "There is no credential, or it is not valid.",
    "Denied": "The caller may not do this.",
    "NotFound": "There is no such resource, or none that the caller may know of.",
    "Conflict": "The resource exists already, or changed meanwhile.",
    "PreconditionFailed": "If-Match does not name the current etag.",
    "TooLarge": "The body is too large.",
    "UnsupportedMediaType": "The body is not application/json.",
    "NoSuchPart": "Range asks for bytes that the content does not have.",
    "KeyReused": "The idempotency key was used with another request.",
    "Exhausted": "A limit is reached; Retry-After says when to try again.",
    "Unavailable": "The department does not answer; try again.",
    "TooLate": "The answer took too long.",
    "Failure": "Another failure.",
}
PARAMETERS = {
    "RequestId": {
        "name": "X-Request-Id",
        "in": "header",
        "description": "Leads through the logs of all services; made up when absent.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,128}$"},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Makes a repeat of this request answer as the first did.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,255}$"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The etag that must be current, or `*`.",
        "schema": {"type": "string", "pattern": '^(\\*|"[0-9]{1,18}")$', "examples": ['"3"']},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "An etag that the caller has: the answer is 304 while it is current.",
        "schema": {"type": "string", "pattern": '^"[0-9]{1,18}"$', "examples": ['"3"']},
    },
    "Range": {
        "name": "Range",
        "in": "header",
        "description": "The part that is wanted (RFC 9110).",
        "schema": {"type": "string", "pattern": "^bytes=[0-9]{1,18}-([0-9]{1,18})?$", "examples": ["bytes=0-1023"]},
    },
}
HEADERS = {
    "RequestId": {"description": "Leads to the logs.", "schema": {"type": "string"}},
    "ETag": {"description": "The version, quoted.", "schema": {"type": "string"}},
}
SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An access token, or an API key (`rpk_…`)."},
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION,
        "description": "The cookie of `POST /v1/sessions`; `__Host-` stands before its name over HTTPS. "
        "Changes also need `X-CSRF-Token` with the value of the cookie `rapport_csrf`.",
    },
}


def document(rpcs: Iterable[Rpc]) -> dict[str, Any]:
    """The whole document, ready for JSON."""
    said = comments()
    schemas = Schemas(said)
    paths: dict[str, dict[str, Any]] = {}
    tags: dict[str, str] = {}
    named: dict[str, str] = {}
    for rpc in rpcs:
        method = rpc.binding.method
        path, names = _path(rpc, named)
        item = paths.setdefault(path, {})
        item[rpc.binding.verb.lower()] = operation(rpc, names, schemas, said.get(method.full_name, ""))
        tags.setdefault(tag_of(rpc), said.get(method.containing_service.full_name, ""))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Rapport", "version": version("rapport-gateway"), "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in tags.items()],
        "paths": paths,
        "components": {
            "schemas": {"Problem": PROBLEM, **schemas.components},
            "responses": _refusals(),
            "parameters": PARAMETERS,
            "headers": HEADERS,
            "securitySchemes": SECURITY,
        },
    }


def _refusals() -> Mapping[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    names = [*REFUSALS.values(), "Failure"]
    return {name: {"description": MEANINGS[name], "content": content} for name in names}


def _path(rpc: Rpc, named: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The path as OpenAPI writes it, and the name in it of each variable.

    Paths that differ only in variables' names are one path to OpenAPI, so the first name of a place stays.
    """
    template = rpc.reader.template
    names: dict[str, str] = {}
    written: list[str] = []
    position = 0
    for field_path, first, end in template.variables:
        written += template.segments[position:first]
        place = "/".join(template.segments[:first])
        names[field_path] = named.setdefault(place, _unlike(field_path.rpartition(".")[2], names.values()))
        written.append(f"{{{names[field_path]}}}")
        position = len(template.segments) if end is None else end
    written += template.segments[position:]
    verb = f":{template.verb}" if template.verb else ""
    return f"/{'/'.join(written)}{verb}", names


def _unlike(name: str, others: Collection[str]) -> str:
    """The name, with a number when the path has it already."""
    candidates = (name if number == 1 else f"{name}_{number}" for number in count(1))
    return next(candidate for candidate in candidates if candidate not in others)


def published() -> dict[str, Any]:
    """The document of every contract, without a running gateway: for `rapport openapi`."""
    return document(compiled(bindings()))
