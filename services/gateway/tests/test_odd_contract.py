"""Shapes of google.api.http beyond the standard methods, and streams of events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import grpc
import httpx2
import orjson
import pytest
from uvicorn import Server

from rapport_gateway.app import create_app
from rapport_gateway.openapi.document import document
from rapport_gateway.server import configuration, listen
from rapport_gateway.settings import GatewaySettings
from rapport_gateway.transcoding.paths import PathTree, Template
from rapport_gateway.transcoding.rpc import compiled

from .odd_contract import OddPeer, odd_bindings
from .people_peer import Peer


@pytest.fixture
async def odd() -> OddPeer:
    return OddPeer()


@pytest.fixture
async def identity() -> Peer:
    return Peer()


@pytest.fixture
async def served(odd: OddPeer, identity: Peer, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """A gateway on a real port: streams need one."""
    backend = grpc.aio.server()
    backend.add_generic_rpc_handlers([odd.handler(), *identity.handlers()])
    backend.add_insecure_port(f"unix:{tmp_path}/odd.sock")
    await backend.start()
    settings = replace(GatewaySettings.load(), heartbeat=0.1, stream_deadline=5.0)
    async with grpc.aio.insecure_channel(f"unix:{tmp_path}/odd.sock") as channel:
        app = create_app(settings, {"odd": channel, "identity": channel}, published=odd_bindings())
        with listen("127.0.0.1:0") as listener:
            server = Server(configuration(settings, app))
            serving = asyncio.create_task(server._serve(sockets=[listener]))
            base = f"http://127.0.0.1:{listener.getsockname()[1]}"
            async with httpx2.AsyncClient(base_url=base, timeout=10) as client:
                yield client
            server.should_exit = True
            await serving
    await backend.stop(0)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/odd/plain", "plain"),
        ("/v1/things/shelves/3/books/a%20b", "shelves/3/books/a b"),
        ("/v1/files/a/b/c", "a/b/c"),
    ],
)
async def test_additional_bindings_and_long_variables_reach_the_same_rpc(
    served: httpx2.AsyncClient, path: str, name: str
) -> None:
    assert (await served.get(path)).json() == {"odd": {"name": name}}


async def test_a_path_that_only_resembles_a_binding_is_404(served: httpx2.AsyncClient) -> None:
    for path in ("/v1/things/shelves/3/magazines/1", "/v1/files/", "/v1/odd/", "/v1//plain"):
        assert (await served.get(path)).status_code == 404


async def test_a_numeric_variable_a_body_field_and_a_response_body(served: httpx2.AsyncClient, odd: OddPeer) -> None:
    answer = await served.post("/v1/odd/12/brick:weigh?sure=true", json={"label": "heavy"})
    wrong = await served.post("/v1/odd/twelve/brick:weigh", json={})

    assert answer.json() == {"name": "brick", "inner": {"label": "heavy", "count": "12"}, "sure": True}
    assert (wrong.status_code, wrong.json()["violations"][0]["field"]) == (400, "inner.count")


async def test_nested_and_well_known_query_parameters(served: httpx2.AsyncClient) -> None:
    query = (
        "inner.label=x&inner.count=9007199254740993&self.inner.label=y&tags=a&tags=b&when=2026-01-31T10:00:00%2B01:00"
        "&span=3.5s&maybe=false&ratio=-0.5e1&class=k"
    )

    assert (await served.get(f"/v1/odd?{query}")).json()["odd"] == {
        "inner": {"label": "x", "count": "9007199254740993"},
        "self": {"inner": {"label": "y"}},
        "tags": ["a", "b"],
        "when": "2026-01-31T09:00:00Z",
        "span": "3.500s",
        "maybe": False,
        "ratio": -5.0,
        "class": "k",
    }


async def test_a_stream_is_events_with_ids(served: httpx2.AsyncClient, odd: OddPeer) -> None:
    answer = await served.get("/v1/odd:watch", headers={"last-event-id": "t9"})

    assert answer.headers["content-type"] == "text/event-stream"
    assert odd.requests[0].resume_token == "t9"
    blocks = answer.text.split("\n\n")[:3]
    assert blocks[0] == 'id: t0\nevent: message\ndata: {"text":"line\\n0","resumeToken":"t0"}'
    assert [block.split("\n")[0] for block in blocks] == ["id: t0", "id: t1", "id: t2"]


async def test_a_stream_that_is_refused_is_a_problem(served: httpx2.AsyncClient) -> None:
    answer = await served.get("/v1/odd:watch?name=refused")

    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")


async def test_a_stream_that_breaks_ends_with_an_error_event(served: httpx2.AsyncClient) -> None:
    answer = await served.get("/v1/odd:watch?name=breaks")

    event, data = answer.text.strip().split("\n\n")[-1].split("\n")
    assert event == "event: error"
    assert orjson.loads(data.removeprefix("data: "))["status"] == 503


async def test_a_stream_that_refuses_a_token_has_it_exchanged_anew(served: httpx2.AsyncClient, identity: Peer) -> None:
    for count, name in enumerate(("unknown", "taken back"), start=1):
        answer = await served.get("/v1/odd:watch", params={"name": name}, headers={"x-api-key": "rpk_good"})
        assert ("www-authenticate" in answer.headers, answer.status_code) in ((True, 401), (False, 200))
        assert "UNAUTHENTICATED" in answer.text
        assert len(identity.issued) == count
    await served.get("/v1/odd/plain", headers={"x-api-key": "rpk_good"})
    assert len(identity.issued) == 3


async def test_a_silent_stream_says_that_it_lives_and_is_cancelled_with_its_client(
    served: httpx2.AsyncClient, odd: OddPeer
) -> None:
    async with served.stream("GET", "/v1/odd:watch?name=waits") as answer:
        async for line in answer.aiter_lines():
            if line == ": alive":
                break

    deadline = time.monotonic() + 5
    while not odd.cancelled and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    assert odd.cancelled


@pytest.mark.parametrize(
    "line", [b"BREW /v1/people HTTP/1.1", b"hello", b"GET /v1/people?filter=" + b"a" * 70_000 + b" HTTP/1.1"]
)
async def test_what_is_no_http_is_refused_as_everything_else_is(served: httpx2.AsyncClient, line: bytes) -> None:
    reader, writer = await asyncio.open_connection(served.base_url.host, served.base_url.port)
    writer.write(line + b"\r\nHost: acme.localhost\r\n\r\n")
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()

    assert head.startswith(b"HTTP/1.1 400 ")
    told = orjson.loads(body)
    assert told["reason"] == "MALFORMED_REQUEST"
    request_id = f"x-request-id: {told['request_id']}"
    for header in ("content-type: application/problem+json", "x-frame-options: DENY", request_id):
        assert header.encode() in head


def test_paths_that_differ_in_names_only_are_one_path_of_the_document() -> None:
    paths = document(compiled(odd_bindings()))["paths"]

    assert set(paths) == {
        "/v1/odd",
        "/v1/odd/{name}",
        "/v1/things/{name}",
        "/v1/files/{name}",
        "/v1/odd/{name}/{name_2}:weigh",
        "/v1/odd:watch",
    }


@pytest.mark.parametrize("path", ["v1/people", "/v1/{Name}", "/v1/{name=**}/more", "/v1//people", "/v1/{a"])
def test_a_template_outside_the_grammar_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"path template|last segment"):
        Template.parse(path)


def test_two_rpcs_on_one_path_are_refused() -> None:
    tree: PathTree[int] = PathTree()
    tree.add(Template.parse("/v1/people/{id}"), "GET", 1)

    with pytest.raises(ValueError, match="two RPCs share GET"):
        tree.add(Template.parse("/v1/people/{person.id}"), "GET", 2)
