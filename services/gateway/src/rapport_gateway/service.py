"""The manifest of the gateway."""

from __future__ import annotations

from rapport_gateway.server import serve_gateway
from rapport_kit.service import Service

service = Service("gateway", serve=serve_gateway)
