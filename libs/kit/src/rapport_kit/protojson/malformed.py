"""What is wrong with a piece of JSON, and where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

MOST_WRONGS = 50
"""Reporting stops here: a client that is wrong in a thousand places learns nothing from the thousandth."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One fault: the path in the request's own field names, a reason in UPPER_SNAKE, and a sentence."""

    field: str
    reason: str
    message: str

    def below(self, parent: str) -> Wrong:
        """The same fault seen from `parent`, a field name or an index such as `[3]`."""
        if not self.field:
            return replace(self, field=parent)
        separator = "" if self.field.startswith("[") else "."
        return replace(self, field=f"{parent}{separator}{self.field}")


class Malformed(Exception):
    """The input is not what the contract says."""

    def __init__(self, *wrongs: Wrong) -> None:
        super().__init__("; ".join(f"{wrong.field}: {wrong.message}" for wrong in wrongs))
        self.wrongs = wrongs

    @classmethod
    def expected(cls, what: str, reason: str = "WRONG_TYPE") -> Malformed:
        """A fault of the value at hand; whoever holds the container adds the path."""
        return cls(Wrong("", reason, f"expected {what}"))

    def below(self, parent: str) -> Malformed:
        """Every fault seen from `parent`."""
        return Malformed(*(wrong.below(parent) for wrong in self.wrongs))


@contextmanager
def below(parent: str) -> Iterator[None]:
    """Let every fault inside the block be seen from `parent`."""
    try:
        yield
    except Malformed as fault:
        raise fault.below(parent) from None
