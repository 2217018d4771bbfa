"""One published RPC, compiled: how its request is read and its answer written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from rapport.api.v1.content_pb2 import Content
from rapport_gateway.catalogue import Binding
from rapport_gateway.transcoding.requests import RequestReader
from rapport_kit.protojson import Decoders, Encoders


class Rpc:
    """Everything about a binding that can be known before a request comes."""

    def __init__(self, binding: Binding, encoders: Encoders, decoders: Decoders) -> None:
        self.binding = binding
        self.name = binding.method.full_name
        self.reader = RequestReader(binding, decoders)
        answer = binding.method.output_type
        self.uploads: bool = binding.method.client_streaming
        """The HTTP body is a content of any type and size, not JSON."""
        self.downloads: bool = binding.method.server_streaming and answer is Content.DESCRIPTOR
        """The answer is one."""
        self.part = answer.fields_by_name[binding.response_body] if binding.response_body else None
        """The field of the answer that is the HTTP body; None when all of it is."""
        self.has_etag = self.part is None and not self.downloads and "etag" in answer.fields_by_name
        self._encode = encoders.of(answer) if self.part is None else encoders.field(self.part)

    def write(self, reply: Any) -> bytes:
        """The JSON of an answer."""
        return orjson.dumps(self._encode(reply if self.part is None else getattr(reply, self.part.name)))


def compiled(bindings: Iterable[Binding]) -> list[Rpc]:
    """Every binding compiled, with what they have in common compiled once."""
    encoders, decoders = Encoders(), Decoders()
    return [Rpc(binding, encoders, decoders) for binding in bindings]
