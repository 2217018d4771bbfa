"""Who is at work in a run."""

from __future__ import annotations

import random

from tests.chaos.clerks import Clerk
from tests.chaos.door import Door
from tests.chaos.importers import Importer
from tests.chaos.ledger import Ledger
from tests.chaos.mergers import Merger
from tests.chaos.writers import Record, Writer

CLERKS = 2


def crowd(size: int, seed: int, door: Door, ledger: Ledger, shared: list[Record]) -> list[Writer]:
    """`size` writers, one who merges, one who imports, and clerks who work on those who are merged."""

    def dice(name: str) -> random.Random:
        return random.Random(f"{seed}/{name}")

    writers = [Writer(f"writer {number}", door, ledger, shared, dice(f"{number}")) for number in range(size)]
    merger = Merger("merger", door, ledger, [], dice("merger"))
    clerks = [
        Clerk(name, door, ledger, [], dice(name), customers=merger.own)
        for name in (f"clerk {number}" for number in range(CLERKS))
    ]
    return [*writers, merger, *clerks, Importer("importer", door, ledger, [], dice("importer"))]
