"""The proto3 JSON mapping, compiled once per message type, with a sentence about every fault."""

from __future__ import annotations

from rapport_kit.protojson.decoder import Decoders
from rapport_kit.protojson.encoder import Encoders
from rapport_kit.protojson.malformed import Malformed, Wrong

__all__ = ["Decoders", "Encoders", "Malformed", "Wrong"]
