"""Which encoding a file is in: told by its byte order mark, by being UTF-8 throughout, or else by its letters."""

from __future__ import annotations

import codecs
from typing import Final

UTF_8: Final = "utf-8"
FALLBACK: Final = "cp1252"
_MARKS: Final = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE: Final = 32 * 1024
_ENOUGH: Final = 40
"""Letters beyond ASCII below which a guess is a coin toss."""
# Beyond these a guess from letters is wrong more often than the western alphabet is.
_GUESSED: Final = frozenset(
    {"cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1257", "big5", "gb18030", "cp932", "cp949"}
)


class EncodingWatch:
    """Looks at a whole file in passing. `mark` bytes of it are a byte order mark."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder(UTF_8)()
        self._marked: str | None = None
        self._started = False
        self._odd = b""
        self._odd_chunks = 0
        self._beyond_ascii = 0
        self.mark = 0

    def feed(self, chunk: bytes) -> None:
        """Look at the next bytes of the file."""
        if not self._started:
            self._start(chunk)
        if self._marked is not None:
            return
        try:
            self._beyond_ascii += not self._decoder.decode(chunk).isascii()
        except UnicodeDecodeError as error:
            self._decoder.reset()
            self._odd_chunks += 1
            if not self._odd:
                self._odd = chunk[max(0, error.start - _SAMPLE // 2) : error.start + _SAMPLE // 2]

    def _start(self, chunk: bytes) -> None:
        self._started = True
        for mark, name in _MARKS:
            if chunk.startswith(mark):
                self._marked, self.mark = name, len(mark) if name == UTF_8 else 0
                return

    def encoding(self) -> str:
        """The encoding of what was seen, as Python names it.

        A file that is UTF-8 but for a few spots stays UTF-8: the rows around these are refused, not misread.
        """
        if self._marked is not None:
            return self._marked
        if not self._odd or self._beyond_ascii > self._odd_chunks or _mostly_utf_8(self._odd):
            return UTF_8
        return _guess(self._odd)


def _mostly_utf_8(sample: bytes) -> bool:
    """Whether the letters beyond ASCII in a sample are UTF-8 more often than not."""
    text = sample.decode(UTF_8, "replace")
    sound = sum(character > "\x7f" and character != "\ufffd" for character in text)
    return sound > text.count("\ufffd")


def _guess(sample: bytes) -> str:
    if sum(byte > 0x7F for byte in sample) < _ENOUGH:
        return FALLBACK
    import charset_normalizer  # a megabyte that only old files need

    best = charset_normalizer.from_bytes(sample, cp_isolation=sorted(_GUESSED)).best()
    return best.encoding if best is not None and best.encoding in _GUESSED else FALLBACK
