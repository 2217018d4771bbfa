"""One published RPC as an OpenAPI operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rapport_gateway.openapi.schemas import DEFAULT_MOST, Schemas
from rapport_gateway.transcoding.query import Parameter
from rapport_gateway.transcoding.requests import required
from rapport_gateway.transcoding.rpc import Rpc
from rapport_kit.rpc.access import access_of

Operation = dict[str, Any]

OPEN: list[dict[str, list[str]]] = []
SECURED: list[dict[str, list[str]]] = [{"bearer": []}, {"apiKey": []}, {"session": []}]
BYTES = "application/octet-stream"
BINARY: dict[str, Any] = {"type": "string", "format": "binary"}
REFUSALS = {
    "400": "Malformed",
    "401": "Unauthenticated",
    "403": "Denied",
    "404": "NotFound",
    "409": "Conflict",
    "412": "PreconditionFailed",
    "413": "TooLarge",
    "415": "UnsupportedMediaType",
    "416": "NoSuchPart",
    "422": "KeyReused",
    "429": "Exhausted",
    "503": "Unavailable",
    "504": "TooLate",
}


def tag_of(rpc: Rpc) -> str:
    """The resource that an operation belongs to: `Person` of PersonService."""
    return rpc.binding.method.containing_service.name.removesuffix("Service")


def operation(rpc: Rpc, path_names: Mapping[str, str], schemas: Schemas, said: str) -> Operation:
    """The operation; `path_names` says how the path item calls each path variable, `said` is the RPC's comment."""
    binding, reader = rpc.binding, rpc.reader
    service = binding.method.containing_service.name
    suffix = f"_{binding.index + 1}" if binding.index else ""
    permission = access_of(binding.method).permission
    needs = f"\n\nNeeds the permission `{permission}`." if permission else ""
    # What a header or the path says better.
    elsewhere = {"request_id", *path_names}
    described: Operation = {
        "operationId": f"{service}_{binding.method.name}{suffix}",
        "tags": [tag_of(rpc)],
        "summary": said.split(". ")[0].split("\n\n")[0].rstrip("."),
        "description": f"{said}{needs}",
        "security": OPEN if binding.public else SECURED,
        "parameters": [
            *(_in_path(one, path_names[one.name], schemas) for one in reader.path_parameters),
            *(_in_query(one, schemas) for one in reader.query.parameters if one.name not in elsewhere),
            *({"$ref": f"#/components/parameters/{name}"} for name in _headers(rpc)),
        ],
        "responses": _responses(rpc, schemas),
    }
    if reader.body_type is not None and not rpc.uploads:
        content = {"application/json": {"schema": schemas.of(reader.body_type, taken=True, without=elsewhere)}}
        described["requestBody"] = {"required": reader.body_required, "content": content}
    if rpc.uploads:
        described["requestBody"] = {"required": True, "content": {BYTES: {"schema": BINARY}}}
    return described


def _in_path(parameter: Parameter, name: str, schemas: Schemas) -> dict[str, Any]:
    schema = schemas.field(parameter.field, taken=True)
    description = schema.pop("description", "")
    if schema.get("type") == "string":
        schema["minLength"] = 1
    located = {"name": name, "in": "path", "required": True, "schema": schema}
    return located | ({"description": description} if description else {})


def _in_query(parameter: Parameter, schemas: Schemas) -> dict[str, Any]:
    schema = schemas.field(parameter.field, taken=True)
    schema["type"] = "string" if isinstance(schema.get("type"), list) else schema.get("type", "string")
    located: dict[str, Any] = {"name": parameter.json_name, "in": "query", "schema": schema}
    if description := schema.pop("description", ""):
        located["description"] = description
    if required(parameter.field):
        located["required"] = True
    if schema["type"] == "array":
        schema["maxItems"] = min(schema.get("maxItems", DEFAULT_MOST), DEFAULT_MOST)
        located |= {"style": "form", "explode": True}
    return located


def _headers(rpc: Rpc) -> list[str]:
    reader = rpc.reader
    names = ["RequestId"]
    if reader.takes_key and not rpc.binding.safe:
        names.append("IdempotencyKey")
    if reader.etag.exists:
        names.append("IfMatch")
    if rpc.has_etag and rpc.binding.safe:
        names.append("IfNoneMatch")
    if rpc.downloads:
        names.append("Range")
    return names


def _responses(rpc: Rpc, schemas: Schemas) -> dict[str, Any]:
    answer = rpc.binding.method.output_type
    schema = schemas.of(answer, taken=False) if rpc.part is None else schemas.field(rpc.part, taken=False)
    ok: dict[str, Any] = {"description": "Done.", "content": {"application/json": {"schema": schema}}}
    if rpc.binding.method.server_streaming:
        text = {"description": "Events; the data of each is JSON, as `x-event` describes it.", "x-event": schema}
        ok["content"] = {"text/event-stream": {"schema": text}}
    if rpc.downloads:
        ok["content"] = {"*/*": {"schema": BINARY}}
    headers = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
    if rpc.has_etag:
        headers["ETag"] = {"$ref": "#/components/headers/ETag"}
    ok["headers"] = headers
    responses = {"200": ok}
    if rpc.downloads:
        responses["206"] = ok | {"description": "The part that Range asked for."}
    if (rpc.has_etag and rpc.binding.safe) or rpc.downloads:
        responses["304"] = {"description": "Unchanged: If-None-Match names the current etag."}
    unsafe = not rpc.binding.safe
    left_out = {
        "404": not rpc.reader.path_parameters and rpc.binding.safe,
        "409": not unsafe,
        "412": not rpc.reader.etag.exists,
        "413": rpc.reader.body_type is None,
        "415": rpc.reader.body_type is None or rpc.uploads,
        "416": not rpc.downloads,
        "422": not (unsafe and rpc.reader.takes_key),
    }
    for status, name in REFUSALS.items():
        if not left_out.get(status, False):
            responses[status] = {"$ref": f"#/components/responses/{name}"}
    responses["default"] = {"$ref": "#/components/responses/Failure"}
    return responses
