"""What a process is told from outside: environment variables, or files of a mounted secrets folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from rapport_kit.blobs import store_at
from rapport_kit.certificate import fit_together

LogLevel = Literal["debug", "info", "warning", "error"]
Port = Annotated[int, Field(ge=1, le=65535)]


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


def _networks(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())


DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
NatsUrl = Annotated[str, AfterValidator(_nats_url)]
BlobUrl = Annotated[str, AfterValidator(_blob_url)]
Address = Annotated[str, AfterValidator(_address)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_networks)]
"""Separated by commas, such as `10.0.0.0/8,::1/128`."""


class _Environment(BaseModel):
    """Variables win over files; an empty one counts as not set."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    @classmethod
    def read(cls, prefix: str, **given: Any) -> Self:
        """The settings under `prefix`; also from `RAPPORT_SECRETS_DIR`, one file per variable, named as it is."""
        folder = os.environ.get("RAPPORT_SECRETS_DIR")
        if folder and not Path(folder).is_dir():
            raise SettingsError(f"RAPPORT_SECRETS_DIR: {folder} is not a folder")
        files = {file.name.upper(): file for file in Path(folder).iterdir() if file.is_file()} if folder else {}
        said = {field: _said(prefix + field.upper(), files) for field in cls.model_fields}
        try:
            return cls(**{field: text for field, text in said.items() if text} | given)
        except ValidationError as error:
            raise SettingsError(_readable(error, prefix)) from None


def _said(name: str, files: Mapping[str, Path]) -> str:
    """What a variable is set to or, when it is not, what the file of its name holds; empty when neither is there."""
    return os.environ.get(name) or (files[name].read_text().strip() if name in files else "")


def _readable(error: ValidationError, prefix: str) -> str:
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        variable = prefix + "_".join(str(part) for part in problem["loc"]).upper()
        message = problem["msg"].removeprefix("Value error, ")
        lines.append(f"{variable}: {message}" if problem["loc"] else message)
    return "\n".join(lines)


def _text(value: object, name: str) -> str:
    if value is None:
        raise SettingsError(f"{name}: is not set")
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


class PlatformSettings(_Environment):
    """Shared by every process of one installation; prefix `RAPPORT_`."""

    database_url: DatabaseUrl | None = Field(default=None, repr=False)
    """Administrator's URL, for migrations and `rapport up` only; services never see it."""
    nats_url: NatsUrl | None = Field(default=None, repr=False)
    blob_url: BlobUrl | None = None
    """Where files are kept; S3's credentials are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the pod's identity."""
    upload_limit: Annotated[int, Field(ge=1024)] = 1024 * 1024 * 1024
    """Bytes of one upload at most."""
    state_dir: Path | None = None
    """Where `rapport up` keeps its data; chosen per installation when not set."""
    postgres_port: Port | None = None
    nats_port: Port | None = None
    log_level: LogLevel = "info"
    otlp_endpoint: str | None = None
    """Base URL of an OTLP/HTTP collector; no traces are exported without one."""
    trace_sampling_ratio: Annotated[float, Field(ge=0, le=1)] = 0.1
    page_token_keys: SecretStr | None = None
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

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        files = {"RAPPORT_TLS_CERT": self.tls_cert, "RAPPORT_TLS_KEY": self.tls_key, "RAPPORT_TLS_CA": self.tls_ca}
        missing = [variable for variable, path in files.items() if path is None]
        if missing and len(missing) < len(files):
            raise ValueError(f"{', '.join(missing)}: certificate, key and CA are set together or not at all")
        for variable, path in files.items():
            if path is not None and not path.is_file():
                raise ValueError(f"{variable}: {path} is not a file")
        if self.tls_cert is not None and self.tls_key is not None and self.tls_ca is not None:
            fit_together(self.tls_cert, self.tls_key, self.tls_ca)
        return self


class ServiceSettings(_Environment):
    """What one service needs; prefix `RAPPORT_<SERVICE>_`, with the shared settings as `platform`."""

    name: str
    platform: PlatformSettings
    database_url: DatabaseUrl | None = Field(default=None, repr=False)
    """The role `<service>_app`."""
    system_database_url: DatabaseUrl | None = Field(default=None, repr=False)
    """The role `<service>_system`: relay, consumer bookkeeping, timers."""
    listen: Address | None = None
    metrics_listen: Address | None = None
    target: str | None = None
    """Where peers reach the service, any gRPC target; its own listen address when not set."""
    pool_size: Annotated[int, Field(ge=1, le=500)] = 10
    """Connections of the `app` pool in each process."""

    @classmethod
    def of(cls, name: str) -> Self:
        """What the environment says for the service called `name`; SettingsError names every variable that is wrong."""
        wrong = []
        try:
            platform = PlatformSettings.load()
        except SettingsError as error:  # the service's own are read all the same, to say at once what is wrong
            platform = PlatformSettings.model_construct()
            wrong.append(str(error))
        try:
            settings = cls.read(variable(name, ""), name=name, platform=platform)
        except SettingsError as error:
            wrong.append(str(error))
        if wrong:
            raise SettingsError("\n".join(wrong))
        return settings if settings.target else settings.model_copy(update={"target": settings.listen})

    def required(self, field: str) -> str:
        """The text of a field this process cannot do without; SettingsError names its variable when it is not set."""
        return _text(getattr(self, field), variable(self.name, field))


def variable(service: str, field: str) -> str:
    """The name of the variable that sets `field` for `service`, such as `RAPPORT_CONTACT_LISTEN`."""
    return f"RAPPORT_{service}_{field}".replace("-", "_").upper()
