"""Words that are found nowhere else, planted in everything that a person's record can hold; and where they turn up."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from rapport_kit.testing.stack import Stack

TABLES = """
SELECT c.relname FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1
"""


@dataclass(frozen=True)
class Canaries:
    """One mark that is part of every text, and a year in which nobody else was born."""

    mark: str

    @staticmethod
    def fresh() -> Canaries:
        return Canaries(f"zqcanary{secrets.token_hex(6)}")

    def word(self, name: str) -> str:
        """A text with the mark."""
        return f"{self.mark}{name}"

    @property
    def given(self) -> str:
        """The person's given name."""
        return self.word("givenName")

    @property
    def family(self) -> str:
        """The person's family name."""
        return self.word("family")

    @property
    def name(self) -> str:
        """The person's full name, as staff write it."""
        return f"{self.given} {self.family}"

    @property
    def mail(self) -> str:
        """The person's address."""
        return f"{self.mark}@people.example"

    def person(self) -> dict[str, Any]:
        """A person whose every personal field has the mark."""
        names = {
            name: self.word(name)
            for name in ("displayName", "givenName", "middleName", "namePrefix", "nameSuffix", "gender", "jobTitle")
        }
        return names | {
            "familyName": self.family,
            "birthDate": {"year": 1907, "month": 11, "day": 14},
            "annotations": {self.word("key"): self.word("note")},
            "externalIds": [{"system": "erp", "value": self.word("external")}],
            "channels": [
                {"email": {"address": self.mail}},
                {"postal": {"lines": [self.word("street")], "city": self.word("city"), "postcode": self.mark}},
                {"website": {"uri": f"https://{self.mark}.example/{self.mark}"}},
                {"social": {"network": "mastodon", "handle": self.word("handle")}},
            ],
        }

    def within(self, content: bytes) -> bool:
        """Whether a mark is in `content`: as it is, in hexadecimal as bytea is shown, or in base64 at any offset."""
        lower = content.lower()
        encoded = (base64.b64encode(b"x" * shift + self.mark.encode())[4:-4] for shift in range(3))
        return (
            self.mark.encode() in lower
            or self.mark.encode().hex().encode() in lower
            or any(text in content for text in encoded)
            or b"1907-11-14" in content
        )


async def every_place(stack: Stack, directory: Path, canaries: Canaries) -> set[str]:
    """Where canaries are: live rows of every table of every service, and files of the broker, of stores and of logs."""
    places = set()
    for service, url in stack.admin_urls.items():
        connection = await asyncpg.connect(url)
        try:
            for row in await connection.fetch(TABLES):
                if await _holds(connection, row["relname"], canaries):
                    places.add(f"{service}: {row['relname']}")
        finally:
            await connection.close()
    return places | {f"file: {path.name}" for path in files_of(directory) if canaries.within(path.read_bytes())}


async def _holds(connection: Any, table: str, canaries: Canaries) -> bool:
    """Whether a live row of a table does, in either form in which PostgreSQL hands rows out."""
    chunks: list[bytes] = []

    async def keep(chunk: bytes) -> None:
        chunks.append(chunk)

    for form in ("text", "binary"):
        await connection.copy_from_table(table, output=keep, format=form)
    return canaries.within(b"".join(chunks))


def files_of(directory: Path) -> list[Path]:
    """Everything that the servers of the session write but PostgreSQL's own files, which hold dead rows too."""
    return [path for path in directory.rglob("*") if path.is_file() and "postgres" not in path.parts]
