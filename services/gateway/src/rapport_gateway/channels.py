"""The way to the departments: one gRPC channel per service."""

from __future__ import annotations

from collections.abc import Iterable

import grpc

from rapport_gateway.catalogue import Binding
from rapport_kit.rpc.client import open_channel
from rapport_kit.rpc.tls import channel_credentials
from rapport_kit.settings import ServiceSettings


def open_channels(bindings: Iterable[Binding]) -> dict[str, grpc.aio.Channel]:
    """A channel to every service that publishes something, by the service's name; reads are repeated."""
    safe: dict[str, set[tuple[str, str]]] = {}
    for binding in bindings:
        names = safe.setdefault(binding.service, set())
        if binding.safe:
            names.add((binding.method.containing_service.full_name, binding.method.name))
    return {service: _open(ServiceSettings.of(service), names) for service, names in safe.items()}


def _open(settings: ServiceSettings, safe: set[tuple[str, str]]) -> grpc.aio.Channel:
    return open_channel(settings.required("target"), channel_credentials(settings.platform), safe=safe)
