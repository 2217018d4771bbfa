"""What a run says of a 500 is what the services logged of it."""

from __future__ import annotations

from pathlib import Path

import httpx2

from tests.chaos.door import Fault


def test_a_500_is_explained_by_the_lines_that_name_its_ids(tmp_path: Path) -> None:
    (tmp_path / "contact.log").write_text('{"event":"fault","fault_id":"f-1"}\n{"event":"fault","fault_id":"f-2"}\n')
    (tmp_path / "gateway.log").write_text('{"event":"department failed","request_id":"r-1"}\n')
    asked = httpx2.Request("PATCH", "http://somewhere/v1/people/1")

    told = {"reason": "INTERNAL", "metadata": {"id": "f-1"}, "request_id": "r-1"}
    fault = Fault.of(httpx2.Response(500, json=told, request=asked))
    untold = Fault.of(httpx2.Response(500, json={"reason": "INTERNAL"}, request=asked))

    assert fault.request == "PATCH /v1/people/1"
    assert fault.explained(tmp_path) == [
        'contact.log: {"event":"fault","fault_id":"f-1"}',
        'gateway.log: {"event":"department failed","request_id":"r-1"}',
    ]
    assert untold.explained(tmp_path) == []
