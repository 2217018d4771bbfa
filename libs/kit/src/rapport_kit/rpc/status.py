"""`DomainError` ⇄ `google.rpc.Status` (AIP-193), in both directions."""

from __future__ import annotations

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from rapport_kit import errors
from rapport_kit.errors import DomainError, Violation

_ERRORS: dict[str, type[DomainError]] = {
    kind.code: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, DomainError) and kind is not DomainError
}
_UNSENT = "Internal error from Core"
"""All that grpc.aio says when a connection breaks while a message of a request is being sent."""


def to_status(error: DomainError, domain: str) -> status_pb2.Status:
    """The error on the wire; `domain` names the service that raised it, such as `contact.rapport`."""
    details: list[Message] = [error_details_pb2.ErrorInfo(reason=error.reason, domain=domain, metadata=error.metadata)]
    if error.violations:
        details.append(
            error_details_pb2.BadRequest(
                field_violations=[
                    error_details_pb2.BadRequest.FieldViolation(
                        field=violation.field, description=violation.message, reason=violation.reason
                    )
                    for violation in error.violations
                ]
            )
        )
    return status_pb2.Status(
        code=grpc.StatusCode[error.code].value[0], message=error.message, details=[_packed(item) for item in details]
    )


def code_of(error: grpc.aio.AioRpcError) -> str:
    """The name of an error's code: UNAVAILABLE, too, when the connection broke amid a request."""
    if error.code() is grpc.StatusCode.INTERNAL and error.details() == _UNSENT:
        return grpc.StatusCode.UNAVAILABLE.name
    return error.code().name


def from_rpc_error(error: grpc.aio.AioRpcError) -> DomainError:
    """The domain's error that a peer answered with; what has no ErrorInfo keeps its code and its message."""
    status = rpc_status.from_call(error)
    info, bad_request = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in status.details if status is not None else ():
        if not detail.Unpack(info):
            detail.Unpack(bad_request)
    code = code_of(error)
    kind = _ERRORS.get(code, DomainError)
    translated = kind(
        info.reason or code,
        error.details() or "",
        violations=[Violation(v.field, v.reason, v.description) for v in bad_request.field_violations],
    )
    translated.code = code
    translated.metadata = dict(info.metadata)
    return translated


def _packed(message: Message) -> Any:
    packed = Any()
    packed.Pack(message)
    return packed
