"""Requests for any RPC, made from its descriptor: mostly valid, and full of what belongs to somebody else.

Texts hold placeholders, filled in when the request is sent: `«F:PersonService:3»` is the third id of another
tenant's people, `«O:…»` one of the caller's own, `«N»` a new word each time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from google.api import field_behavior_pb2
from google.protobuf import field_mask_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rapport.api.v1 import annotations_pb2
from tests.callers import SERVICES
from tests.holdings import items_field

Draw = Callable[[st.SearchStrategy[Any]], Any]
Drawn = TypeVar("Drawn")
DEEPEST = 4
BEHAVIOUR: Any = field_behavior_pb2.field_behavior
OWN_FORMATS = {
    annotations_pb2.FORMAT_LOCALE: "de-DE",
    annotations_pb2.FORMAT_TIME_ZONE: "Europe/Berlin",
    annotations_pb2.FORMAT_COUNTRY: "DE",
}
NAMED = {
    "address": ("«F:mail:{n}»", "own-«N»@own.example"),
    "admin_email": ("own-«N»@own.example",),
    "admin_password": ("a good long password",),
    "api_key": ("«F:forged_key:{n}»", "nonsense"),
    "client_secret": ("«F:forged_client:{n}»",),
    "currency": ("EUR",),
    "currency_code": ("EUR",),
    "denials": ("contact.people.delete",),
    "domains": ("own-«N».example",),
    "email_domains": ("own-«N».example",),
    "default_role": ("rep", "«F:key:{n}»"),
    "email": ("«F:mail:{n}»", "own-«N»@own.example"),
    "end": ("08:00",),
    "etag": ("", "", '"1"', '"2"'),
    "grants": ("contact.people.get",),
    # Which tenant a host name belongs to is no secret: whoever opens it in a browser sees it.
    "host": ("own-«N».example",),
    "hosts": ("own-«N».example",),
    "issuer": ("https://own-«N».example",),
    "key": ("«F:key:{n}»", "own-«N»"),
    "new_password": ("a good long password",),
    "number": ("+442079460100",),
    "old_password": ("a wrong password",),
    "password": ("a good long password",),
    "permission": ("contact.people.get", "*"),
    "query": ("«F:text:{n}»", "«F:mail:{n}»", "7946", "zq"),
    "recording_uri": ("https://own-«N».example",),
    "request_id": ("", "«F:request:{n}»"),
    "role": ("rep", "«F:key:{n}»"),
    "roles": ("rep", "«F:key:{n}»"),
    "scopes": ("openid", "own-«N»"),
    # Only checked, for it is foreign: setting a secret twice leaves two different times behind.
    "secret": ("«F:text:{n}»",),
    "rule": ("FREQ=DAILY;COUNT=3",),
    "session_secret": ("«F:forged_session:{n}»",),
    "start": ("22:00",),
    "user_name": ("«F:mail:{n}»", "own-«N»@own.example"),
    "value": ("«F:key:{n}»", "own-«N»"),
}
"""By the names of text fields, what they may hold; any other holds another tenant's text or a new word."""


def drawn(strategy: st.SearchStrategy[Drawn], count: int) -> list[Drawn]:
    """The simplest example, and others up to `count`.

    They are drawn before anything is sent: what a server answers depends on what was sent before, and Hypothesis
    would take a failure that does not come again for an inconsistent strategy.
    """
    found: list[Drawn] = []

    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def keep(example: Drawn) -> None:
        found.append(example)

    keep()
    return found


def requests(method: MethodDescriptor) -> st.SearchStrategy[Message]:
    """Requests for `method`, with placeholders."""

    @st.composite
    def request(draw: Any) -> Message:
        message: Any = Probe(draw, method).message(method.input_type)
        # What would be stored with a foreign text in it would be found again, and taken for a leak.
        if "validate_only" in method.input_type.fields_by_name and _stores_foreign(message):
            message.validate_only = True
        return message  # type: ignore[no-any-return]

    return request()


