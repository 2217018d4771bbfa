"""What a customer's page remembers, for whom, and which departments it asks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from rapport.api.v1 import customer_panels_pb2
from rapport.contact.v1 import people_pb2
from rapport.gateway.v1 import customers_pb2 as pb
from rapport_gateway.customers.departments import ASK_AGAIN, Offers
from rapport_gateway.customers.memory import LONGEST, Memory
from rapport_gateway.customers.panels import Page, Panel
from rapport_gateway.own import OwnRpcs
from rapport_kit.errors import (
    Denied,
    DomainError,
    Invalid,
    NotFound,
    Refused,
    TooLate,
    Unauthenticated,
    Unavailable,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MINE = (b"mine", "customer")


class Clock:
    """A clock that the test moves on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def content(size: int = 10) -> Message:
    return customer_panels_pb2.CustomerPanel(title="x" * size)


def unimplemented() -> DomainError:
    error = DomainError("UNIMPLEMENTED", "not here")
    error.code = "UNIMPLEMENTED"
    return error


def test_what_was_read_is_remembered_for_its_reader_and_its_time(clock: Clock) -> None:
    memory = Memory(30, 1000, clock)
    memory.keep(MINE, "orders", content(), NOW)
    for other in ((b"other", "customer"), (b"mine", "another")):
        assert memory.recall(other, "orders") is None
    assert memory.recall(MINE, "timeline") is None
    clock.now += 29
    memory.keep(MINE, "timeline", content(), NOW)
    assert memory.recall(MINE, "orders") is not None
    clock.now += 2
    assert memory.recall(MINE, "orders") is None
    assert memory.recall(MINE, "timeline") is not None


def test_nothing_is_remembered_longer_than_an_erased_person_may_be(clock: Clock) -> None:
    memory = Memory(86_400, 1000, clock)
    memory.keep(MINE, "orders", content(), NOW)
    clock.now += LONGEST
    assert memory.recall(MINE, "orders") is None


@pytest.mark.parametrize(
    "refusal",
    [
        Denied("NO", "no"),
        NotFound("NONE", "none"),
        Unauthenticated("WHO", "who"),
        Invalid("BAD", "bad"),
        Refused("NOT_SO", "not so"),
        unimplemented(),
    ],
    ids=lambda refusal: refusal.code,
)
def test_whatever_a_department_answers_replaces_what_was_shown_before(refusal: DomainError, clock: Clock) -> None:
    memory = Memory(30, 1000, clock)
    page = Page(MINE, memory)
    memory.keep(MINE, "orders", content(), NOW)
    assert page.refused("orders", refusal).read is None
    assert page.refused("orders", TooLate("LATE", "late")).read is None


def test_what_is_late_shows_what_was_read_before(clock: Clock) -> None:
    memory = Memory(30, 1000, clock)
    read = memory.keep(MINE, "orders", content(), NOW)
    for refusal, state in ((TooLate("LATE", "late"), "LATE"), (Unavailable("DOWN", "down"), "UNAVAILABLE")):
        panel = Page(MINE, memory).refused("orders", refusal)
        assert (panel.read, pb.PanelState.Name(panel.state)) == (read, f"PANEL_STATE_{state}")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("keep", "forget", "forget_page", "wait")),
            st.integers(0, 3),
            st.sampled_from("ab"),
            st.integers(0, 60),
        ),
        max_size=40,
    )
)
def test_the_memory_never_holds_more_than_its_limit_nor_anything_older_than_it_may(
    steps: list[tuple[str, int, str, int]],
) -> None:
    clock, limit = Clock(), 100
    memory = Memory(30, limit, clock)
    model: dict[tuple[int, str], tuple[float, int]] = {}
    for what, page, panel, number in steps:
        key = (b"mine", str(page))
        match what:
            case "keep":
                memory.keep(key, panel, content(number), NOW)
                model[page, panel] = (clock.now, number)
            case "forget":
                memory.forget(key, panel)
                model.pop((page, panel), None)
            case "forget_page":
                memory.forget_page(key)
                model = {place: kept for place, kept in model.items() if place[0] != page}
            case "wait":
                clock.now += number
        held = 0
        for each in range(4):
            for name in "ab":
                read = memory.recall((b"mine", str(each)), name)
                if read is not None:
                    kept, size = model[each, name]
                    assert clock.now - kept < 30
                    assert read.content == content(size)
                    held += read.content.ByteSize()
        assert held <= limit


def test_a_department_without_a_panel_is_left_in_peace_for_a_while(clock: Clock) -> None:
    offers = Offers(clock)
    assert offers.worth_asking("identity")
    assert not offers.shown("identity", Panel(pb.PANEL_STATE_UNAVAILABLE, None, unimplemented()))
    assert not offers.worth_asking("identity")
    clock.now += ASK_AGAIN
    assert offers.worth_asking("identity")
    # It has not said that it has one by now.
    assert not offers.shown("identity", Panel(pb.PANEL_STATE_UNAVAILABLE, None, Unavailable("DOWN", "down")))
    assert offers.shown("identity", Panel(pb.PANEL_STATE_OK))


def test_a_department_that_never_answered_may_have_a_panel(clock: Clock) -> None:
    down = Panel(pb.PANEL_STATE_UNAVAILABLE, None, Unavailable("DOWN", "down"))
    assert Offers(clock).shown("sales", down)


def test_the_gateway_refuses_to_serve_what_needs_a_permission_itself() -> None:
    class People:
        serves = people_pb2.DESCRIPTOR.services_by_name["PersonService"]

        def __getattr__(self, name: str) -> object:
            return object()

    with pytest.raises(TypeError, match="only serve authenticated callers"):
        OwnRpcs([People()], None)
