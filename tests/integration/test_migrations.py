"""The revisions of every installed service lead to what its code expects, with every wall in place, and back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rapport_kit.migrations import Chain
from rapport_kit.migrations.completeness import incompleteness
from rapport_kit.migrations.runner import offline_sql
from rapport_kit.service import Service, installed

SQUAWK = Path(sys.executable).parent / "squawk"
OF_NO_CONCERN = (
    "prefer-bigint-over-int",  # lanes, attempts and places in a list stay small
    "prefer-bigint-over-smallint",
    "prefer-text-field",  # Alembic's own table
)

SERVICES = [service for service in installed().values() if service.migrations]


def test_there_are_services_with_a_database() -> None:
    assert {service.name for service in SERVICES} >= {"contact", "identity"}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_the_revisions_are_complete(postgres: str, service: Service) -> None:
    assert await incompleteness(postgres, Chain.of(service)) == []


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_the_linter_of_migrations_finds_nothing(service: Service, tmp_path: Path) -> None:
    limits, *revisions = offline_sql(Chain.of(service)).split("BEGIN;\n")  # each is a transaction of its own
    for place, revision in enumerate(revisions):
        sql = tmp_path / f"{service.name}-{place}.sql"
        sql.write_text(f"{limits}BEGIN;\n{revision}")
        arguments = [
            "--pg-version=15.0",
            f"--exclude={','.join(OF_NO_CONCERN)}",
            "--reporter=Tty",
            str(sql),
        ]
        found = subprocess.run([SQUAWK, *arguments], check=False, capture_output=True, text=True)
        assert found.returncode == 0, found.stdout
