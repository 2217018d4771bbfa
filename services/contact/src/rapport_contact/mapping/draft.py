"""A row on its way to a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rapport.contact.v1 import channels_pb2
from rapport_contact.files.records import Fault


@dataclass(slots=True)
class Draft:
    """A row as a message; `organisation` is the name of the company that a person works for.

    `columns` says, by the beginning of a path in the message (`given_name`, `channels[2]`), where a value came from.
    """

    message: Any
    organisation: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    channels: dict[tuple[str, str, int], channels_pb2.Channel] = field(default_factory=dict)
    lines: dict[tuple[str, str, int], dict[str, str]] = field(default_factory=dict)

    def column_of(self, path: str) -> str:
        """The column behind a path in the message; empty when it is none's."""
        head = path.partition(".")[0]
        return self.columns.get(head) or self.columns.get(head.partition("[")[0], "")


Put = Callable[[Draft, str, str], None]
"""`(draft, value, column) -> None`; raises `Unreadable`."""
