"""Where each service listens on this machine, and the variables its process gets."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapport_kit.local.failure import PlatformError
from rapport_kit.local.platform import Platform
from rapport_kit.local.ports import LOOPBACK, choose, is_free
from rapport_kit.settings import ServiceSettings, variable

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
    """Unix sockets for the services, ports for the gateway and the metrics; what the environment says goes first."""
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
    if name == GATEWAY:
        listen = given.listen or f"{LOOPBACK}:{_port(platform, name, GATEWAY_PORT)}"
    else:
        listen = given.listen or f"unix:{platform.state.sockets / name}.sock"
    return Place(name, listen, metrics)


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
