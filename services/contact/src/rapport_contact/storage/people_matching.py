"""Which of the stored people may be those at hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from rapport_contact.domain.duplicate import DuplicateCandidate
from rapport_contact.domain.matching.features import Features, Reached, features_of, person_features
from rapport_contact.domain.matching.person_model import PersonModel
from rapport_contact.domain.membership import MemberKind
from rapport_contact.domain.person import Person
from rapport_contact.storage.lookups import TENANT, of_each
from rapport_contact.storage.matching import ASKED, Matched, Matching
from rapport_contact.storage.tables import match_key, organisation, person, person_channel
from rapport_kit.domain import PartialDate
from rapport_kit.resources import resource_of
from rapport_kit.schema.ids import any_of
from rapport_kit.turns import turn
from rapport_kit.uow import tenant_predicate

EMPLOYER: Final = sa.func.coalesce(
    sa.func.nullif(organisation.c.legal_name, sa.literal_column("''")), organisation.c.display_name
)


class PeopleMatching(Matching[Person, Features]):
    """People, by their own names and circumstances and their employers' names."""

    of = Matched(MemberKind.PEOPLE, person, person_channel, match_key, DuplicateCandidate, "person_id")
    model = PersonModel

    async def described(self, records: Sequence[Person]) -> list[Features]:
        """The features of people at hand, stored or not."""
        employers = await self._employers({each.organisation_id for each in records if each.organisation_id})
        described = []
        for each in records:
            employer = employers.get(each.organisation_id, "") if each.organisation_id else ""
            described.append(person_features(each, employer))
            await turn()
        return described

    async def features(self, ids: Collection[UUID], *, unseen: bool = False) -> dict[UUID, Features]:
        """See `Matching.features`."""
        if not ids:
            return {}
        rows = await self.known(ids, unseen=unseen)
        channels = await self.channels([row["id"] for row in rows])
        births = await self._births(rows)
        return {row["id"]: _features(row, births.get(row["id"]), channels[row["id"]]) for row in rows}

    @classmethod
    def reading(cls, within: sa.ColumnElement[bool]) -> sa.Select[Any]:
        """See `Matching.reading`."""
        named = (person.c.id, person.c.given_name, person.c.middle_name, person.c.family_name, person.c.display_name)
        live = cls.live((*named, person.c.sensitive, person.c.organisation_id), within)
        mine = tenant_predicate(organisation, TENANT)
        works_for = of_each(
            sa.select(EMPLOYER.label("employer")).where(mine, organisation.c.id == live.c.organisation_id), "works_for"
        )
        joined = ASKED.join(live, sa.true()).outerjoin(works_for, sa.true())
        return sa.select(*live.c, works_for.c.employer).select_from(joined)

    async def _births(self, rows: Sequence[Any]) -> dict[UUID, PartialDate | None]:
        """The dates of birth, which are stored encrypted."""
        resource = resource_of(Person)
        assert resource is not None, "people are a declared resource"
        found = [(resource.message(id=str(row["id"])), row["sensitive"]) for row in rows if row["sensitive"]]
        await self.uow.privacy.reveal(resource, found)
        named = {UUID(message.id): resource.codec.values(message, ("birth_date",)) for message, _ in found}  # type: ignore[attr-defined]
        return {who: values["birth_date"] for who, values in named.items()}

    async def _employers(self, ids: Collection[UUID]) -> dict[UUID, str]:
        if not ids:
            return {}
        statement = sa.select(organisation.c.id, EMPLOYER).where(
            tenant_predicate(organisation, self.uow.tenant),
            organisation.c.id == any_of(ids),
        )
        return {row[0]: row[1] for row in await self.uow.connection.execute(statement)}


def _features(row: Any, birth: PartialDate | None, channels: Sequence[Reached]) -> Features:
    return features_of(
        given=f"{row['given_name']} {row['middle_name']}",
        family=row["family_name"],
        display=row["display_name"],
        birth=birth,
        employer=row["organisation_id"],
        organisation=row["employer"] or "",
        channels=channels,
    )
