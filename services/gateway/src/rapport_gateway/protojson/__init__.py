"""The proto3 JSON mapping, compiled once per message type."""

from __future__ import annotations

from rapport_gateway.protojson.decoder import Decoders
from rapport_gateway.protojson.encoder import Encoders
from rapport_gateway.protojson.malformed import Malformed, Wrong

__all__ = ["Decoders", "Encoders", "Malformed", "Wrong"]
