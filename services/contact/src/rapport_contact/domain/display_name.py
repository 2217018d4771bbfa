"""The name that people give to a record of theirs."""

from __future__ import annotations

from typing import Protocol

from rapport_kit.errors import Invalid


class Named(Protocol):
    """What is shown by its name."""

    display_name: str


def settle_name(record: Named) -> None:
    """Take the blanks off both ends of the name; raises Invalid when nothing is left."""
    if (name := record.display_name.strip()) != record.display_name:
        record.display_name = name
    if not name:
        raise Invalid.field("display_name", "REQUIRED", "must be set")
