"""Errors as problem+json (RFC 9457), and the one table that maps gRPC codes and reasons to HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import grpc
import orjson
from google.rpc import error_details_pb2, status_pb2

from rapport_kit.protojson import Malformed
from rapport_kit.rpc.status import code_of

STATUS_OF_CODE = {
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "UNAUTHENTICATED": 401,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DATA_LOSS": 500,
}
"""As google.rpc.code says."""

STATUS_OF_REASON = {
    "COMMIT_IN_DOUBT": 504,  # not known, as of what took too long; whoever says 500 knows that something broke
    "CONTENT_TOO_LARGE": 413,
    "IDEMPOTENCY_KEY_REUSED": 422,
    "RANGE_NOT_SATISFIABLE": 416,
}
"""The reasons whose HTTP status differs from that of their code."""

TITLES = {499: "Client Closed Request"} | {status.value: status.phrase for status in HTTPStatus}
SECONDS_UNTIL_RETRY = {503: 1, 429: 1}
"""Said in Retry-After when the service does not say more."""
UNSAID = {
    429: "A limit is reached; try again later.",
    501: "This deployment does not offer the operation.",
    503: "A department does not answer; nothing is lost, try again.",
    504: "The answer took too long; it is not known whether the work was done.",
}
DETAILS = "grpc-status-details-bin"


@dataclass(eq=False)
class Problem(Exception):
    """A refusal as the caller reads it."""

    status: int
    reason: str
    detail: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    violations: Sequence[Mapping[str, str]] = ()
    retry_after: int | None = None
    headers: Sequence[tuple[bytes, bytes]] = ()

    @classmethod
    def of_field(cls, name: str, reason: str, message: str) -> Problem:
        """One field, parameter or header is wrong."""
        violation = {"field": name, "reason": reason, "message": message}
        return cls(400, reason, f"{name}: {message}", violations=[violation])

    @classmethod
    def of_malformed(cls, fault: Malformed) -> Problem:
        """The input is not what the contract says; every fault is named."""
        violations = [{"field": one.field, "reason": one.reason, "message": one.message} for one in fault.wrongs]
        return cls(400, fault.wrongs[0].reason, str(fault), violations=violations)

    @classmethod
    def of_rpc(cls, error: grpc.aio.AioRpcError, *, conditional: bool = False) -> Problem:
        """What a service answered. `conditional`: the request carried If-Match, so a stale etag is a 412."""
        details = _details(error)
        info = details.get(error_details_pb2.ErrorInfo)
        code = code_of(error)
        reason = info.reason if info else code
        status = STATUS_OF_REASON.get(reason, STATUS_OF_CODE.get(code, 500))
        if conditional and code == "ABORTED":
            status = 412
        retry = details.get(error_details_pb2.RetryInfo)
        return cls(
            status=status,
            reason="INTERNAL" if status == 500 else reason,
            detail=_detail(status, error.details() if info else None),
            metadata=dict(info.metadata) if info and status != 500 else _incident(info),
            violations=_violations(details.get(error_details_pb2.BadRequest)),
            retry_after=-(-retry.retry_delay.ToMilliseconds() // 1000) if retry else SECONDS_UNTIL_RETRY.get(status),
        )

    def body(self, request_id: str) -> bytes:
        """The JSON text, without what does not apply."""
        document = {
            "type": f"urn:rapport:problem:{self.reason}",
            "title": TITLES.get(self.status, "Error"),
            "status": self.status,
            "detail": self.detail,
            "reason": self.reason,
            "metadata": dict(self.metadata),
            "violations": list(self.violations),
            "request_id": request_id,
        }
        return orjson.dumps({key: value for key, value in document.items() if value})

    def all_headers(self) -> list[tuple[bytes, bytes]]:
        """The headers that belong to the refusal."""
        headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store"), *self.headers]
        if self.retry_after is not None:
            headers.append((b"retry-after", str(self.retry_after).encode()))
        if self.status == 401:
            headers.append((b"www-authenticate", b'Bearer realm="rapport"'))
        return headers


def _details(error: grpc.aio.AioRpcError) -> dict[Any, Any]:
    """The google.rpc messages that came with an error, by their class."""
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS and isinstance(value, bytes):
            found = {}
            for packed in status_pb2.Status.FromString(value).details:
                for kind in (
                    error_details_pb2.ErrorInfo,
                    error_details_pb2.BadRequest,
                    error_details_pb2.RetryInfo,
                ):
                    if packed.Is(kind.DESCRIPTOR):
                        message = kind()
                        packed.Unpack(message)
                        found[kind] = message
            return found
    return {}


def _detail(status: int, said: str | None) -> str:
    """A sentence for the caller; what gRPC itself says names addresses, and what broke inside is nobody's business."""
    if status == 500:
        return "Something broke inside. The request id leads to it in the logs."
    return said or UNSAID.get(status, TITLES.get(status, "Error"))


def _incident(info: error_details_pb2.ErrorInfo | None) -> dict[str, str]:
    """The id under which a service logged what broke."""
    return {"id": info.metadata["id"]} if info and "id" in info.metadata else {}


def _violations(bad: error_details_pb2.BadRequest | None) -> list[dict[str, str]]:
    return [
        {"field": one.field, "reason": one.reason, "message": one.description}
        for one in (bad.field_violations if bad else ())
    ]
