"""Where each service listens on this machine, and the variables its process gets."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapport_kit.certificate import why_unbelieved
from rapport_kit.local.failure import PlatformError
from rapport_kit.local.platform import Platform
from rapport_kit.local.ports import LOOPBACK, choose, is_free
from rapport_kit.settings import PlatformSettings, ServiceSettings, variable

GATEWAY = "gateway"
GATEWAY_PORT = 8080


@dataclass(frozen=True)
class Place:
    """One service's addresses: gRPC or, for the gateway, HTTP; and `/metrics`."""

    name: str
    listen: str
    metrics: str

    def variables(self) -> dict[str, str]:
        return {variable(self.name, "listen"): self.listen, variable(self.name, "metrics_listen"): self.metrics}


def places(platform: Platform, names: Sequence[str]) -> list[Place]:
    """Unix sockets for the services, ports for the gateway and the metrics; what the environment says goes first.

    With TLS also ports for the services: at a Unix socket there is no host name to be verified.
    """
    return [_place(platform, name) for name in names]


def environments(
    platform: Platform,
    everywhere: Sequence[Place],
    databases: Mapping[str, Mapping[str, str]],
    secrets: Mapping[str, Sequence[str]],
    *,
    single: bool,
) -> dict[str, dict[str, str]]:
    """Each process's environment. A service gets its own database only, and nobody gets the administrator's.

    `secrets` names the fields of each service's settings for which a key is made up.
    """
    common = {name: value for name, value in os.environ.items() if value and name != "RAPPORT_DATABASE_URL"}
    common["RAPPORT_NATS_URL"] = platform.nats_url
    common.setdefault("RAPPORT_BLOB_URL", platform.state.blobs.as_uri())
    common.setdefault("RAPPORT_PAGE_TOKEN_KEYS", platform.state.secret("page-tokens"))
    targets = {variable(place.name, "target"): place.listen for place in everywhere}
    own = {
        place.name: place.variables() | dict(databases.get(place.name, {})) | _keys(platform, place.name, secrets)
        for place in everywhere
    }
    if single:
        own = {"all": {name: value for variables in own.values() for name, value in variables.items()}}
    return {name: targets | variables | common for name, variables in own.items()}


def _keys(platform: Platform, service: str, secrets: Mapping[str, Sequence[str]]) -> dict[str, str]:
    names = [variable(service, field) for field in secrets.get(service, ())]
    return {name: platform.state.key(name) for name in names}


def _place(platform: Platform, name: str) -> Place:
    given = ServiceSettings.of(name)
    if given.listen is not None:
        _refuse_taken(name, given.listen)
    metrics = given.metrics_listen or f"{LOOPBACK}:{_port(platform, f'{name}-metrics', None)}"
    listen = given.listen or _listen(platform, name)
    if name != GATEWAY:  # which browsers see, perhaps with a certificate of its own
        _refuse_unbelieved(name, listen, platform.settings)
    return Place(name, listen, metrics)


def _listen(platform: Platform, name: str) -> str:
    if name == GATEWAY:
        return f"{LOOPBACK}:{_port(platform, name, GATEWAY_PORT)}"
    if platform.settings.tls:
        return f"{LOOPBACK}:{_port(platform, name, None)}"
    return f"unix:{platform.state.sockets / name}.sock"


def _port(platform: Platform, name: str, preferred: int | None) -> int:
    remembered = platform.state.port(name) or preferred
    port = choose(name, variable(name, "listen"), explicit=None, remembered=remembered)
    platform.state.remember_port(name, port)
    return port


def _refuse_taken(name: str, listen: str) -> None:
    host, _, port = listen.rpartition(":")
    if not listen.startswith("unix:") and not is_free(int(port), host.strip("[]")):
        raise PlatformError(
            f"Port {port} for {name} is taken by another program: free it, or change or unset "
            f"{variable(name, 'listen')}."
        )


def _refuse_unbelieved(name: str, listen: str, settings: PlatformSettings) -> None:
    """Peers that do not believe a service would wait for it without a word."""
    if settings.tls_cert is None or settings.tls_key is None or settings.tls_ca is None:
        return
    if listen.startswith("unix:"):
        raise PlatformError(
            f"{variable(name, 'listen')}: {listen} is no place for RAPPORT_TLS_CERT, since a Unix socket has no host "
            "name to be verified: unset it, or say host:port."
        )
    host = listen.rpartition(":")[0].strip("[]")
    why = why_unbelieved(settings.tls_cert, settings.tls_key, settings.tls_ca, host)
    if why is not None:
        raise PlatformError(
            f"RAPPORT_TLS_CERT: whoever trusts {settings.tls_ca} does not believe {settings.tls_cert} at {host}, "
            f"where {name} listens: {why}."
        )
