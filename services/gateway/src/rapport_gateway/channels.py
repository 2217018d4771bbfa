"""The way to the departments: one gRPC channel per service."""

from __future__ import annotations

import json
from collections.abc import Iterable

import grpc

from rapport_gateway.catalogue import Binding
from rapport_kit.rpc.tls import channel_credentials
from rapport_kit.settings import ServiceSettings

LARGEST_MESSAGE = 32 * 1024 * 1024


def open_channels(bindings: Iterable[Binding]) -> dict[str, grpc.aio.Channel]:
    """A channel to every service that publishes something, by the service's name."""
    safe: dict[str, set[tuple[str, str]]] = {}
    for binding in bindings:
        names = safe.setdefault(binding.service, set())
        if binding.safe:
            names.add((binding.method.containing_service.full_name, binding.method.name))
    return {service: _open(ServiceSettings.of(service), names) for service, names in safe.items()}


def _open(settings: ServiceSettings, safe: set[tuple[str, str]]) -> grpc.aio.Channel:
    options = [
        ("grpc.service_config", service_config(safe)),
        ("grpc.max_send_message_length", LARGEST_MESSAGE),
        ("grpc.max_receive_message_length", LARGEST_MESSAGE),
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 1_000),
    ]
    target, credentials = settings.required("target"), channel_credentials(settings.platform)
    if credentials is None:
        return grpc.aio.insecure_channel(target, options=options)
    return grpc.aio.secure_channel(target, credentials, options=options)


def service_config(safe: set[tuple[str, str]]) -> str:
    """Spread over all addresses of a service; repeat only what is safe, and not while a service is down.

    A change is never repeated here: the gateway cannot know whether it was done, the client can ask with its
    idempotency key.
    """
    retry = {
        "name": [{"service": service, "method": method} for service, method in sorted(safe)],
        "retryPolicy": {
            "maxAttempts": 3,
            "initialBackoff": "0.05s",
            "maxBackoff": "0.5s",
            "backoffMultiplier": 2,
            "retryableStatusCodes": ["UNAVAILABLE"],
        },
    }
    return json.dumps(
        {
            "loadBalancingConfig": [{"round_robin": {}}],
            "methodConfig": [retry] if safe else [],
            # At most one retry for ten calls in the long run (gRFC A6).
            "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
        }
    )
