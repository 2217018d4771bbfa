"""Keeps spreadsheets from taking a text for a formula, and takes that back when the file comes home."""

from __future__ import annotations

import re
from typing import Final

_SIGN: Final = "'"
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", _SIGN)
"""As OWASP has them, the full-width ones too, which some programs read alike."""
_NUMBER: Final = re.compile(r"[+-]{1,2}[\d .,()/-]*", re.ASCII)


def neutral(text: str) -> str:
    """A text that no spreadsheet evaluates: an apostrophe before what could be a formula, or begins with one.

    owasp.org/www-community/attacks/CSV_Injection
    """
    return _SIGN + text if text.startswith(_RISKY) else text


def original(text: str) -> str:
    """The text that `neutral` was given."""
    return text[1:] if text.startswith(_SIGN) and text[1:].startswith(_RISKY) else text


def neutral_text(text: str) -> str:
    """The same for a cell that is a text by its type, where numbers are kept as they are: `+44 20 7946 0100`.

    What would be a formula in another format, into which a program may save the table, is kept from being one there.
    """
    return text if _NUMBER.fullmatch(text) else neutral(text)
