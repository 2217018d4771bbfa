"""The manifest of the gateway."""

from __future__ import annotations

from rapport_gateway.customers.view import Customers
from rapport_gateway.server import serve_gateway
from rapport_kit.service import Service

service = Service("gateway", handlers=(Customers(),), serve=serve_gateway)
