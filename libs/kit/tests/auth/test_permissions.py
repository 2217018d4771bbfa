"""What a caller may do, and that SQL and Python agree on which records."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from rapport_kit.auth.permissions import explain, in_scope, record_scope, require
from rapport_kit.auth.principal import Principal, Scope
from rapport_kit.domain import Entity, OwnedByUser, uuid7
from rapport_kit.errors import Denied


@dataclass(kw_only=True, eq=False)
class Deal(Entity, OwnedByUser):
    """A record somebody answers for."""


@dataclass(kw_only=True, eq=False)
class Currency(Entity):
    """A record of the tenant's, that nobody owns."""


deal = sa.Table("deal", sa.MetaData(), sa.Column("owner_id", sa.Uuid), sa.Column("team_id", sa.Uuid))
currency = sa.Table("currency", sa.MetaData(), sa.Column("id", sa.Uuid))


def caller(**grants: Scope) -> Principal:
    return Principal(uuid7(), uuid7(), {name.replace("__", "."): scope for name, scope in grants.items()})


def test_what_is_not_granted_is_denied_by_name() -> None:
    with pytest.raises(Denied) as caught:
        require(caller(contact__people__get=Scope.ALL), "contact.people.update")
    assert caught.value.reason == "PERMISSION_DENIED"
    assert caught.value.metadata == {"permission": "contact.people.update"}


def test_the_widest_covering_grant_counts() -> None:
    principal = Principal(
        uuid7(), uuid7(), {"contact.people.get": Scope.OWN, "contact.*": Scope.UNIT, "*.get": Scope.TEAM}
    )
    assert require(principal, "contact.people.get") is Scope.UNIT
    assert require(principal, "sales.leads.get") is Scope.TEAM


@pytest.mark.parametrize("pattern", ["contact.people.get", "contact.people.*", "contact.*", "*.get", "*"])
def test_a_denial_beats_every_grant(pattern: str) -> None:
    principal = Principal(
        uuid7(), uuid7(), {"*": Scope.ALL, "contact.people.get": Scope.ALL}, denials=frozenset({pattern})
    )
    with pytest.raises(Denied):
        require(principal, "contact.people.get")
    assert explain(principal, "contact.people.get").denied_by == (pattern,)


def test_an_explanation_names_every_grant_that_bears_on_it() -> None:
    principal = Principal(uuid7(), uuid7(), {"contact.*": Scope.TEAM, "*": Scope.OWN, "sales.*": Scope.ALL})
    decision = explain(principal, "contact.people.get")
    assert decision.scope is Scope.TEAM
    assert decision.granted_by == (("contact.*", Scope.TEAM), ("*", Scope.OWN))


def test_records_without_an_owner_are_reached_only_by_the_scope_all() -> None:
    principal = caller()
    for scope in Scope:
        predicate = record_scope(principal, scope, currency)
        assert (predicate is None) == (scope is Scope.ALL) == in_scope(principal, scope, Currency())
        assert predicate is None or str(predicate) == "false"


def test_the_statement_is_the_same_however_many_teams_the_caller_has() -> None:
    def text(teams: int) -> str:
        principal = Principal(uuid7(), uuid7(), team_ids=frozenset(uuid7() for _ in range(teams)))
        return str(record_scope(principal, Scope.TEAM, deal))

    assert text(0) == text(1) == text(30)


people = [UUID(int=number) for number in range(3)]
teams = [UUID(int=100 + number) for number in range(4)]
some_teams = st.frozensets(st.sampled_from(teams))


@given(
    st.builds(
        Principal,
        tenant=st.just(UUID(int=1)),
        subject=st.sampled_from(people),
        team_ids=some_teams,
        unit_team_ids=some_teams,
    ),
    st.none() | st.sampled_from(people),
    st.none() | st.sampled_from(teams),
)
def test_a_wider_scope_reaches_everything_a_narrower_one_does(
    principal: Principal, owner: UUID | None, team: UUID | None
) -> None:
    record = Deal(owner_id=owner, team_id=team)
    reached = [in_scope(principal, scope, record) for scope in Scope]
    assert reached == sorted(reached)
    assert reached[0] == (owner == principal.subject)
    assert reached[1] == (reached[0] or team in principal.team_ids)
