"""What a process is told from outside: environment variables, or files of a mounted secrets folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_type_hints
from urllib.parse import parse_qs, urlsplit

from rapport_kit.blobs import store_at
from rapport_kit.certificate import fit_together
from rapport_kit.variables import Within, value_of

LogLevel = Literal["debug", "info", "warning", "error"]
Port = Annotated[int, Within(at_least=1, at_most=65535)]


class SettingsError(Exception):
    """One or more variables are missing or wrong; every line of the text starts with the variable's name."""


def _database_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("postgresql", "postgresql+asyncpg") or not parts.path.strip("/"):
        raise ValueError("must look like postgresql://user:password@host:port/database")
    if "sslmode" in parse_qs(parts.query):
        raise ValueError("sslmode is called ssl here, as in ?ssl=verify-full")
    return value


def _nats_url(value: str) -> str:
    for server in value.split(","):
        parts = urlsplit(server.strip())
        if parts.scheme not in ("nats", "tls") or not parts.hostname:
            raise ValueError("must look like nats://user:password@host:port, several separated by commas")
    return value


def _blob_url(value: str) -> str:
    store_at(value)
    return value


def _address(value: str) -> str:
    if value.startswith("unix:"):
        if len(value.removeprefix("unix:")) > 103:  # sun_path of the smallest platform, less its NUL
            raise ValueError("is longer than a unix socket's path may be (103 bytes)")
        return value
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError("must be unix:/path or host:port")
    return value


def _networks(value: str) -> Networks:
    return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())


DatabaseUrl = Annotated[str, _database_url]
NatsUrl = Annotated[str, _nats_url]
BlobUrl = Annotated[str, _blob_url]
Address = Annotated[str, _address]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], _networks]
"""Separated by commas, such as `10.0.0.0/8,::1/128`."""


@dataclass(frozen=True, kw_only=True)
class _Environment:
    """Variables win over files; an empty one counts as not set.

    A field is read by its type, then by what it is annotated with: calls that return the value, or raise ValueError
    with a text that does not repeat it.
    """

    @classmethod
    def read(cls, prefix: str, **given: Any) -> Self:
        """The settings under `prefix`; also from `RAPPORT_SECRETS_DIR`, one file per variable, named as it is."""
        folder = os.environ.get("RAPPORT_SECRETS_DIR")
        if folder and not Path(folder).is_dir():
            raise SettingsError(f"RAPPORT_SECRETS_DIR: {folder} is not a folder")
        files = {file.name.upper(): file for file in Path(folder).iterdir() if file.is_file()} if folder else {}
        types, wrong = get_type_hints(cls, include_extras=True), []
        for name in [each.name for each in fields(cls) if each.name not in given]:
            if text := _said(prefix + name.upper(), files):
                try:
                    given[name] = value_of(types[name], text)
                except ValueError as error:
                    wrong.append(f"{prefix}{name.upper()}: {error}")
        if wrong:
            raise SettingsError("\n".join(wrong))
        try:
            return cls(**given)
        except ValueError as error:
            raise SettingsError(str(error)) from None


def _said(name: str, files: Mapping[str, Path]) -> str:
    """What a variable is set to or, when it is not, what the file of its name holds; empty when neither is there."""
    return os.environ.get(name) or (files[name].read_text().strip() if name in files else "")


def _text(value: object, name: str) -> str:
    if value is None:
        raise SettingsError(f"{name}: is not set")
    return str(value)