class Probe:
    """One request in the making."""

    def __init__(self, draw: Draw, method: MethodDescriptor) -> None:
        self._draw = draw
        self._method = method

    def message(self, descriptor: Descriptor, depth: int = 0) -> Message:
        """A message with what is REQUIRED and some of the rest."""
        made: Any = GetMessageClass(descriptor)()
        chosen = {
            oneof.name: self._draw(st.sampled_from([field.name for field in oneof.fields]))
            for oneof in descriptor.oneofs
        }
        for field in descriptor.fields:
            oneof = field.containing_oneof
            if (oneof is None or chosen[oneof.name] == field.name) and self._wanted(field, depth):
                self._set(made, field, depth)
        return made  # type: ignore[no-any-return]

    def _wanted(self, field: FieldDescriptor, depth: int) -> bool:
        behaviour = field.GetOptions().Extensions[BEHAVIOUR]
        if depth and field.name in ("request_id", "validate_only"):
            return False
        if field_behavior_pb2.OUTPUT_ONLY in behaviour:
            return field.name == "id" and self._method.name.startswith(("Update", "Restore", "UploadFileRecord"))
        if field_behavior_pb2.REQUIRED in behaviour or field.containing_oneof is not None:
            return True
        return depth < DEEPEST and bool(self._draw(st.booleans()))

    def _set(self, made: Any, field: FieldDescriptor, depth: int) -> None:
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            value = field.message_type.fields_by_name["value"]
            getattr(made, field.name)["note"] = "«N»" if value.type == FieldDescriptor.TYPE_STRING else 1
        elif field.is_repeated:
            for _ in range(self._draw(st.integers(1, 2))):
                self._add(getattr(made, field.name), field, depth)
        elif field.message_type is not None:
            getattr(made, field.name).CopyFrom(self._nested(field.message_type, depth))
        else:
            setattr(made, field.name, self._scalar(field))

    def _add(self, values: Any, field: FieldDescriptor, depth: int) -> None:
        if field.message_type is not None:
            values.append(self._nested(field.message_type, depth))
        else:
            value = self._scalar(field)
            if value not in values:
                values.append(value)

    def _nested(self, descriptor: Descriptor, depth: int) -> Message:
        match descriptor.full_name:
            case "google.protobuf.FieldMask":
                return field_mask_pb2.FieldMask(paths=[self._draw(st.sampled_from(("*", *self._paths())))])
            case "google.protobuf.Timestamp":
                return GetMessageClass(descriptor)(seconds=2_000_000_000)
            case "google.protobuf.Duration":
                return GetMessageClass(descriptor)(seconds=60)
            case "google.type.Date":
                return GetMessageClass(descriptor)(year=1990, month=5, day=17)
            case "rapport.api.v1.Content":
                return GetMessageClass(descriptor)(data=b"own content", last=True)
            case "google.type.Money":
                return GetMessageClass(descriptor)(currency_code="EUR", units=5)
        return self.message(descriptor, depth + 1)

    def _paths(self) -> list[str]:
        """What an update mask may name."""
        return [
            field.name
            for body in self._method.input_type.fields
            if body.message_type is not None and "etag" in body.message_type.fields_by_name
            for field in body.message_type.fields
            if field.name != "etag" and field_behavior_pb2.OUTPUT_ONLY not in field.GetOptions().Extensions[BEHAVIOUR]
        ]

    def _scalar(self, field: FieldDescriptor) -> Any:
        if field.type == FieldDescriptor.TYPE_STRING:
            return self._text(field)
        if field.type == FieldDescriptor.TYPE_BOOL:
            return self._draw(st.booleans())
        if field.type == FieldDescriptor.TYPE_ENUM:
            assert field.enum_type is not None
            return self._draw(st.sampled_from([value.number for value in field.enum_type.values if value.number]))
        return self._draw(st.sampled_from((0, 1, 2, 50) if field.name == "page_size" else (0, 1)))

    def _text(self, field: FieldDescriptor) -> str:
        options = rules(field)
        if field.name in ("filter", "order_by") and not self._method.name.startswith("List"):
            return ""  # a part of a record, which says of what kind of records it speaks
        if field.name in ("filter", "order_by", "page_token"):
            return str(self._draw(st.sampled_from(getattr(self, f"_{field.name}")())))
        if options.format in OWN_FORMATS:
            return OWN_FORMATS[options.format]
        if options.format == annotations_pb2.FORMAT_UUID and field.name != "request_id":
            kind = self._kind(field.name)
            whose = self._draw(st.sampled_from("FFFO"))
            return f"«{whose}:{kind}:{self._draw(st.integers(0, 5))}»"
        choices = NAMED.get(field.name, ("«F:text:{n}»", "Own «N»"))
        return str(self._draw(st.sampled_from(choices))).format(n=self._draw(st.integers(0, 9)))

    def _kind(self, name: str) -> str:
        """The proto service whose records the ids in a field called `name` belong to."""
        if name == "owner_id":
            return "UserService"
        if name == "client_id":
            return "ServiceAccountService"
        named = name.removesuffix("s").removesuffix("_id").title().replace("_", "") + "Service"
        own = self._method.containing_service
        assert own is not None
        return named if named in SERVICES else own.name

    def _listed(self) -> Descriptor:
        listed = items_field(self._method.output_type).message_type
        assert listed is not None
        return listed

    def _filter(self) -> list[str]:
        found = ["", 'create_time > "2020-01-01T00:00:00Z"']
        for field in self._listed().fields:
            options = rules(field)
            if not options.filterable or field.type != FieldDescriptor.TYPE_STRING:
                continue
            if options.format == annotations_pb2.FORMAT_UUID:
                found += [f'{field.name} = "«F:{self._kind(field.name)}:1»"']
            elif not options.format:
                found += [f'{field.name} = "«F:text:2»"', f'NOT {field.name} = "«F:mail:0»"']
        return found

    def _order_by(self) -> list[str]:
        return [
            f"{field.name}{direction}"
            for field in self._listed().fields
            if rules(field).sortable
            for direction in ("", " desc")
        ]

    def _page_token(self) -> list[str]:
        return ["", "", f"«F:token_{self._method.name}:0»"]


def rules(field: FieldDescriptor) -> Any:
    """What the contract says of a field."""
    extension: Any = annotations_pb2.field
    return field.GetOptions().Extensions[extension]


def _stores_foreign(request: Message) -> bool:
    """Whether a request holds something foreign in other places than the id of what it is about."""
    return any(
        "«F:" in str(value)
        for field, value in request.ListFields()
        if field.name not in ("id", "ids")
        for value in ([value] if field.message_type is None or field.is_repeated else _but_the_id(value))
    )


def _but_the_id(resource: Message) -> list[Any]:
    return [value for field, value in resource.ListFields() if field.name != "id"]
