"""Every mapping rule of google.api.http, over a real gRPC connection."""

from __future__ import annotations

import uuid

import grpc
import httpx2
import pytest
from google.rpc import error_details_pb2
from grpc.aio import Metadata
from structlog.testing import capture_logs

from rapport_gateway.problem import Problem

from .people_peer import Peer, status


async def test_a_path_variable_reaches_the_service(client: httpx2.AsyncClient, peer: Peer) -> None:
    person = peer.person(display_name="Ada Lovelace", lifecycle_stage=2)

    answer = await client.get(f"/v1/people/{person.id}")

    assert answer.status_code == 200
    assert answer.json() == {
        "id": person.id,
        "displayName": "Ada Lovelace",
        "lifecycleStage": "LIFECYCLE_STAGE_LEAD",
        "etag": '"1"',
    }
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["cache-control"] == "no-store"


async def test_an_escaped_slash_stays_inside_its_segment(client: httpx2.AsyncClient, peer: Peer) -> None:
    await client.get("/v1/people/a%2Fb%20c%3Aundelete")

    assert peer.last.id == "a/b c:undelete"


async def test_query_parameters_are_read_in_both_spellings(client: httpx2.AsyncClient, peer: Peer) -> None:
    await client.get("/v1/people?pageSize=7&order_by=family_name&showDeleted=true&filter=a%20%3D%201")

    assert (peer.last.page_size, peer.last.order_by, peer.last.show_deleted) == (7, "family_name", True)
    assert peer.last.filter == "a = 1"


async def test_repeated_query_parameters_keep_their_order(client: httpx2.AsyncClient, peer: Peer) -> None:
    first, second = peer.person(), peer.person()

    answer = await client.get(f"/v1/people:batchGet?ids={second.id}&ids={first.id}")

    assert [person["id"] for person in answer.json()["people"]] == [second.id, first.id]


@pytest.mark.parametrize(
    ("query", "field", "reason"),
    [
        ("colour=red", "colour", "UNKNOWN_PARAMETER"),
        ("pageSize=many", "page_size", "WRONG_TYPE"),
        ("pageSize=", "page_size", "WRONG_TYPE"),
        ("pageSize=99999999999", "page_size", "OUT_OF_RANGE"),
        ("showDeleted=1", "show_deleted", "WRONG_TYPE"),
        ("pageSize=1&page_size=2", "page_size", "GIVEN_TWICE"),
        ("filter=%FF", "query", "WRONG_FORMAT"),
    ],
)
async def test_a_wrong_query_parameter_is_named(
    client: httpx2.AsyncClient, peer: Peer, query: str, field: str, reason: str
) -> None:
    answer = await client.get(f"/v1/people?{query}")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert [(one["field"], one["reason"]) for one in answer.json()["violations"]] == [(field, reason)]
    assert peer.requests == []


async def test_a_body_field_is_the_http_body_and_the_rest_comes_from_the_query(
    client: httpx2.AsyncClient, peer: Peer
) -> None:
    answer = await client.post("/v1/people?validateOnly=true", json={"displayName": "Ada"})

    assert answer.status_code == 200
    assert peer.last.validate_only
    assert peer.last.person.display_name == "Ada"
    assert peer.people == {}


async def test_a_body_of_star_is_the_whole_request(client: httpx2.AsyncClient, peer: Peer) -> None:
    body = {"requests": [{"person": {"displayName": "Ada"}}, {"person": {"displayName": "Bob"}}]}

    answer = await client.post("/v1/people:batchCreate?validateOnly=true", json=body)

    assert [person["displayName"] for person in answer.json()["people"]] == ["Ada", "Bob"]
    assert peer.last.validate_only


