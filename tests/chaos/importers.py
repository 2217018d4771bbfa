"""Imports: files of known rows, each followed to its end through whatever kills the process that reads it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.chaos.ledger import IMPORTED, Body
from tests.chaos.writers import Record, Writer

ROWS = (50, 700, 50)
"""Rows of a file, the fewest, the most and the usual: now and then more than the job takes at once."""
BAD = 50
"""One row in so many has no e-mail address where one should be, and is refused."""
AGAIN = 40
"""One row in so many is there a second time, and is skipped."""
LOOK = 0.2
WORKING = frozenset({"IMPORT_STATE_RUNNING"})
HEADER = f"given_name,family_name,email,external_id[{IMPORTED}]\n"


@dataclass
class Importer(Writer):
    """Somebody who brings in one file after the other, and counts the kills of who reads them."""

    kills: Callable[[], int] = int
    hit: int = 0
    """How often whoever reads files was killed while a job was under way."""
    rest: ClassVar[tuple[float, float]] = (4.0, 9.0)

    async def act(self) -> None:
        """Bring in one file, and check what the job says of it."""
        rows, lines = self._file()
        content = (HEADER + "".join(lines)).encode()
        path = "/v1/importJobs:upload?file_name=people.csv"
        answer = await self._write("importJobs", "POST", path, self._key(), content)
        if answer.status != 200:
            return
        job = Record("importJobs", answer.body)
        before = self.kills()
        await self._move(job, "POST", f"{job.path}:start", {})
        job.body = await self._ended(job)
        self.hit += self.kills() - before
        self._acknowledge("importJobs", job.body)
        self.ledger.bring_in(rows)
        self.ledger.expect("ImportCompleted", job.body["id"])
        told = [int(job.body.get(f"{name}Count", 0)) for name in ("row", "created", "skipped", "refused")]
        refused = sum("nowhere" in line for line in lines)
        due = [len(lines), len(rows), len(lines) - len(rows) - refused, refused]
        if (job.body["state"], told) != ("IMPORT_STATE_COMPLETED", due):
            self.ledger.surprises.append(f"{job.path} is {job.body['state']} with {told} rows, not {due}")

    def _file(self) -> tuple[dict[str, Any], list[str]]:
        """What is to become of the rows that are good, by external id, and all lines."""
        rows, lines = {}, list[str]()
        for number in range(round(self.dice.triangular(*ROWS))):
            name = self._key()
            given, family, mail = name[:8], name[-12:], f"{name}@rows.example"
            if number % BAD == 1:
                mail = "nowhere"
            else:
                rows[name] = {"givenName": given, "familyName": family, "email": mail}
            lines.append(f"{given},{family},{mail},{name}\n")
            if number % AGAIN == 2 and mail != "nowhere":
                lines.append(lines[-1])
        return rows, lines

    async def _ended(self, job: Record) -> Body:
        while (found := await self._read(job))["state"] in WORKING:
            await asyncio.sleep(LOOK)
        return found
