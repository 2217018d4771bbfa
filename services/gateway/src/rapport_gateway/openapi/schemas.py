"""JSON schemas of the messages: what the services send, and what they take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from rapport.api.v1 import annotations_pb2
from rapport_gateway.catalogue import message_types
from rapport_gateway.transcoding.requests import output_only, required
from rapport_kit.protojson import wellknown
from rapport_kit.protojson.scalars import LONG, RANGES

Schema = dict[str, Any]

DEFAULT_MOST = 1000
"""The limit of text and lists whose contract names none."""
UUID = "01890a5d-ac96-774b-bcce-b302099a8057"
FORMATS: Mapping[int, Schema] = {
    annotations_pb2.FORMAT_UUID: {"format": "uuid", "examples": [UUID]},
    annotations_pb2.FORMAT_LOCALE: {"pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", "examples": ["en-GB"]},
    annotations_pb2.FORMAT_TIME_ZONE: {"examples": ["Europe/London"]},
    annotations_pb2.FORMAT_COUNTRY: {"pattern": "^[A-Z]{2}$", "examples": ["GB"]},
}
WELL_KNOWN: Mapping[str, Schema] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time", "examples": ["2026-01-31T09:00:00Z"]},
    "google.protobuf.Duration": {"type": "string", "pattern": r"^-?[0-9]{1,12}(\.[0-9]{1,9})?s$", "examples": ["3.5s"]},
    "google.protobuf.FieldMask": {
        "type": "string",
        "pattern": r"^([a-z][a-zA-Z0-9]*(,[a-z][a-zA-Z0-9]*)*|\*)$",
        "description": "Names of fields, comma separated.",
        "examples": ["displayName,channels"],
    },
    "google.protobuf.Value": {},
    "google.protobuf.Struct": {"type": "object"},
    "google.protobuf.ListValue": {"type": "array", "items": {}},
}


class Schemas:
    """Collects the component schemas that the operations refer to.

    A message that is sent and taken has two: `Person` as it is answered, and `PersonInput`, which is closed, marks
    what is required and allows null for what may be left out.
    """

    def __init__(self, comments: Mapping[str, str]) -> None:
        self.components: dict[str, Schema] = {}
        self._comments = comments
        self._ambiguous = {name for name, count in Counter(one.name for one in message_types()).items() if count > 1}

    def of(self, message: Descriptor, *, taken: bool, without: Collection[str] = ()) -> Schema:
        """A reference to the schema of a message, which is made when it is first asked for.

        `without`: fields that come from elsewhere in a request, the path or a header.
        """
        if message.full_name in WELL_KNOWN:
            return dict(WELL_KNOWN[message.full_name])
        if message.full_name in wellknown.WRAPPERS:
            return self.field(message.fields_by_name["value"], taken=taken)
        name = self._name(message, taken)
        if name not in self.components:
            self.components[name] = {}
            self.components[name] |= self._object(message, taken, without)
        return {"$ref": f"#/components/schemas/{name}"}

    def field(self, field: FieldDescriptor, *, taken: bool) -> Schema:
        """The schema of one field, with its comment and its limits."""
        options: Any = field.GetOptions().Extensions[annotations_pb2.field]  # type: ignore[index]
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            value = self._one(field.message_type.fields_by_name["value"], taken, options)
            schema: Schema = {"type": "object", "additionalProperties": value}
            if taken:
                schema["maxProperties"] = options.max_items or DEFAULT_MOST
        elif field.is_repeated:
            schema = {"type": "array", "items": self._one(field, taken, options)}
            if taken:
                schema["maxItems"] = options.max_items or DEFAULT_MOST
        else:
            schema = self._one(field, taken, options)
        return self._described(schema, field)

    def _name(self, message: Descriptor, taken: bool) -> str:
        name = message.name
        if name in self._ambiguous:
            name = message.full_name.split(".")[1].capitalize() + name
        return f"{name}Input" if taken and not name.endswith("Request") else name

    def _object(self, message: Descriptor, taken: bool, without: Collection[str]) -> Schema:
        schema: Schema = {"type": "object"}
        if said := self._said(message.full_name, message):
            schema["description"] = said
        fields = [field for field in message.fields if field.name not in without]
        schema["properties"] = {field.json_name: self._property(field, taken) for field in fields}
        if taken:
            schema["additionalProperties"] = False
            if needed := [field.json_name for field in fields if required(field)]:
                schema["required"] = needed
        return schema

    def _property(self, field: FieldDescriptor, taken: bool) -> Schema:
        schema = self.field(field, taken=taken)
        if output_only(field):
            schema["readOnly"] = True
        if not taken:
            return schema
        if not required(field):
            return _nullable(schema)
        if schema.get("type") == "string" and "enum" not in schema:
            schema["minLength"] = 1
        elif schema.get("type") == "array":
            schema["minItems"] = 1
        return schema

    def _one(self, field: FieldDescriptor, taken: bool, options: Any) -> Schema:
        if field.message_type is not None:
            return self.of(field.message_type, taken=taken)
        if field.enum_type is not None:
            return self._enum(field.enum_type)
        match field.cpp_type:
            case FieldDescriptor.CPPTYPE_BOOL:
                return {"type": "boolean"}
            case FieldDescriptor.CPPTYPE_STRING if field.type == FieldDescriptor.TYPE_BYTES:
                return {"type": "string", "contentEncoding": "base64"}
            case FieldDescriptor.CPPTYPE_STRING:
                limit = {"maxLength": options.max_length or DEFAULT_MOST} if taken else {}
                return {"type": "string", **limit, **FORMATS.get(options.format, {})}
            case FieldDescriptor.CPPTYPE_DOUBLE | FieldDescriptor.CPPTYPE_FLOAT:
                return {"type": "number"}
            case kind if kind in LONG:
                text = {"pattern": "^-?[0-9]{1,20}$", "examples": ["1250"]}
                return {"type": ["string", "integer"] if taken else "string", "format": "int64", **text}
            case kind:
                least, most = RANGES[kind]
                if field.name == "page_size":  # AIP-158
                    least = 0
                # Without an example, pages show the least: a date of the year -2147483648.
                return {"type": "integer", "format": "int32", "minimum": least, "maximum": most, "examples": [1]}

    def _enum(self, enum: EnumDescriptor) -> Schema:
        lines = [f"- `{one.name}`: {said}" for one in enum.values if (said := self._value_comment(enum, one.name))]
        said = "\n".join(filter(None, [self._comments.get(enum.full_name, ""), *lines]))
        return {"type": "string", "enum": [one.name for one in enum.values], **({"description": said} if said else {})}

    def _value_comment(self, enum: EnumDescriptor, value: str) -> str:
        return self._comments.get(f"{enum.full_name}.{value}", "")

    def _described(self, schema: Schema, field: FieldDescriptor) -> Schema:
        said = self._comments.get(field.full_name, "")
        oneof = field.containing_oneof
        if oneof is not None and len(oneof.fields) > 1:
            names = ", ".join(one.json_name for one in oneof.fields)
            said = f"{said} At most one of {names}.".strip()
        return schema | {"description": said} if said else schema

    def _said(self, name: str, message: Descriptor) -> str:
        return self._comments.get(name, message.full_name if message.full_name.startswith("google.") else "")


def _nullable(schema: Schema) -> Schema:
    """The schema that takes null as well: it means absent."""
    if isinstance(schema.get("type"), str):
        nullable = schema | {"type": [schema["type"], "null"]}
    elif isinstance(schema.get("type"), list):
        nullable = schema | {"type": [*schema["type"], "null"]}
    else:
        inner = {key: value for key, value in schema.items() if key not in ("description", "readOnly")}
        outer = {key: value for key, value in schema.items() if key in ("description", "readOnly")}
        nullable = {"anyOf": [inner, {"type": "null"}], **outer} if inner else schema
    return nullable | {"enum": [*nullable["enum"], None]} if "enum" in nullable else nullable
