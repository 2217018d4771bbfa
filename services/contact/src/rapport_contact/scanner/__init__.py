"""Virus scanners: the port, and ClamAV behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from rapport_contact.domain.file import FileScanState
from rapport_contact.scanner.clamd import Clamd
from rapport_contact.settings import process_settings

__all__ = ["Clamd", "Scanner", "scanner"]


class Scanner(Protocol):
    """Looks for viruses."""

    async def scan(self, content: AsyncIterator[bytes]) -> FileScanState:
        """What is found; unscanned when it is more than the scanner takes. Raises `Unavailable` when it cannot say."""
        ...


def scanner() -> Scanner | None:
    """The scanner of this installation."""
    address = process_settings().clamd
    return None if address is None else Clamd(address)