async def test_a_custom_verb_may_come_without_a_body(client: httpx2.AsyncClient, peer: Peer) -> None:
    person = peer.person()

    answer = await client.post(f"/v1/people/{person.id}:undelete")

    assert answer.status_code == 200
    assert peer.last.id == person.id


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        (b'{"nickname": "x"}', "person.nickname", "UNKNOWN_FIELD"),
        (b'{"channels": [{"email": {"address": 1}}]}', "person.channels[0].email.address", "WRONG_TYPE"),
        (b"[]", "person", "WRONG_TYPE"),
        (b'{"givenName": "a", "givenName": "b"}', "givenName", "GIVEN_TWICE"),
    ],
)
async def test_a_wrong_body_names_the_field(
    client: httpx2.AsyncClient, peer: Peer, body: bytes, field: str, reason: str
) -> None:
    answer = await client.post("/v1/people", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 400
    assert answer.json()["violations"][0]["field"] == field
    assert answer.json()["reason"] == reason
    assert peer.requests == []


@pytest.mark.parametrize(
    ("content", "kind", "status_code", "reason"),
    [
        (b'{"displayName": ', "application/json", 400, "MALFORMED_JSON"),
        (b'{"displayName": "\\ud800"}', "application/json", 400, "MALFORMED_JSON"),
        (b"[" * 100 + b"]" * 100, "application/json", 400, "TOO_DEEP"),
        (b"", "application/json", 400, "BODY_REQUIRED"),
        (b"<a/>", "application/xml", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"{}", "application/json; charset=latin-1", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b'{"displayName": "' + b"a" * 1024 * 1024 + b'"}', "application/json", 413, "BODY_TOO_LARGE"),
    ],
)
async def test_what_is_no_json_of_the_right_size_is_refused(
    client: httpx2.AsyncClient, peer: Peer, content: bytes, kind: str, status_code: int, reason: str
) -> None:
    answer = await client.post("/v1/people", content=content, headers={"content-type": kind})

    assert (answer.status_code, answer.json()["reason"]) == (status_code, reason)
    assert peer.requests == []


async def test_a_patch_without_a_mask_changes_exactly_the_fields_of_its_body(
    client: httpx2.AsyncClient, peer: Peer
) -> None:
    person = peer.person(display_name="Ada", job_title="Analyst", locale="en")

    answer = await client.patch(
        f"/v1/people/{person.id}", json={"jobTitle": "", "display_name": None, "id": person.id, "createTime": None}
    )

    assert list(peer.last.update_mask.paths) == ["display_name", "job_title"]
    assert answer.json() == {"id": person.id, "locale": "en", "etag": '"2"'}


async def test_a_mask_in_the_query_is_taken_as_it_is(client: httpx2.AsyncClient, peer: Peer) -> None:
    person = peer.person(display_name="Ada", job_title="Analyst")

    await client.patch(f"/v1/people/{person.id}?updateMask=jobTitle,display_name", json={"displayName": "Bob"})

    assert list(peer.last.update_mask.paths) == ["job_title", "display_name"]


async def test_a_body_that_contradicts_the_path_is_refused(client: httpx2.AsyncClient, peer: Peer) -> None:
    answer = await client.patch(f"/v1/people/{uuid.uuid4()}", json={"id": str(uuid.uuid4())})

    assert answer.status_code == 400
    assert answer.json()["violations"][0]["field"] == "person.id"


async def test_a_stale_if_match_is_412_and_a_stale_etag_in_the_body_409(client: httpx2.AsyncClient, peer: Peer) -> None:
    path = f"/v1/people/{peer.person().id}"

    conditional = await client.patch(path, json={"displayName": "A"}, headers={"if-match": '"9"'})
    plain = await client.patch(path, json={"displayName": "A", "etag": '"9"'})
    current = await client.patch(path, json={"displayName": "A"}, headers={"if-match": '"1"'})
    deleted = await client.delete(path, headers={"if-match": '"1"'})

    assert [conditional.status_code, plain.status_code, current.status_code] == [412, 409, 200]
    assert deleted.status_code == 412
    assert deleted.json()["reason"] == "ETAG_MISMATCH"


@pytest.mark.parametrize("value", ["", '"1", "2"', "1", '"1'])
async def test_an_if_match_that_is_not_one_etag_is_refused(client: httpx2.AsyncClient, peer: Peer, value: str) -> None:
    answer = await client.delete(f"/v1/people/{peer.person().id}", headers={"if-match": value})

    assert answer.status_code == 400
    assert answer.json()["violations"][0]["field"] == "If-Match"


async def test_if_match_is_never_ignored(client: httpx2.AsyncClient, peer: Peer) -> None:
    for path, body in (("/v1/people:batchCreate", {"requests": []}), ("/v1/people", {"givenName": "Ada"})):
        answer = await client.post(path, json=body, headers={"if-match": '"1"'})
        assert (answer.status_code, answer.json()["reason"]) == (400, "UNSUPPORTED")
    assert peer.requests == []


async def test_an_unchanged_resource_is_304(client: httpx2.AsyncClient, peer: Peer) -> None:
    person = peer.person()

    same = await client.get(f"/v1/people/{person.id}", headers={"if-none-match": '"0", W/"1"'})
    other = await client.get(f"/v1/people/{person.id}", headers={"if-none-match": '"0"'})

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", '"1"')
    assert other.status_code == 200


async def test_head_is_get_without_a_body(client: httpx2.AsyncClient, peer: Peer) -> None:
    answer = await client.head(f"/v1/people/{peer.person().id}")

    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) > 0
    assert answer.content == b""


