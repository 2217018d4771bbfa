"""What people can be to one another and to organisations."""

from __future__ import annotations

from uuid import UUID

import pytest

from rapport_contact.domain.relation import Relation, RelationType
from rapport_kit.errors import Invalid

ONE, OTHER, COMPANY = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize("kind", [kind for kind in RelationType if kind is not RelationType.HOUSEHOLD])
def test_con_08_the_inverse_of_the_inverse_is_the_type_itself(kind: RelationType) -> None:
    relation = Relation(person_id=ONE, to_person_id=OTHER, type=kind)
    relation.settle()
    assert relation.role_of_other(OTHER) is kind
    assert relation.role_of_other(ONE).inverse(between_people=True) is kind


def test_con_08_a_household_is_an_organisation() -> None:
    member = Relation(person_id=ONE, to_organisation_id=COMPANY, type=RelationType.HOUSEHOLD_MEMBER)
    member.settle()
    assert member.role_of_other(ONE) is RelationType.HOUSEHOLD
    with pytest.raises(Invalid, match="type"):
        Relation(person_id=ONE, to_person_id=OTHER, type=RelationType.HOUSEHOLD).settle()
