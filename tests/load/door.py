"""Single requests over REST, outside of any measurement."""

from __future__ import annotations

import asyncio
from typing import Any, BinaryIO
from urllib.request import Request, urlopen

import orjson

JSON = "application/json"


async def ask(
    address: str,
    authorization: str,
    path: str,
    content: bytes | BinaryIO | None = None,
    *,
    method: str | None = None,
    content_type: str = JSON,
) -> dict[str, Any]:
    """The answer to a GET, or to a POST or `method` of some content, which is streamed.

    Raises:
        urllib.error.HTTPError: the answer is none of success.
    """
    request = Request(f"{address}/v1/{path}", content, {"Authorization": authorization}, method=method)
    if content is not None:
        request.add_header("Content-Type", content_type)
    return await asyncio.to_thread(_answer, request)


def _answer(request: Request) -> dict[str, Any]:
    with urlopen(request) as answer:
        found: dict[str, Any] = orjson.loads(answer.read())
    return found