@pytest.mark.parametrize("key", ["5f0c3b1e-7a52-4d7e-9d0b-0c3a3f9be2a4", "order-4711", '"order-4711"', "x" * 255])
async def test_an_idempotency_key_makes_a_repeat_answer_as_the_first(
    client: httpx2.AsyncClient, peer: Peer, key: str
) -> None:
    first = await client.post("/v1/people", json={"displayName": "Ada"}, headers={"idempotency-key": key})
    again = await client.post("/v1/people", json={"displayName": "Ada"}, headers={"idempotency-key": key})
    other = await client.post("/v1/people", json={"displayName": "Bob"}, headers={"idempotency-key": key})

    assert first.json() == again.json()
    assert len(peer.people) == 1
    assert uuid.UUID(peer.last.request_id)
    assert (other.status_code, other.json()["reason"]) == (422, "IDEMPOTENCY_KEY_REUSED")


@pytest.mark.parametrize("key", ["", "no spaces", "x" * 256])
async def test_a_malformed_idempotency_key_is_refused(key: str, client: httpx2.AsyncClient, peer: Peer) -> None:
    answer = await client.post("/v1/people", json={}, headers={"idempotency-key": key})

    assert answer.status_code == 400
    assert answer.json()["violations"][0]["field"] == "Idempotency-Key"


async def test_an_unknown_path_is_404_and_an_unknown_method_405(client: httpx2.AsyncClient) -> None:
    nowhere = await client.get("/v1/unicorns")
    trailing = await client.get("/v1/people/")
    wrong = await client.put("/v1/people", json={})

    assert (nowhere.status_code, nowhere.json()["reason"]) == (404, "NO_SUCH_PATH")
    assert trailing.status_code == 404
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize(
    ("method", "verb"), [("GET", "undelte"), ("POST", "undelte"), ("DELETE", "undelte"), ("GET", "")]
)
async def test_a_verb_that_there_is_none_of_is_404(
    client: httpx2.AsyncClient, peer: Peer, method: str, verb: str
) -> None:
    answer = await client.request(method, f"/v1/people/{uuid.uuid4()}:{verb}")

    assert (answer.status_code, answer.json()["reason"]) == (404, "NO_SUCH_PATH")
    assert peer.requests == []


