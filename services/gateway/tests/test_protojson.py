"""The compiled JSON mapping means what google.protobuf.json_format means."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from google.protobuf import json_format, struct_pb2
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.contact.v1 import channels_pb2, people_pb2
from rapport_gateway.catalogue import message_types
from rapport_kit.protojson import Decoders, Encoders, Malformed
from rapport_kit.protojson.depth import nests_deeper
from rapport_kit.protojson.names import name_given_twice

from .any_message import messages

ENCODERS, DECODERS = Encoders(), Decoders()
TYPES = message_types()


def read(descriptor: Any, text: str | bytes) -> Message:
    message = GetMessageClass(descriptor)()
    DECODERS.of(descriptor)(message, orjson.loads(text))
    return message


def wrongs_of(descriptor: Any, text: str) -> dict[str, str]:
    with pytest.raises(Malformed) as fault:
        read(descriptor, text)
    return {wrong.field: wrong.message for wrong in fault.value.wrongs}


@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_every_message_is_written_and_read_as_json_format_does(data: st.DataObject) -> None:
    descriptor = data.draw(st.sampled_from(TYPES), label="type")
    message = data.draw(messages(descriptor), label="message")

    expected = json_format.MessageToDict(message)
    written = orjson.dumps(ENCODERS.of(descriptor)(message))

    assert orjson.loads(written) == orjson.loads(orjson.dumps(expected))
    assert read(descriptor, written) == message
    assert json_format.Parse(written, type(message)()) == message


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_snake_case_is_read_as_camel_case_is(data: st.DataObject) -> None:
    descriptor = data.draw(st.sampled_from(TYPES), label="type")
    message = data.draw(messages(descriptor), label="message")

    assert read(descriptor, json_format.MessageToJson(message, preserving_proto_field_name=True)) == message


def test_a_fault_names_its_path_from_the_root() -> None:
    text = '{"channels": [{"label": "work"}, {"email": {"address": 7}}], "displayName": 3, "nope": 1}'

    assert wrongs_of(people_pb2.Person.DESCRIPTOR, text) == {
        "channels[1].email.address": "expected a string",
        "display_name": "expected a string",
        "nope": "no such field",
    }


def test_two_members_of_a_oneof_are_refused() -> None:
    text = '{"email": {"address": "a@example.org"}, "phone": {"number": "1"}}'

    assert wrongs_of(channels_pb2.Channel.DESCRIPTOR, text) == {"phone": "only one of address may be set, and email is"}


def test_a_field_in_both_spellings_is_refused() -> None:
    text = '{"displayName": "a", "display_name": "b"}'

    assert wrongs_of(people_pb2.Person.DESCRIPTOR, text) == {"display_name": "given twice, also as displayName"}


@pytest.mark.parametrize(
    ("text", "field", "message"),
    [
        ('{"lifecycleStage": "BEST"}', "lifecycle_stage", "expected one of LIFECYCLE_STAGE_UNSPECIFIED"),
        ('{"lifecycleStage": 3}', "lifecycle_stage", "expected one of"),
        ('{"createTime": "yesterday"}', "create_time", "expected an RFC 3339 time"),
        ('{"createTime": "2026-02-30T00:00:00Z"}', "create_time", "expected an RFC 3339 time"),
        ('{"birthDate": {"year": 4294967296}}', "birth_date.year", "expected an integer between"),
        ('{"birthDate": {"year": "1990"}}', "birth_date.year", "expected an integer"),
        ('{"birthDate": []}', "birth_date", "expected an object"),
        ('{"channels": {}}', "channels", "expected an array"),
        ('{"channels": [null]}', "channels[0]", "expected an object"),
        ('{"annotations": {"a": 1}}', "annotations.a", "expected a string"),
        ('{"annotations": []}', "annotations", "expected an object"),
    ],
)
def test_a_wrong_value_is_refused_with_what_was_expected(text: str, field: str, message: str) -> None:
    faults = wrongs_of(people_pb2.Person.DESCRIPTOR, text)

    assert list(faults) == [field]
    assert faults[field].startswith(message)


def test_null_means_absent() -> None:
    text = '{"displayName": null, "channels": null, "birthDate": null}'

    assert read(people_pb2.Person.DESCRIPTOR, text) == people_pb2.Person()


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=3) | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    )
)
def test_any_json_passes_through_a_value(value: object) -> None:
    descriptor = struct_pb2.Value.DESCRIPTOR

    assert ENCODERS.of(descriptor)(read(descriptor, orjson.dumps(value))) == value


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (b'{"a": 1, "b": {"a": 2}, "c": [{"a": 3}, {"a": 4}]}', ""),
        (b'{"a": "\\": \\":", "b": 1}', ""),
        (b'{"a": 1, "a": 1}', "a"),
        (b'{"a": [{"b":1, "\\u0062" : 2}]}', "b"),
        (b'{"a": {"x": {"y": 1}}, "a": 1}', "a"),
    ],
)
def test_a_name_that_an_object_has_twice_is_found(text: bytes, name: str) -> None:
    assert name_given_twice(text, orjson.loads(text)) == name


def test_depth_is_measured_by_nesting_not_by_size() -> None:
    flat, deep = b"[" + b"[]," * 200 + b"[]]", b"[" * 40 + b"]" * 40

    assert not nests_deeper(flat, orjson.loads(flat), 32)
    assert nests_deeper(deep, orjson.loads(deep), 32)
    assert not nests_deeper(deep, orjson.loads(deep), 40)
