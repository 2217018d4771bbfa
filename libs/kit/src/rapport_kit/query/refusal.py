"""How a query is refused: always with the field, and the place in its text."""

from __future__ import annotations

from rapport_kit.errors import Invalid, Violation


def refusal(field: str, position: int, message: str) -> Invalid:
    """The error for character `position` (from 1) of the request field `field`, such as `filter`.

    The message never repeats what the caller wrote: a filter may hold a name or an address, and errors are logged.
    """
    reason = f"INVALID_{field.upper()}"
    placed = f"at position {position}: {message}"
    violations = [Violation(field, reason, placed)]
    return Invalid(reason, f"{field}: {placed}", violations=violations, field=field, position=position)


def refused_filter(position: int, message: str) -> Invalid:
    """A filter is wrong at `position`."""
    return refusal("filter", position, message)
