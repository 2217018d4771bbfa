"""Updates by field mask (AIP-134)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from rapport_kit.codec import Codec, diff, populated
from rapport_kit.domain import Entity, Owned
from rapport_kit.errors import Invalid

CONTRACT = """
message Order {
  string id = 1 [(google.api.field_behavior) = OUTPUT_ONLY, (rapport.api.v1.field).format = FORMAT_UUID];
  google.protobuf.Timestamp create_time = 2 [(google.api.field_behavior) = OUTPUT_ONLY];
  google.protobuf.Timestamp update_time = 3 [(google.api.field_behavior) = OUTPUT_ONLY];
  google.protobuf.Timestamp delete_time = 4 [(google.api.field_behavior) = OUTPUT_ONLY];
  string etag = 5;
  string title = 10 [(google.api.field_behavior) = REQUIRED];
  string currency = 11 [(google.api.field_behavior) = IMMUTABLE];
  string note = 12;
  Address delivery = 13;
  repeated Line lines = 14;
  map<string, string> labels = 15;
  oneof payment { Card card = 16; Invoice invoice = 17; }
}
message Address { string city = 1 [(google.api.field_behavior) = REQUIRED]; string street = 2; }
message Card { string number = 1; }
message Invoice { int64 days = 1; }
message Line {
  string id = 1 [(google.api.field_behavior) = OUTPUT_ONLY, (rapport.api.v1.field).format = FORMAT_UUID];
  string product = 2 [(google.api.field_behavior) = IMMUTABLE];
  int64 count = 3;
  string seen = 4 [(google.api.field_behavior) = OUTPUT_ONLY];
}
"""


@dataclass(frozen=True)
class Address:
    city: str
    street: str = ""


@dataclass(frozen=True)
class Card:
    number: str = ""


@dataclass(frozen=True)
class Invoice:
    days: int = 0


@dataclass(kw_only=True, eq=False)
class Line(Owned):
    product: str = ""
    count: int = 0
    seen: str = ""


@dataclass(kw_only=True, eq=False)
class Order(Entity):
    title: str = ""
    currency: str = ""
    note: str = ""
    delivery: Address | None = None
    lines: list[Line] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    payment: Card | Invoice | None = None

    def settle(self, shop: str = "") -> None:
        if self.note == "bad":
            raise Invalid.field("note", "BAD_NOTE", f"is not for {shop}")


@pytest.fixture(scope="module")
def codec(contract: Any) -> Codec[Order]:
    return Codec(Order, contract(CONTRACT)["Order"])


@pytest.fixture
def order() -> Order:
    return Order(
        title="t",
        currency="EUR",
        note="n",
        delivery=Address("Rome", "Via A"),
        lines=[Line(product="p", count=1, seen="yes"), Line(product="q", count=2)],
        labels={"a": "1"},
        payment=Card("4"),
    )


def refusal(codec: Codec[Order], message: Any, order: Order, paths: list[str] | None) -> list[tuple[str, str]]:
    before = codec.to_message(order)
    with pytest.raises(Invalid) as error:
        codec.apply(message, order, paths, "order")
    assert codec.to_message(order) == before, "a refused update changed something"
    return [(violation.field, violation.reason) for violation in error.value.violations]


def test_without_a_mask_what_is_populated_is_taken(codec: Codec[Order], order: Order) -> None:
    assert codec.apply(codec.message(note="new", id="ignored", etag="ignored"), order, None) == {"note"}
    assert (order.note, order.title, order.labels) == ("new", "t", {"a": "1"})


def test_a_mask_takes_what_it_names_set_or_not(codec: Codec[Order], order: Order) -> None:
    changed = codec.apply(codec.message(title="new", currency="USD"), order, ["title", "note", "labels", "delivery"])
    assert changed == {"title", "note", "labels", "delivery"}
    assert (order.title, order.note, order.labels, order.delivery, order.currency) == ("new", "", {}, None, "EUR")


def test_a_star_replaces_everything_that_may_be_set(codec: Codec[Order], order: Order) -> None:
    identity = order.id
    codec.apply(codec.message(title="new"), order, ["*"])
    assert (order.title, order.note, order.lines, order.payment) == ("new", "", [], None)
    assert (order.id, order.currency) == (identity, "EUR")


def test_what_does_not_change_is_not_told(codec: Codec[Order], order: Order) -> None:
    assert codec.apply(codec.to_message(order), order, ["*"]) == set()


def test_a_path_may_lead_into_a_value_object(codec: Codec[Order], order: Order) -> None:
    message = codec.message(delivery={"street": "Via B", "city": "ignored"})
    assert codec.apply(message, order, ["delivery.street"]) == {"delivery"}
    assert order.delivery == Address("Rome", "Via B")


def test_a_path_into_a_value_object_that_is_absent_starts_one(codec: Codec[Order], order: Order) -> None:
    order.delivery = None
    codec.apply(codec.message(delivery={"city": "Oslo"}), order, ["delivery.city"])
    assert order.delivery == Address("Oslo")
    order.delivery = None
    assert refusal(codec, codec.message(delivery={"street": "x"}), order, ["delivery.street"]) == [
        ("order.delivery.city", "REQUIRED")
    ]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("nothing", "UNKNOWN_FIELD"),
        ("delivery.nothing", "UNKNOWN_FIELD"),
        ("title.x", "UNKNOWN_FIELD"),
        ("", "UNKNOWN_FIELD"),
        ("payment", "UNKNOWN_FIELD"),
        ("lines.count", "PATH_INTO_COLLECTION"),
        ("labels.a", "PATH_INTO_COLLECTION"),
        ("create_time", "OUTPUT_ONLY"),
        ("id", "OUTPUT_ONLY"),
    ],
)
def test_a_path_that_cannot_be_set_is_refused(codec: Codec[Order], order: Order, path: str, reason: str) -> None:
    assert refusal(codec, codec.message(title="x"), order, ["title", path]) == [("update_mask", reason)]


def test_a_star_stands_alone(codec: Codec[Order], order: Order) -> None:
    assert refusal(codec, codec.message(title="x"), order, ["title", "*"]) == [("update_mask", "UNKNOWN_FIELD")]


def test_what_is_immutable_may_be_sent_but_not_changed(codec: Codec[Order], order: Order) -> None:
    assert codec.apply(codec.message(currency="EUR"), order, ["currency"]) == set()
    assert refusal(codec, codec.message(title="x", currency="USD"), order, None) == [("order.currency", "IMMUTABLE")]
    assert refusal(codec, codec.message(), order, ["currency"]) == [("order.currency", "IMMUTABLE")]


def test_what_must_be_set_cannot_be_cleared(codec: Codec[Order], order: Order) -> None:
    assert refusal(codec, codec.message(note="x"), order, ["title"]) == [("order.title", "REQUIRED")]
    assert refusal(codec, codec.message(note="x"), order, ["*"]) == [("order.title", "REQUIRED")]


def test_entries_are_matched_by_id(codec: Codec[Order], order: Order) -> None:
    kept, dropped = order.lines
    message = codec.message(
        lines=[{"product": "new", "count": 9, "seen": "no"}, {"id": str(kept.id).upper(), "product": "p", "count": 7}]
    )
    assert codec.apply(message, order, ["lines"]) == {"lines"}
    assert [line.count for line in order.lines] == [9, 7]
    assert order.lines[1] is kept
    assert kept.seen == "yes", "what only the service sets stays"
    assert order.lines[0].seen == ""
    assert dropped not in order.lines


def test_entries_in_another_order_are_a_change(codec: Codec[Order], order: Order) -> None:
    message: Any = codec.message()
    message.CopyFrom(codec.to_message(order))
    reversed_lines = list(reversed(message.lines))
    del message.lines[:]
    message.lines.extend(reversed_lines)
    assert codec.apply(message, order, ["lines"]) == {"lines"}
    assert [line.product for line in order.lines] == ["q", "p"]


def test_an_entry_must_be_one_of_the_record(codec: Codec[Order], order: Order) -> None:
    known = {"id": str(order.lines[0].id), "product": "p", "count": 5}
    message = codec.message(lines=[known, known, {"id": str(UUID(int=1))}, {"id": "x"}])
    assert refusal(codec, message, order, ["lines"]) == [
        ("order.lines[1].id", "NOT_FOUND"),
        ("order.lines[2].id", "NOT_FOUND"),
        ("order.lines[3].id", "NOT_FOUND"),
    ]


def test_what_is_immutable_in_an_entry_stays(codec: Codec[Order], order: Order) -> None:
    message = codec.message(lines=[{"id": str(order.lines[0].id), "product": "other", "count": 5}])
    assert refusal(codec, message, order, ["lines"]) == [("order.lines[0].product", "IMMUTABLE")]


def test_the_member_of_a_oneof_is_exchanged(codec: Codec[Order], order: Order) -> None:
    assert codec.apply(codec.message(invoice={"days": 30}), order, ["invoice"]) == {"payment"}
    assert order.payment == Invoice(30)
    assert codec.apply(codec.message(), order, ["card"]) == set(), "a card that is not there cannot be cleared"
    assert codec.apply(codec.message(), order, ["invoice"]) == {"payment"}
    assert order.payment is None


def test_the_domain_has_the_last_word(codec: Codec[Order], order: Order) -> None:
    with pytest.raises(Invalid, match=r"order\.note: is not for us") as error:
        codec.apply(codec.message(note="bad"), order, None, "order", shop="us")
    assert error.value.violations[0].reason == "BAD_NOTE"
    with pytest.raises(Invalid, match="note: is not for"):
        codec.from_message(codec.message(title="t", note="bad"))


def test_a_difference_names_the_fields_but_not_the_bookkeeping(codec: Codec[Order], order: Order) -> None:
    before = codec.to_message(order)
    order.version, order.note, order.delivery = 3, "", None
    order.lines[0].count = 5
    assert diff(before, codec.to_message(order)) == ["note", "delivery", "lines"]
    assert diff(before, before) == []
    assert populated(codec.message(title="t", etag="x", labels={"a": ""})) == ["title", "labels"]
    empty, absent = codec.message(delivery={}), codec.message()
    assert diff(absent, empty) == ["delivery"]
