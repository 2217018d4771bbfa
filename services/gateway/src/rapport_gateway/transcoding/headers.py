"""HTTP headers that are fields of a request message: If-Match, Idempotency-Key, and their answers."""

from __future__ import annotations

import re
import uuid
from typing import Any

from google.protobuf.descriptor import Descriptor

from rapport_gateway.problem import Problem

KEYS = uuid.UUID("7c0b9e0a-54b5-5d0c-9a53-0d1f6f5f3f0e")
"""Namespace of the version 5 UUIDs made of idempotency keys that are not UUIDs."""
KEY = re.compile(r"[A-Za-z0-9._:-]{1,255}")
"""What the document of the API promises to take."""


def request_id_of(key: str) -> str:
    """Idempotency-Key → `request_id` (AIP-155).

    A UUID is taken as it is. Any other text, with or without the quotes of a structured field, becomes its UUID of
    version 5, so equal keys stay equal over all gateways. Services keep request ids per tenant and caller.
    """
    bare = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
    if not KEY.fullmatch(bare):
        raise Problem.of_field("Idempotency-Key", "WRONG_FORMAT", "expected 1 to 255 of A-Z, a-z, 0-9 and . _ : -")
    try:
        return str(uuid.UUID(bare))
    except ValueError:
        return str(uuid.uuid5(KEYS, bare))


def etag_of_if_match(value: str) -> str:
    """If-Match → the etag that must be current; empty for `*`, which any existing resource satisfies (RFC 9110)."""
    value = value.strip()
    if value == "*":
        return ""
    if value.startswith("W/"):
        raise Problem(412, "ETAG_MISMATCH", "If-Match: a weak etag never matches")
    if len(value) < 2 or value[0] != '"' or value[-1] != '"' or '"' in value[1:-1]:
        raise Problem.of_field("If-Match", "WRONG_FORMAT", 'expected * or one quoted etag such as "3"')
    return value


def none_match(value: str, etag: str) -> bool:
    """True when If-None-Match holds, so that the answer is sent whole; weak comparison (RFC 9110, 13.1.2)."""
    if value.strip() == "*":
        return False
    return etag not in (one.strip().removeprefix("W/") for one in value.split(","))


class EtagField:
    """Where a request takes the etag it must match: its own field, or that of the resource in its body.

    What is only created matches nothing, though its resource has an etag.
    """

    def __init__(self, request: Descriptor, verb: str, body: str) -> None:
        self._holder = ""
        self.exists = "etag" in request.fields_by_name
        if not self.exists and verb == "PATCH" and body not in ("", "*"):
            resource = request.fields_by_name[body].message_type
            self.exists = resource is not None and "etag" in resource.fields_by_name
            self._holder = body if self.exists else ""

    def set(self, message: Any, etag: str) -> None:
        """Puts the etag in; another one that is already there is a contradiction."""
        holder = getattr(message, self._holder) if self._holder else message
        if holder.etag and etag and holder.etag != etag:
            raise Problem.of_field("If-Match", "CONTRADICTION", "the request names another etag as well")
        holder.etag = etag or holder.etag
