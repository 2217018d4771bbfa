"""Keeps spreadsheets from taking a text for a formula, and takes that back when the file comes home."""

from __future__ import annotations

from typing import Final

_SIGN: Final = "'"
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", _SIGN)


def neutral(text: str) -> str:
    """A text that no spreadsheet evaluates: an apostrophe before what could be a formula, or begins with one."""
    return _SIGN + text if text.startswith(_RISKY) else text


def original(text: str) -> str:
    """The text that `neutral` was given."""
    return text[1:] if text.startswith(_SIGN) and text[1:].startswith(_RISKY) else text
