"""A filter that cannot be understood is refused with its place, and with what was expected there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.contact.v1 import people_pb2
from rapport_kit.errors import Invalid
from rapport_kit.query import Fields, Filter

FIELDS = Fields.of(people_pb2.Person)


def refused(text: str) -> Invalid:
    with pytest.raises(Invalid) as caught:
        Filter.parse(text, FIELDS)
    return caught.value


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("Ada", 4, "expected one of = != < <= > >= :"),
        ("family_name Ada", 13, "expected one of = !="),
        ('"Ada"', 1, "expected a field name"),
        ("lower(family_name) = ada", 6, "functions are not supported"),
        ("family_name =", 14, "expected a value"),
        ("family_name = AND given_name = Ada", 15, "expected a value"),
        ("family_name == Ada", 14, "expected a value"),
        ("family_name = Ada Lovelace", 27, "expected one of = !="),
        ("(family_name = Ada", 19, "expected )"),
        ("family_name = Ada)", 18, "never opened"),
        ('family_name = "Ada', 15, "never closed"),
        ("family_name = Ada OR", 21, "expected a field name"),
        ("AND family_name = Ada", 1, "expected a field name"),
        ("NOT NOT family_name = Ada", 5, "expected a field name"),
        ("family_name = Ada, given_name = Bo", 18, "expected AND, OR or another comparison"),
        (r'family_name = "a\d"', 17, r"after \ expected"),
        ('family_name = "a\0"', 15, "NUL"),
        ('family_name = "\ud800"', 15, "surrogate"),
        ("family_name = Ada\nAND nickname = Bo", 23, "given_name"),
        ("etag = x", 1, "expected a field that can be filtered"),
        ("channels:*", 1, "expected a field that can be filtered"),
        ("channels.email.address:x", 1, "channels.normalized"),
        ('channels.normalized = "x"', 21, "is a list: expected :"),
        ('family_name = "a*b"', 17, "only at the end"),
        ('family_name = "*b"', 16, "only at the end"),
        (r'family_name = "\*\\*b"', 20, "only at the end"),
        ("family_name = a*b*", 16, "only at the end"),
        ("family_name = *", 15, "family_name:*"),
        ('family_name != "a*"', 13, "NOT gives its opposite"),
        ("organisation_id = abc", 19, "a UUID"),
        ("organisation_id = 01890a5d-ac96-774b-bcce-b302099a805*", 19, "a UUID"),
        ("organisation_id > 01890a5d-ac96-774b-bcce-b302099a8057", 17, "no order"),
        ("lifecycle_stage = lead", 19, "LIFECYCLE_STAGE_LEAD"),
        ("lifecycle_stage = LIFECYCLE_STAGE_UNSPECIFIED", 19, "NOT lifecycle_stage:*"),
        ("lifecycle_stage < LIFECYCLE_STAGE_LEAD", 17, "no order"),
        ("create_time > 2026-01-31", 15, "RFC 3339"),
        ("create_time > 2026-02-30T00:00:00Z", 15, "RFC 3339"),
        ("create_time > 2026-01-31T09:30:00", 15, "RFC 3339"),
        ("create_time > 0001-01-01T00:00:00+10:00", 15, "RFC 3339"),
        ('create_time > "2026-01-31T09:30:00.1234567Z"', 15, "six digits"),
        ("create_time:2026*", 13, "RFC 3339"),
    ],
)
def test_a_wrong_filter_is_refused_with_its_position(text: str, position: int, expected: str) -> None:
    error = refused(text)
    (violation,) = error.violations
    assert (error.reason, violation.field, violation.reason) == ("INVALID_FILTER", "filter", "INVALID_FILTER")
    assert error.metadata == {"field": "filter", "position": str(position)}
    assert violation.message.startswith(f"at position {position}: ")
    assert expected in violation.message


def test_an_error_never_repeats_what_the_caller_wrote() -> None:
    for text in ("lovelace = 1", "family_name = Ada lovelace", "organisation_id = lovelace", 'family_name = "lovelace'):
        assert "lovelace" not in str(refused(text))


def test_a_filter_is_bounded_in_length_depth_and_terms() -> None:
    term = "family_name = a "
    assert "4000 characters" in refused("x" * 4_001).message
    assert "100 comparisons" in refused(term * 101).message
    assert "20 levels" in refused("-(" * 21 + term + ")" * 21).message
    assert "20 levels" in refused("-(" * 1_300 + term + ")" * 1_300).message
    Filter.parse(term * 100, FIELDS)
    Filter.parse("(" * 1_900 + term + ")" * 1_900, FIELDS)


_WORDS = [
    "family_name",
    "id",
    "lifecycle_stage",
    "channels.normalized",
    "create_time",
    "etag",
    "AND",
    "OR",
    "NOT",
    "Ada",
]
_SIGNS = ["=", "!=", "<=", ">", ":", "*", "(", ")", "-", '"', "'", "\\", ".", ",", "2026-01-31T09:30:00Z"]
_PIECES = st.sampled_from(_WORDS + _SIGNS)


@given(st.one_of(st.text(), st.lists(_PIECES, max_size=12).map("".join), st.lists(_PIECES, max_size=12).map(" ".join)))
def test_any_text_is_either_a_filter_or_refused_with_a_position_in_it(text: str) -> None:
    position = 1
    try:
        Filter.parse(text, FIELDS)
    except Invalid as error:
        position = int(error.metadata["position"])
    assert 1 <= position <= len(text) + 1


def test_a_masked_field_is_as_unknown_as_one_that_does_not_exist() -> None:
    masked = FIELDS.without(frozenset({"channels", "family_name"}))
    for text in ("family_name = Ada", "channels.normalized:x"):
        Filter.parse(text, FIELDS)
        with pytest.raises(Invalid) as caught:
            Filter.parse(text, masked)
        assert "given_name" in caught.value.message
        assert "family_name" not in caught.value.message
    assert FIELDS.without(frozenset()) is FIELDS
    assert FIELDS.without(frozenset({"channels"})) is FIELDS.without(frozenset({"channels"}))
