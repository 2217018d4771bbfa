"""The system user that PostgreSQL runs as: ourselves, or an unprivileged one when we are root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapport_kit.local.failure import PlatformError

ACCOUNT = "rapport-postgres"


@dataclass(frozen=True)
class Owner:
    """Who owns the database files. `identity` is None when no change of user is needed."""

    identity: tuple[int, int] | None

    def process(self) -> dict[str, Any]:
        """Arguments for `subprocess` that run a command as this user."""
        if self.identity is None:
            return {}
        uid, gid = self.identity
        return {"user": uid, "group": gid, "extra_groups": []}

    def take(self, path: Path) -> None:
        if self.identity is not None:
            os.chown(path, *self.identity)


def database_owner() -> Owner:
    """PostgreSQL refuses to run as root, so root gets a system account of its own, created once."""
    if os.geteuid() != 0:
        return Owner(None)
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        entry = _create_account()
    return Owner((entry.pw_uid, entry.pw_gid))


def _create_account() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise PlatformError(
            "PostgreSQL refuses to run as root and `useradd` is missing: start as a plain user, or set "
            "RAPPORT_DATABASE_URL to a server of your own."
        )
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--shell", "/usr/sbin/nologin", ACCOUNT]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    try:  # two starts at once: the slower one finds the account there
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise PlatformError(f"The system user {ACCOUNT} could not be created: {done.stderr.strip()}") from None