async def test_a_refusal_of_the_service_keeps_its_reason_metadata_and_violations(
    client: httpx2.AsyncClient, peer: Peer
) -> None:
    violation = error_details_pb2.BadRequest.FieldViolation(
        field="person.locale", description="not a language tag", reason="LOCALE_INVALID"
    )
    peer.failure = status(
        "INVALID_ARGUMENT",
        "LOCALE_INVALID",
        "person.locale: not a language tag",
        error_details_pb2.BadRequest(field_violations=[violation]),
        field="person.locale",
    )

    answer = await client.post("/v1/people", json={"locale": "??"}, headers={"x-request-id": "abc-1"})

    assert answer.status_code == 400
    assert answer.json() == {
        "type": "urn:rapport:problem:LOCALE_INVALID",
        "title": "Bad Request",
        "status": 400,
        "detail": "person.locale: not a language tag",
        "reason": "LOCALE_INVALID",
        "metadata": {"field": "person.locale"},
        "violations": [{"field": "person.locale", "reason": "LOCALE_INVALID", "message": "not a language tag"}],
        "request_id": "abc-1",
    }


async def test_what_breaks_inside_a_service_is_not_told(client: httpx2.AsyncClient, peer: Peer) -> None:
    peer.failure = status("INTERNAL", "INTERNAL", "psycopg: password of ada@example.org", id="42", secret="x")

    with capture_logs() as logged:
        answer = await client.get("/v1/people")

    assert answer.status_code == 500
    assert "ada@" not in answer.text
    assert answer.json()["metadata"] == {"id": "42"}
    (line,) = logged
    assert (line["event"], line["id"], line["code"]) == ("department failed", "42", "INTERNAL")
    assert line["request_id"] == answer.json()["request_id"]
    assert "ada@" not in str(line)


async def test_a_change_of_which_nobody_knows_is_not_told_as_one_that_broke(
    client: httpx2.AsyncClient, peer: Peer
) -> None:
    peer.failure = status("UNKNOWN", "COMMIT_IN_DOUBT", "the outcome is not known; read before you try again")

    answer = await client.post("/v1/people", json={"givenName": "Ada"})

    assert (answer.status_code, answer.json()["reason"]) == (504, "COMMIT_IN_DOUBT")
    assert answer.json()["detail"] == "the outcome is not known; read before you try again"
    assert "retry-after" not in answer.headers


def test_a_connection_that_breaks_amid_an_upload_is_a_department_that_does_not_answer() -> None:
    said = ("Internal error from Core", 'Failed "execute_batch": (SendMessageOperation)')
    broken = grpc.aio.AioRpcError(grpc.StatusCode.INTERNAL, Metadata(), Metadata(), *said)
    faulty = grpc.aio.AioRpcError(grpc.StatusCode.INTERNAL, Metadata(), Metadata(), "Exception deserializing response!")

    assert (Problem.of_rpc(broken).status, Problem.of_rpc(broken).reason) == (503, "UNAVAILABLE")
    assert (Problem.of_rpc(faulty).status, Problem.of_rpc(faulty).reason) == (500, "INTERNAL")


async def test_a_busy_service_says_when_to_come_back(client: httpx2.AsyncClient, peer: Peer) -> None:
    retry = error_details_pb2.RetryInfo()
    retry.retry_delay.FromMilliseconds(2500)
    peer.failure = status("RESOURCE_EXHAUSTED", "TOO_MANY", "slow down", retry)

    answer = await client.get("/v1/people")

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")


async def test_every_code_of_grpc_has_its_status(client: httpx2.AsyncClient, peer: Peer) -> None:
    seen = {}
    for code in ("PERMISSION_DENIED", "UNAUTHENTICATED", "ALREADY_EXISTS", "UNIMPLEMENTED", "ABORTED", "DATA_LOSS"):
        peer.failure = status(code, code, "said")
        seen[code] = (await client.get("/v1/people")).status_code

    assert list(seen.values()) == [403, 401, 409, 501, 409, 500]
