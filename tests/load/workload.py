"""The requests that are sent, as whole HTTP/1.1 texts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count, islice
from typing import Final
from urllib.parse import quote, urlencode

import orjson

from tests.load import names, people
from tests.load.client import FRESH_UUID

PREPARED = 2000
"""Different requests of a kind; they are sent in turn."""
_NEW: Final = count(1)


def gets(ids: Iterable[str], authorization: str = "") -> list[str]:
    return [_request("GET", f"/v1/people/{person}", authorization) for person in ids]


def pages(queries: Iterable[dict[str, str]], authorization: str = "") -> list[str]:
    return [_request("GET", f"/v1/people?{urlencode(query)}", authorization) for query in queries]


def views(ids: Iterable[str], authorization: str) -> list[str]:
    return [_request("GET", f"/v1/customers/{customer}:view", authorization) for customer in ids]


def timelines(ids: Iterable[str], authorization: str) -> list[str]:
    return [_request("GET", f"/v1/people/{person}/timelineEntries?pageSize=50", authorization) for person in ids]


def searches(texts: Iterable[str], authorization: str = "") -> list[str]:
    return [_request("GET", f"/v1/people:search?query={quote(text)}", authorization) for text in texts]


def creates(most: int, authorization: str = "", *, keyed: bool = False) -> list[str]:
    """New people with a name, a position and one e-mail address; `keyed` with an Idempotency-Key each.

    They are others at each call: of the same two thousand again and again each is soon compared with ten doubles, which
    no tenant has.
    """
    headers = f"Idempotency-Key: {FRESH_UUID.decode()}\r\n" if keyed else ""
    return [
        _request("POST", "/v1/people", authorization, _new_person(number), headers) for number in islice(_NEW, most)
    ]


def updates(ids: Iterable[str], authorization: str = "") -> list[str]:
    """A new position for each, without an etag: the last one wins."""
    return [
        _request(
            "PATCH",
            f"/v1/people/{person}?updateMask=jobTitle",
            authorization,
            orjson.dumps({"jobTitle": f"{names.JOB[place % len(names.JOB)]} {place}"}),
        )
        for place, person in enumerate(ids)
    ]


def lookups(numbers: Iterable[int], authorization: str = "") -> list[str]:
    """Descriptions of people: every other one of somebody stored, with two letters of the family name exchanged."""
    return [
        _request("POST", "/v1/people:findDuplicates", authorization, _described(number, known=place % 2 == 0))
        for place, number in enumerate(numbers)
    ]


def _described(number: int, *, known: bool) -> bytes:
    drawn = people.person(number if known else people.NEW + number)
    family = drawn.family_name
    channels: list[dict[str, object]] = [{"email": {"address": drawn.email}}]
    if drawn.phone:
        channels.append({"phone": {"number": drawn.phone}})
    slip = f"{family[0]}{family[2:3]}{family[1:2]}{family[3:]}"
    return orjson.dumps({"person": {"givenName": drawn.given_name, "familyName": slip, "channels": channels}})


def _new_person(number: int) -> bytes:
    drawn = people.person(people.NEW + number)
    return orjson.dumps(
        {
            "givenName": drawn.given_name,
            "familyName": drawn.family_name,
            "locale": drawn.locale,
            "timeZone": drawn.time_zone,
            "lifecycleStage": "LIFECYCLE_STAGE_LEAD",
            "jobTitle": drawn.job_title,
            "channels": [{"email": {"address": drawn.email}}],
        }
    )


def _request(method: str, target: str, authorization: str, body: bytes = b"", headers: str = "") -> str:
    if authorization:
        headers += f"Authorization: {authorization}\r\n"
    if body:
        headers += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{method} {target} HTTP/1.1\r\nHost: rapport.localhost\r\n{headers}\r\n{body.decode()}"
