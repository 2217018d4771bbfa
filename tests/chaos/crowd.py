"""Who is at work in a run."""

from __future__ import annotations

import random

from tests.chaos.clerks import Clerk
from tests.chaos.importers import Importer
from tests.chaos.ledger import Ledger
from tests.chaos.mergers import Merger
from tests.chaos.stand import Stand
from tests.chaos.writers import Record, Writer

MERGERS = CLERKS = 2


def crowd(size: int, seed: int, stand: Stand, ledger: Ledger, shared: list[Record]) -> list[Writer]:
    """`size` writers, some who merge, clerks who work on those who are merged, and one who imports."""

    def dice(name: str) -> random.Random:
        return random.Random(f"{seed}/{name}")

    def kills() -> int:
        return sum(process.kills for process in stand.of_kind("contact"))

    door = stand.door
    writers = [Writer(f"writer {number}", door, ledger, shared, dice(f"{number}")) for number in range(size)]
    mergers = [Merger(name, door, ledger, [], dice(name)) for name in (f"merger {number}" for number in range(MERGERS))]
    clerks = [
        Clerk(name, door, ledger, [], dice(name), stocks=[merger.own for merger in mergers])
        for name in (f"clerk {number}" for number in range(CLERKS))
    ]
    return [*writers, *mergers, *clerks, Importer("importer", door, ledger, [], dice("importer"), kills=kills)]
