"""TLS from files, for every listener and every channel."""

from __future__ import annotations

import ssl

import grpc

from rapport_kit.settings import PlatformSettings


def server_credentials(settings: PlatformSettings) -> grpc.ServerCredentials | None:
    """What a listener shows, and whom it lets in: only peers whose certificate our CA signed. None without TLS."""
    if settings.tls_cert is None or settings.tls_key is None or settings.tls_ca is None:
        return None
    return grpc.ssl_server_credentials(
        [(settings.tls_key.read_bytes(), settings.tls_cert.read_bytes())],
        root_certificates=settings.tls_ca.read_bytes(),
        require_client_auth=True,
    )


def channel_credentials(settings: PlatformSettings) -> grpc.ChannelCredentials | None:
    """What a channel shows, and whom it believes. None without TLS."""
    if settings.tls_cert is None or settings.tls_key is None or settings.tls_ca is None:
        return None
    return grpc.ssl_channel_credentials(
        root_certificates=settings.tls_ca.read_bytes(),
        private_key=settings.tls_key.read_bytes(),
        certificate_chain=settings.tls_cert.read_bytes(),
    )


def broker_context(settings: PlatformSettings) -> ssl.SSLContext | None:
    """How the broker is believed, and what it is shown, when its URL says `tls://`."""
    if not settings.required("nats_url").startswith("tls://"):
        return None
    context = ssl.create_default_context(cafile=settings.tls_ca)
    if settings.tls_cert is not None:
        context.load_cert_chain(settings.tls_cert, settings.tls_key)
    return context
