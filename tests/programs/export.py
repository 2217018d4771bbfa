"""Exports as other programs write them today: their headers, encodings, dates and habits, with people made up.

Each is of Zoë, of whom its program knows all that it can, and of Émile, of whom it knows little; the later one, of a
day after, has what became of Zoë, Émile as he was, and a third person.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from rapport.contact.v1.imports_pb2 import ImportPolicy


@dataclass(frozen=True)
class Export:
    """What a program writes, and what is to become of it; `described` is of Zoë after the first and the later one."""

    preset: str
    headers: tuple[str, ...]
    zoe: dict[str, str]
    emile: dict[str, str]
    third: dict[str, str]
    news: dict[str, str]
    described: dict[str, Any]
    described_later: dict[str, Any]
    encoding: str = "utf-8"
    newline: str = "\r\n"
    quoting: Any = csv.QUOTE_ALL
    policy: str = ImportPolicy.Name(ImportPolicy.IMPORT_POLICY_LINK_BY_EXTERNAL_ID)
    options: dict[str, str] = field(default_factory=dict)

    @property
    def first(self) -> bytes:
        return self._file(self.zoe, self.emile)

    @property
    def later(self) -> bytes:
        return self._file(self.zoe | self.news, self.emile, self.third)

    def _file(self, *rows: dict[str, str]) -> bytes:
        written = io.StringIO()
        writer = csv.DictWriter(written, self.headers, "", quoting=self.quoting, lineterminator=self.newline)
        writer.writeheader()
        writer.writerows(rows)
        return written.getvalue().encode(self.encoding)


def headers_of(text: str) -> tuple[str, ...]:
    """Those between the commas of a text."""
    return tuple(" ".join(each.split()) for each in text.split(","))


OVERWRITE = ImportPolicy.Name(ImportPolicy.IMPORT_POLICY_OVERWRITE)
"""For the exports of programs that name nobody by an id."""
