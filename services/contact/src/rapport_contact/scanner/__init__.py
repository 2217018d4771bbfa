"""Virus scanners: the port, and ClamAV behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from rapport_contact.scanner.clamd import Clamd
from rapport_contact.settings import process_settings

__all__ = ["Clamd", "Scanner", "scanner"]


class Scanner(Protocol):
    """Looks for viruses."""

    async def clean(self, content: AsyncIterator[bytes]) -> bool:
        """Whether none is found; raises `Unavailable` when the scanner cannot say."""
        ...


def scanner() -> Scanner | None:
    """The scanner of this installation."""
    address = process_settings().clamd
    return None if address is None else Clamd(address)
