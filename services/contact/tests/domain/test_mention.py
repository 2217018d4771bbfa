"""What in a free text names a person (PLT-07)."""

from __future__ import annotations

import re

import pytest

from rapport_contact.domain.mention import Mention, Name

ADA = Mention(
    emails=["ada@x.example"],
    phones=["044 668 18 00", "+41446681800", "110"],
    ids=["A-4711", "42"],
    names=[Name("Ada", "Lovelace", 'Countess "Ada" L.'), Name("", "", "Ada")],
)


def named(text: str, mention: Mention = ADA) -> bool:
    return any(re.search(each, text, re.IGNORECASE) for each in mention.patterns)


@pytest.mark.parametrize(
    "text",
    [
        *("ada@x.example", "Mail ADA@X.EXAMPLE.", "<ada@x.example>"),
        *("call 0446681800", "+41 44 668 18 00", "044/668-18-00"),
        *("order of a-4711", "Ada Lovelace", "Lovelace, Ada", "ada_lovelace.csv", "Ada King Lovelace"),
        *('["Ada", "Lovelace"]', r'display_name = "Countess \"Ada\" L."'),
    ],
)
def test_plt_07_a_text_names_somebody_by_what_is_the_persons_alone(text: str) -> None:
    assert named(text)


@pytest.mark.parametrize(
    "text",
    [
        *("granada@x.example", "ada@x.example.org", "m.ada@x.example", "00446681800", "+414466818001", "call 110"),
        *("42", "A-47110", "Ada", "Lovelace", "Adam Lovelace", "Ada Lovelaces", ""),
    ],
)
def test_plt_07_a_text_does_not_name_somebody_by_what_others_have_too(text: str) -> None:
    assert not named(text)


def test_plt_07_nobody_is_named_by_a_record_that_says_nothing() -> None:
    assert Mention(names=[Name("", "", "")], emails=[""]).patterns == []


def test_plt_07_other_letters_than_ascii_are_found_in_capitals_too() -> None:
    (pattern,) = Mention(names=[Name("Élodie", "Ünal")]).patterns
    assert all(re.search(pattern, text) for text in ("Élodie Ünal", "élodie ünal", "ÉLODIE ÜNAL"))
