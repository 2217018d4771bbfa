"""A dataclass and a message that drifted apart are a TypeError that names both and the field."""

from __future__ import annotations

from dataclasses import dataclass, field, make_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest

from rapport_kit.codec import Codec
from rapport_kit.domain import Entity

THING = """
message Thing {
  string id = 1 [(google.api.field_behavior) = OUTPUT_ONLY, (rapport.api.v1.field).format = FORMAT_UUID];
  google.protobuf.Timestamp create_time = 2 [(google.api.field_behavior) = OUTPUT_ONLY];
  google.protobuf.Timestamp update_time = 3 [(google.api.field_behavior) = OUTPUT_ONLY];
  google.protobuf.Timestamp delete_time = 4 [(google.api.field_behavior) = OUTPUT_ONLY];
  string etag = 5;
  reserved 100;
  reserved "custom";
  %s
}
enum Colour { COLOUR_UNSPECIFIED = 0; COLOUR_RED = 1; COLOUR_BLUE = 2; }
message Circle { int64 radius = 1; }
message Square { int64 side = 1; }
"""


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True)
class Circle:
    radius: int = 0


@dataclass(frozen=True)
class Triangle:
    side: int = 0


def entity(hint: Any, **options: Any) -> type[Any]:
    """An entity with one field, `thing`."""
    thing = field(**options)
    return make_dataclass("Thing", [("thing", hint, thing)], bases=(Entity,), kw_only=True, eq=False)


DRIFT = [
    ("string other = 10;", str, {"default": ""}, "other is only in the message"),
    ("", str, {"default": ""}, "thing is only in the dataclass"),
    ("int64 thing = 10;", str, {"default": ""}, "str is not what the message carries"),
    ("string thing = 10;", UUID | None, {"default": None}, "a UUID needs FORMAT_UUID"),
    ("string thing = 10;", str | None, {"default": None}, "None needs `optional`"),
    ("optional string thing = 10;", str, {"default": ""}, "`optional` on the wire needs None"),
    ("repeated string thing = 10;", str, {"default": ""}, "one value, a list and a map are different things"),
    ("map<string, string> thing = 10;", list[str], {"default_factory": list}, "one value, a list and a map"),
    ("google.type.Date thing = 10;", datetime | None, {"default": None}, "carried by google.protobuf.Timestamp"),
    ("google.protobuf.Timestamp thing = 10;", datetime, {}, "must be REQUIRED"),
    ("Colour thing = 10;", Colour | None, {"default": None}, "differ in blue, green"),
    ("oneof thing { Circle circle = 10; Square square = 11; }", Circle | Triangle, {}, "the union holds"),
    ("Square thing = 10;", Circle | None, {"default": None}, "radius is only in the dataclass"),
]


@pytest.mark.parametrize(("wire", "hint", "options", "explanation"), DRIFT)
def test_drift_is_told_when_the_codec_is_made(
    contract: Any, wire: str, hint: Any, options: dict[str, Any], explanation: str
) -> None:
    message = contract(THING % wire)["Thing"]
    with pytest.raises(TypeError, match=r"Thing and rapport\.sample\d+\.v1\.Thing differ: .*") as refusal:
        Codec(entity(hint, **options), message)
    assert explanation in str(refusal.value)
    assert "thing" in str(refusal.value) or "other" in str(refusal.value)


def test_a_field_that_a_handler_computes_needs_no_partner(contract: Any) -> None:
    message = contract(THING % "int64 members = 10; string thing = 11;")["Thing"]
    codec = Codec(entity(str, default=""), message, computed=["members"])
    assert codec.to_message(entity(str, default="")()).DESCRIPTOR.full_name.endswith("Thing")


def test_an_enum_that_is_not_set_is_the_default(contract: Any) -> None:
    class Hue(StrEnum):
        RED = "red"
        BLUE = "blue"

    message = contract(THING % "Colour thing = 10;")["Thing"]
    with_default: Any = Codec(entity(Hue, default=Hue.BLUE), message).from_message(message())
    without: Any = Codec(entity(Hue | None, default=None), message).from_message(message())
    assert with_default.thing is Hue.BLUE
    assert without.thing is None