@dataclass(frozen=True, kw_only=True)
class PlatformSettings(_Environment):
    """Shared by every process of one installation; prefix `RAPPORT_`."""

    database_url: DatabaseUrl | None = field(default=None, repr=False)
    """Administrator's URL, for migrations and `rapport up` only; services never see it."""
    nats_url: NatsUrl | None = field(default=None, repr=False)
    blob_url: BlobUrl | None = None
    """Where files are kept; S3's credentials are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the pod's identity."""
    upload_limit: Annotated[int, Within(at_least=1024)] = 1024 * 1024 * 1024
    """Bytes of one upload at most."""
    state_dir: Path | None = None
    """Where `rapport up` keeps its data; chosen per installation when not set."""
    postgres_port: Port | None = None
    nats_port: Port | None = None
    log_level: LogLevel = "info"
    otlp_endpoint: str | None = None
    """Base URL of an OTLP/HTTP collector; no traces are exported without one."""
    trace_sampling_ratio: Annotated[float, Within(at_least=0, at_most=1)] = 0.1
    page_token_keys: str | None = field(default=None, repr=False)
    """Texts of at least 32 characters, separated by commas, alike everywhere: the first seals, all open.

    They seal page tokens, and what services ask one another for over the broker. To replace one: put the new one last,
    then, when every process has it, first; drop the old one when page tokens of its time have expired.
    """
    tls_cert: Path | None = None
    """What every listener and every caller shows; in PEM, with those between it and the authority."""
    tls_key: Path | None = None
    tls_ca: Path | None = None
    """Whom they believe."""

    @classmethod
    def load(cls) -> PlatformSettings:
        return cls.read("RAPPORT_")

    def required(self, field: str) -> str:
        """The text of a field this process cannot do without; SettingsError names its variable when it is not set."""
        return _text(getattr(self, field), f"RAPPORT_{field.upper()}")

    @property
    def shared_keys(self) -> list[bytes]:
        """The page token keys; SettingsError when there are none."""
        return [key.encode() for key in self.required("page_token_keys").split(",")]

    @property
    def tls(self) -> bool:
        """Whether every listener and every channel speaks TLS."""
        return self.tls_cert is not None

    def __post_init__(self) -> None:
        """Raises ValueError when TLS is set by halves, or by a file that is not there."""
        files = {"RAPPORT_TLS_CERT": self.tls_cert, "RAPPORT_TLS_KEY": self.tls_key, "RAPPORT_TLS_CA": self.tls_ca}
        missing = [variable for variable, path in files.items() if path is None]
        if missing and len(missing) < len(files):
            raise ValueError(f"{', '.join(missing)}: certificate, key and CA are set together or not at all")
        for variable, path in files.items():
            if path is not None and not path.is_file():
                raise ValueError(f"{variable}: {path} is not a file")
        if self.tls_cert is not None and self.tls_key is not None and self.tls_ca is not None:
            fit_together(self.tls_cert, self.tls_key, self.tls_ca)


@dataclass(frozen=True, kw_only=True)
class ServiceSettings(_Environment):
    """What one service needs; prefix `RAPPORT_<SERVICE>_`, with the shared settings as `platform`."""

    name: str
    platform: PlatformSettings
    database_url: DatabaseUrl | None = field(default=None, repr=False)
    """The role `<service>_app`."""
    system_database_url: DatabaseUrl | None = field(default=None, repr=False)
    """The role `<service>_system`: relay, consumer bookkeeping, timers."""
    listen: Address | None = None
    metrics_listen: Address | None = None
    target: str | None = None
    """Where peers reach the service, any gRPC target; its own listen address when not set."""
    pool_size: Annotated[int, Within(at_least=1, at_most=500)] = 10
    """Connections of the `app` pool in each process."""

    @classmethod
    def of(cls, name: str) -> Self:
        """What the environment says for the service called `name`; SettingsError names every variable that is wrong."""
        wrong = []
        try:
            platform = PlatformSettings.load()
        except SettingsError as error:  # the service's own are read all the same, to say at once what is wrong
            platform = PlatformSettings()
            wrong.append(str(error))
        try:
            settings = cls.read(variable(name, ""), name=name, platform=platform)
        except SettingsError as error:
            wrong.append(str(error))
        if wrong:
            raise SettingsError("\n".join(wrong))
        return settings if settings.target else replace(settings, target=settings.listen)

    def required(self, field: str) -> str:
        """The text of a field this process cannot do without; SettingsError names its variable when it is not set."""
        return _text(getattr(self, field), variable(self.name, field))


def variable(service: str, field: str) -> str:
    """The name of the variable that sets `field` for `service`, such as `RAPPORT_CONTACT_LISTEN`."""
    return f"RAPPORT_{service}_{field}".replace("-", "_").upper()
