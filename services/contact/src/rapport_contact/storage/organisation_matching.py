"""Which of the stored organisations may be those at hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from rapport_contact.domain.duplicate import OrganisationDuplicateCandidate
from rapport_contact.domain.matching.organisation_features import (
    OrganisationFeatures,
    features_of_organisation,
    organisation_features,
)
from rapport_contact.domain.matching.organisation_model import OrganisationModel
from rapport_contact.domain.membership import MemberKind
from rapport_contact.domain.organisation import Organisation
from rapport_contact.storage.matching import ASKED, Matched, Matching, read
from rapport_contact.storage.tables import organisation, organisation_channel, organisation_match_key


class OrganisationMatching(Matching[Organisation, OrganisationFeatures]):
    """Organisations, by their names and what is theirs alone."""

    of = Matched(
        MemberKind.ORGANISATIONS,
        organisation,
        organisation_channel,
        organisation_match_key,
        OrganisationDuplicateCandidate,
        "organisation_id",
    )
    model = OrganisationModel

    async def described(self, records: Sequence[Organisation]) -> list[OrganisationFeatures]:
        """The features of organisations at hand, stored or not."""
        return [organisation_features(each) for each in records]

    async def features(self, ids: Collection[UUID], *, unseen: bool = False) -> dict[UUID, OrganisationFeatures]:
        """See `Matching.features`."""
        if not ids:
            return {}
        rows = await self.known(ids, unseen=unseen)
        channels = await self.channels([row["id"] for row in rows])
        return {
            row["id"]: features_of_organisation(
                names=(row["display_name"], row["legal_name"]),
                domains=read(organisation.c.domains, row["domains"]),
                tax_ids=read(organisation.c.tax_ids, row["tax_ids"]),
                channels=channels[row["id"]],
            )
            for row in rows
        }

    @classmethod
    def reading(cls, within: sa.ColumnElement[bool]) -> sa.Select[Any]:
        """See `Matching.reading`."""
        table = organisation.c
        lists = (sa.cast(each, sa.Text).label(each.name) for each in (table.domains, table.tax_ids))
        live = cls.live((table.id, table.display_name, table.legal_name, *lists), within)
        return sa.select(*live.c).select_from(ASKED.join(live, sa.true()))
