"""The way to the departments: one gRPC channel per service."""

from __future__ import annotations

from collections.abc import Iterable

import grpc

from rapport_gateway.catalogue import Binding
from rapport_gateway.own import NAME
from rapport_kit.rpc.client import open_channel
from rapport_kit.rpc.tls import channel_credentials
from rapport_kit.service import known_names
from rapport_kit.settings import ServiceSettings


def open_channels(bindings: Iterable[Binding]) -> dict[str, grpc.aio.Channel]:
    """A channel to every service that publishes something, by the service's name; reads are repeated.

    And one to every installed service that has an address: it may have a part in what the gateway puts together.
    """
    safe: dict[str, set[tuple[str, str]]] = {name: set() for name in known_names(["all"]) if _has_address(name)}
    for binding in bindings:
        if binding.service == NAME:
            continue
        names = safe.setdefault(binding.service, set())
        if binding.safe:
            names.add((binding.method.containing_service.full_name, binding.method.name))
    return {service: _open(ServiceSettings.of(service), names) for service, names in safe.items()}


def _has_address(service: str) -> bool:
    return service != NAME and ServiceSettings.of(service).target is not None


def _open(settings: ServiceSettings, safe: set[tuple[str, str]]) -> grpc.aio.Channel:
    return open_channel(settings.required("target"), channel_credentials(settings.platform), safe=safe)
