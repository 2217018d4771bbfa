"""Writes a new revision: the difference between the metadata and a database that all revisions so far have made."""

from __future__ import annotations

import re
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory

from rapport_kit.migrations.chain import Chain
from rapport_kit.migrations.databases import connect, quoted
from rapport_kit.migrations.runner import migrate_service, run


async def write_revision(admin_url: str, chain: Chain, message: str) -> Path:
    """Write `versions/NNNN_message.py` and return its path; an empty difference gives an empty revision to fill.

    Works in a database of its own that it drops afterwards. What only SQL can say (functions, partitions, backfills)
    is for a person to add.
    """
    chain.versions.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []

    def write(config: Config) -> None:
        script = ScriptDirectory.from_config(config)
        number = sum(1 for _ in script.walk_revisions()) + 1
        made = command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")
        assert isinstance(made, Script)
        written.append(Path(made.path))

    async with scratch_database(admin_url, chain) as database, connect(admin_url, database) as owner:
        await run(owner, chain, write)
    _tidy(written[0])
    return written[0]


@asynccontextmanager
async def scratch_database(admin_url: str, chain: Chain) -> AsyncIterator[str]:
    """The name of a new database at the newest revision, dropped at the end of the block."""
    name = f"{chain.service}_scratch_{secrets.token_hex(4)}"
    try:
        await migrate_service(admin_url, chain, database=name)
        yield name
    finally:
        async with connect(admin_url, autocommit=True) as admin:
            await admin.exec_driver_sql(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")


def _tidy(revision: Path) -> None:
    """Write as a person would: without the marks of a generator, and formatted."""
    revision.write_text(re.sub(r"^ *# ###.*\n", "", revision.read_text(), flags=re.MULTILINE))
    for arguments in (["check", "--quiet", "--fix-only"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, str(revision)], check=False)
