"""Which of the stored organisations may be those at hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
from rapport_contact.storage.matching import ASKED, Matched, Matching
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
        table = organisation.c
        named = (table.id, table.display_name, table.legal_name, table.domains, table.tax_ids)
        live = self.live(named, unseen=unseen)
        statement = sa.select(*live.c).select_from(ASKED.join(live, sa.true()))
        rows = (await self.uow.connection.execute(statement, {"ids": list(ids)})).all()
        channels = await self.channels([row.id for row in rows])
        return {
            row.id: features_of_organisation(
                names=(row.display_name, row.legal_name),
                domains=row.domains,
                tax_ids=row.tax_ids,
                channels=channels[row.id],
            )
            for row in rows
        }
