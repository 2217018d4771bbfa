"""The names that people give to records of theirs."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from rapport_contact.domain.group import Group, GroupKind
from rapport_contact.domain.interest import InterestTopic
from rapport_contact.domain.membership import StaticList, Tag
from rapport_contact.domain.saved_view import SavedView
from rapport_kit.errors import Invalid

Make = Callable[[str], Group | InterestTopic | SavedView | StaticList | Tag]

each_kind = pytest.mark.parametrize(
    "make",
    [
        lambda name: Group(display_name=name, kind=GroupKind.SCHOOL),
        lambda name: InterestTopic(display_name=name),
        lambda name: SavedView(display_name=name, resource_type="contact.rapport/Person", owner_id=uuid4()),
        lambda name: StaticList(display_name=name),
        lambda name: Tag(display_name=name),
    ],
    ids=["group", "interest topic", "saved view", "static list", "tag"],
)


@each_kind
def test_a_name_loses_the_blanks_around_it(make: Make) -> None:
    record = make("  Key accounts ")
    record.settle()
    assert record.display_name == "Key accounts"


@each_kind
def test_a_name_of_blanks_is_refused(make: Make) -> None:
    with pytest.raises(Invalid, match="display_name: must be set"):
        make("  ").settle()
