"""The OpenAPI document and the page that shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import jsonschema_rs
import orjson
from typer.testing import CliRunner

from rapport_gateway.catalogue import bindings
from rapport_gateway.openapi.document import published
from rapport_kit.cli import build

DOCUMENT = published()


def operations() -> Iterator[dict[str, Any]]:
    for item in DOCUMENT["paths"].values():
        yield from item.values()


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for inner in node.values():
            yield from references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from references(inner)


def test_every_binding_is_one_operation_with_an_id_of_its_own() -> None:
    ids = [operation["operationId"] for operation in operations()]

    assert len(ids) == len(set(ids)) == len(bindings())
    assert "PersonService_GetPerson" in ids


def integers(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("type") in ("integer", ["integer", "null"]):
            yield node
        for inner in node.values():
            yield from integers(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from integers(inner)


def test_every_whole_number_has_an_example_that_somebody_might_send() -> None:
    found = list(integers(DOCUMENT))
    assert len(found) > 50
    assert all(1 <= example <= 999 for each in found for example in each.get("examples", [0]))


def test_no_page_is_described_as_of_fewer_than_no_rows() -> None:
    sizes = [one["schema"] for each in operations() for one in each["parameters"] if one.get("name") == "pageSize"]
    assert len(sizes) > 20
    assert {schema["minimum"] for schema in sizes} == {0}


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DOCUMENT))
    assert "#/components/headers/ETag" in found
    for reference in found:
        node: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            assert step in node, reference
            node = node[step]


def test_every_schema_is_a_json_schema() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid(schema), name


def test_every_operation_says_what_the_contract_says() -> None:
    assert all(operation["summary"] for operation in operations())
    person = DOCUMENT["components"]["schemas"]["Person"]
    assert person["description"] == "A human being the company deals with (CON-01)."
    assert person["properties"]["organisationId"]["description"] == "The organisation the person mainly works for."


def test_an_input_is_closed_names_what_is_required_and_takes_null_for_the_rest() -> None:
    schemas = DOCUMENT["components"]["schemas"]

    email = schemas["EmailAddressInput"]
    assert email["required"] == ["address"]
    assert email["additionalProperties"] is False
    assert email["properties"]["address"]["maxLength"] == 254
    assert schemas["PersonInput"]["properties"]["jobTitle"]["type"] == ["string", "null"]
    assert schemas["PersonInput"]["properties"]["createTime"]["readOnly"] is True


def test_path_variables_of_one_place_have_one_name() -> None:
    (path,) = [path for path in DOCUMENT["paths"] if re.fullmatch(r"/v1/people/{\w+}", path)]
    item = DOCUMENT["paths"][path]

    assert set(item) == {"get", "patch", "delete"}
    for operation in item.values():
        assert f"/v1/people/{{{operation['parameters'][0]['name']}}}" == path


def test_headers_are_described_where_they_count() -> None:
    names = {
        operation["operationId"]: {one["$ref"].rpartition("/")[2] for one in operation["parameters"] if "$ref" in one}
        for operation in operations()
    }

    assert names["PersonService_CreatePerson"] == {"RequestId", "IdempotencyKey"}
    assert names["PersonService_UpdatePerson"] == {"RequestId", "IdempotencyKey", "IfMatch"}
    assert names["PersonService_GetPerson"] == {"RequestId", "IfNoneMatch"}
    assert names["PersonService_ListPeople"] == {"RequestId"}


def test_public_operations_need_no_credential() -> None:
    security = {operation["operationId"]: operation["security"] for operation in operations()}

    assert security["SessionService_CreateSession"] == []
    assert len(security["PersonService_GetPerson"]) == 3


async def test_the_page_and_its_parts_come_from_this_server_alone(client: httpx2.AsyncClient) -> None:
    page = await client.get("/docs")

    assert "http" not in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    for part in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png", "start.js"):
        assert f"/docs/{part}" in page.text
        assert (await client.get(f"/docs/{part}")).status_code == 200
    other = await client.get("/docs/other.js")
    assert (other.status_code, other.json()["reason"]) == (404, "NO_SUCH_PATH")


async def test_the_address_alone_leads_to_the_page(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/")

    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")


async def test_the_document_is_served(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/openapi.json")

    assert answer.json()["openapi"] == "3.1.0"
    assert set(answer.json()["paths"]) <= set(DOCUMENT["paths"])


def test_the_command_prints_the_document() -> None:
    result = CliRunner().invoke(build(), ["openapi"])

    assert result.exit_code == 0, result.output
    assert orjson.loads(result.stdout) == orjson.loads(orjson.dumps(DOCUMENT))


def test_uploads_and_downloads_are_described_as_bytes() -> None:
    upload = DOCUMENT["paths"]["/v1/files:upload"]["post"]
    assert upload["requestBody"]["content"] == {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
    }
    assert "415" not in upload["responses"]
    download = next(one for one in operations() if one["operationId"] == "FileService_DownloadFile")
    assert download["responses"]["206"]["content"] == {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    assert {"$ref": "#/components/parameters/Range"} in download["parameters"]
    assert "416" in download["responses"]
    watch = next(one for one in operations() if one["operationId"] == "FileService_WatchFile")
    assert list(watch["responses"]["200"]["content"]) == ["text/event-stream"]
