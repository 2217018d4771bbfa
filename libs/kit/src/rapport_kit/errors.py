"""The errors a use case may raise; only these keep their meaning across the wire.

Each is a `google.rpc.Status` with an `ErrorInfo` (AIP-193): a reason in UPPER_SNAKE, and in the metadata
everything that is dynamic in the message. Anything else that is raised reaches a caller as INTERNAL with an id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong with one field; `field` is its path in the request, such as `person.channels[0].email`."""

    field: str
    reason: str
    message: str


class DomainError(Exception):
    """A failure with a meaning for the caller. `code` is the name of a canonical gRPC status code."""

    code = "INTERNAL"

    def __init__(self, reason: str, message: str, *, violations: Sequence[Violation] = (), **metadata: object) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.violations = tuple(violations)
        self.metadata = {key: str(value) for key, value in metadata.items()}


class Invalid(DomainError):
    """The request can never succeed, whatever the state: a field is malformed."""

    code = "INVALID_ARGUMENT"

    @classmethod
    def field(cls, field: str, reason: str, message: str) -> Invalid:
        """One field is wrong; the message names it."""
        return cls(reason, f"{field}: {message}", violations=[Violation(field, reason, message)], field=field)

    def within(self, prefix: str) -> Invalid:
        """The same error in a larger request, where its fields lie below `prefix`."""
        inner = [Violation(f"{prefix}.{v.field}", v.reason, v.message) for v in self.violations]
        metadata = {**self.metadata, "field": f"{prefix}.{self.metadata['field']}"} if "field" in self.metadata else {}
        return Invalid(self.reason, f"{prefix}.{self.message}", violations=inner, **{**self.metadata, **metadata})


class NotFound(DomainError):
    """No such thing, or none that the caller may know of."""

    code = "NOT_FOUND"


class AlreadyExists(DomainError):
    """Something that must be unique is taken."""

    code = "ALREADY_EXISTS"


class Refused(DomainError):
    """The request is sound, but the state of the system forbids it (FAILED_PRECONDITION)."""

    code = "FAILED_PRECONDITION"


class Stale(DomainError):
    """Somebody else changed the resource since the caller read it (AIP-154)."""

    code = "ABORTED"


class Unauthenticated(DomainError):
    """Who calls is not known."""

    code = "UNAUTHENTICATED"


class Denied(DomainError):
    """Who calls is known, and may not."""

    code = "PERMISSION_DENIED"


class Exhausted(DomainError):
    """A limit is reached; a later try may succeed."""

    code = "RESOURCE_EXHAUSTED"


class TooLate(DomainError):
    """The deadline passed, or leaves no time for the work."""

    code = "DEADLINE_EXCEEDED"


class Unavailable(DomainError):
    """A dependency does not answer; nothing was done, so a retry is safe."""

    code = "UNAVAILABLE"
