"""One HTTP request → the request message of one RPC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from google.api import field_behavior_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from rapport_gateway.catalogue import Binding
from rapport_gateway.problem import Problem
from rapport_gateway.transcoding.headers import EtagField, etag_of_if_match, request_id_of
from rapport_gateway.transcoding.paths import Template
from rapport_gateway.transcoding.query import QueryReader, parameters
from rapport_kit.protojson import Decoders, Malformed, Wrong
from rapport_kit.protojson.depth import nests_deeper
from rapport_kit.protojson.malformed import below
from rapport_kit.protojson.names import name_given_twice

DEEPEST_JSON = 32
RESUME_FIELDS = ("resume_token", "page_token")
"""What Last-Event-ID becomes, the first of these that a streaming request has."""


class RequestReader:
    """Compiled once per binding: knows which part of a request sets which field."""

    def __init__(self, binding: Binding, decoders: Decoders) -> None:
        self.binding = binding
        self.template = Template.parse(binding.path)
        self.descriptor: Descriptor = binding.method.input_type
        self._new = GetMessageClass(self.descriptor)
        every = parameters(self.descriptor, decoders)
        by_name = {one.name: one for one in every}
        self.path_parameters = [by_name[name] for name, _, _ in self.template.variables]
        self.query = QueryReader(one for one in every if self._in_query(one.path))
        self._decode: Callable[[Any, Any], None] = decoders.of(self.body_type) if self.body_type else _no_body
        self.etag = EtagField(self.descriptor, binding.verb, binding.body)
        self._mask_of = self._masked_fields() if self.derives_mask else {}
        fields = self.descriptor.fields_by_name
        self.takes_key = "request_id" in fields
        self._resume = next((name for name in RESUME_FIELDS if name in fields), "")

    @property
    def body_type(self) -> Descriptor | None:
        """The message that the HTTP body is; None when the RPC takes none."""
        body = self.binding.body
        if not body:
            return None
        return self.descriptor if body == "*" else self.descriptor.fields_by_name[body].message_type

    @property
    def body_required(self) -> bool:
        """Whether a request without a body can never be right."""
        body = self.binding.body
        if body and body != "*":
            return required(self.descriptor.fields_by_name[body])
        return bool(body) and any(
            required(field)
            for field in self.descriptor.fields
            if field.name not in {name for name, _, _ in self.template.variables}
        )

    @property
    def derives_mask(self) -> bool:
        """Whether an absent `update_mask` means the fields that the body holds (AIP-134)."""
        return self.binding.verb == "PATCH" and "update_mask" in self.descriptor.fields_by_name

    def read(self, segments: list[str], query: bytes, headers: Mapping[bytes, bytes], body: bytes) -> Message:
        """The request message; raises `Problem` that names what is wrong."""
        message = self._new()
        try:
            given = self._read_body(message, body)
            if query:
                self.query.read(message, query)
            self._read_path(message, segments)
        except Malformed as fault:
            raise Problem.of_malformed(fault) from None
        if self._mask_of and isinstance(given, dict) and not message.HasField("update_mask"):
            paths = {self._mask_of[key] for key in given if key in self._mask_of}
            message.update_mask.paths.extend(sorted(paths))  # type: ignore[attr-defined]
        self._read_headers(message, headers)
        return message

    def _in_query(self, path: tuple[str, ...]) -> bool:
        body = self.binding.body
        if ".".join(path) in {name for name, _, _ in self.template.variables}:
            return False
        # A body of `*` leaves nothing to the query but the wish to only check (AIP-163).
        return path == ("validate_only",) if body == "*" else path[0] != body

    def _read_body(self, message: Any, body: bytes) -> object:
        if not body:
            if self.body_required:
                raise Problem(400, "BODY_REQUIRED", "the request needs a JSON body")
            return None
        try:
            given = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise Problem(400, "MALFORMED_JSON", f"the body is not JSON: {error}") from None
        if nests_deeper(body, given, DEEPEST_JSON):
            raise Problem(400, "TOO_DEEP", f"the body nests deeper than {DEEPEST_JSON} levels")
        if name := name_given_twice(body, given):
            raise Problem.of_field(name, "GIVEN_TWICE", "given more than once in one object")
        if self.binding.body in ("", "*"):
            if not isinstance(given, dict):
                raise Malformed(Wrong("body", "WRONG_TYPE", "expected an object"))
            self._decode(message, given)
        else:
            with below(self.binding.body):
                self._decode(getattr(message, self.binding.body), given)
        return given

    def _read_path(self, message: Any, segments: list[str]) -> None:
        for parameter, (_, text) in zip(self.path_parameters, self.template.values(segments), strict=True):
            holder = message
            for step in parameter.path[:-1]:
                holder = getattr(holder, step)
            before = getattr(holder, parameter.path[-1])
            parameter.set(message, text)
            if before and before != getattr(holder, parameter.path[-1]):
                raise Problem.of_field(parameter.name, "CONTRADICTION", "the body and the path differ")

    def _read_headers(self, message: Any, headers: Mapping[bytes, bytes]) -> None:
        if (key := headers.get(b"idempotency-key")) is not None:  # an empty one is a mistake, not none
            self._read_key(message, key.decode("latin-1"))
        if (condition := headers.get(b"if-match")) is not None:  # nor is an empty condition none
            if not self.etag.exists:
                raise Problem.of_field("If-Match", "UNSUPPORTED", "the operation takes no etag")
            self.etag.set(message, etag_of_if_match(condition.decode("latin-1")))
        if self._resume and (position := headers.get(b"last-event-id")) and self.binding.method.server_streaming:
            setattr(message, self._resume, position.decode("latin-1"))

    def _read_key(self, message: Any, key: str) -> None:
        if not self.takes_key:
            if self.binding.safe:
                return  # A safe request may be repeated anyway.
            raise Problem.of_field("Idempotency-Key", "UNSUPPORTED", "the operation takes no idempotency key")
        request_id = request_id_of(key)
        if message.request_id and message.request_id != request_id:
            raise Problem.of_field("Idempotency-Key", "CONTRADICTION", "the request names another request_id as well")
        message.request_id = request_id

    def _masked_fields(self) -> dict[str, str]:
        """JSON key → path, for the fields of the body that a caller may change."""
        resource = self.body_type
        bound = {name.rpartition(".")[2] for name, _, _ in self.template.variables}
        fields = [
            field
            for field in (resource.fields if resource else ())
            if field.name not in bound and field.name != "etag" and not output_only(field)
        ]
        return {key: field.name for field in fields for key in (field.name, field.json_name)}


def required(field: FieldDescriptor) -> bool:
    """AIP-203 REQUIRED."""
    return field_behavior_pb2.REQUIRED in field.GetOptions().Extensions[field_behavior_pb2.field_behavior]


def output_only(field: FieldDescriptor) -> bool:
    """AIP-203 OUTPUT_ONLY."""
    return field_behavior_pb2.OUTPUT_ONLY in field.GetOptions().Extensions[field_behavior_pb2.field_behavior]


def _no_body(_message: Any, _value: Any) -> None:
    raise Problem(400, "UNEXPECTED_BODY", "the operation takes no body")
