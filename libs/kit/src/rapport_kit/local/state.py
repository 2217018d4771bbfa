"""The folder where one installation keeps its data, addresses and generated secrets between starts."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapport_kit.local.failure import PlatformError
from rapport_kit.local.files import write_private

LONGEST_SOCKET = 103  # bytes of sun_path on the smallest platform, less its NUL


@dataclass(frozen=True)
class State:
    """`directory` lets others pass through (PostgreSQL may run as another user) but not look inside."""

    directory: Path

    @classmethod
    def open(cls, configured: Path | None = None) -> State:
        """The configured folder or the installation's own, made if needed; refused when it is not ours."""
        state = cls.locate(configured)
        try:
            for folder in (state.directory, state.sockets, state.logs):
                folder.mkdir(mode=0o711 if folder == state.directory else 0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise PlatformError(f"{state.directory}: {error.strerror}; set RAPPORT_STATE_DIR.") from None
        found = state.directory.lstat()
        if found.st_uid != os.geteuid() or not stat.S_ISDIR(found.st_mode):
            raise PlatformError(f"{state.directory} belongs to somebody else; set RAPPORT_STATE_DIR.")
        if len(os.fsencode(state.sockets / "servicedesk.sock")) > LONGEST_SOCKET:
            raise PlatformError(f"{state.directory} is too long for unix sockets; set RAPPORT_STATE_DIR.")
        return state

    @classmethod
    def locate(cls, configured: Path | None = None) -> State:
        """The same folder as `open`, without making it."""
        if configured is not None:
            return cls(configured.absolute())
        installation = hashlib.sha256(sys.prefix.encode()).hexdigest()[:12]
        return cls(_state_home() / installation)

    @property
    def sockets(self) -> Path:
        return self.directory / "run"

    @property
    def logs(self) -> Path:
        return self.directory / "log"

    @property
    def blobs(self) -> Path:
        """Uploaded files, unless RAPPORT_BLOB_URL says elsewhere."""
        return self.directory / "blobs"

    @property
    def lock(self) -> Path:
        """Held by the running `rapport up`."""
        return self.directory / "up.lock"

    @property
    def services(self) -> Path:
        """What the last `rapport up` started, for `rapport status`."""
        return self.directory / "services.json"

    def secret(self, name: str) -> str:
        """A password generated at first use."""
        return str(self._remember("secrets.json", name, secrets.token_urlsafe(24), replace=False))

    def key(self, name: str) -> str:
        """32 random bytes in base64, generated at first use."""
        made = base64.b64encode(secrets.token_bytes(32)).decode()
        return str(self._remember("secrets.json", name, made, replace=False))

    def keep(self, name: str, value: str) -> None:
        """Keep a secret that was made elsewhere."""
        self._remember("secrets.json", name, value, replace=True)

    def kept(self, name: str) -> str | None:
        """A secret that was kept or generated, or None."""
        value = self._read("secrets.json").get(name)
        return None if value is None else str(value)

    def port(self, name: str) -> int | None:
        """The port used last time."""
        port = self._read("ports.json").get(name)
        return int(port) if port is not None else None

    def remember_port(self, name: str, port: int) -> None:
        self._remember("ports.json", name, port, replace=True)

    def servers(self) -> list[tuple[str, str]]:
        """Kind and address of each server of others' that was ever used."""
        return [(str(kind), host) for host, kind in self._read("servers.json").items()]

    def remember_server(self, kind: str, host: str) -> None:
        self._remember("servers.json", host, kind, replace=True)

    def delete(self) -> None:
        if self.directory.exists():
            shutil.rmtree(self.directory)

    def _read(self, file: str) -> dict[str, Any]:
        try:
            content = json.loads((self.directory / file).read_text())
        except FileNotFoundError:
            return {}
        except ValueError:
            raise PlatformError(f"{self.directory / file} is damaged; `rapport reset` starts afresh.") from None
        return dict(content)

    def _remember(self, file: str, name: str, value: str | int, *, replace: bool) -> str | int:
        content = self._read(file)
        known: str | int | None = content.get(name)
        if known is not None and not replace:
            return known
        content[name] = value
        write_private(self.directory / file, json.dumps(content, indent=2))
        return value


def _state_home() -> Path:
    """Root's data stays out of homes, which PostgreSQL's user could not enter."""
    if os.geteuid() == 0:
        return Path("/var/lib/rapport")
    configured = os.environ.get("XDG_STATE_HOME")
    return (Path(configured) if configured else Path.home() / ".local/state") / "rapport"
