"""What imports ask the database, a thousand rows at a time, and what they leave in it beside the records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_contact.domain.import_job import ImportJob
from rapport_contact.mapping.targets import ImportedResource
from rapport_contact.storage.tables import (
    import_fault,
    import_job,
    import_mapping,
    imported_record,
    organisation,
    person,
    person_channel,
    schema,
)
from rapport_kit.query.keyset import Key
from rapport_kit.schema.aliases import answering
from rapport_kit.schema.sets import Sink
from rapport_kit.uow import Repository, UnitOfWork, tenant_predicate

FAULTS: Final = Sink(import_fault)
RECORDS: Final = Sink(imported_record)
_TABLES: Final = {ImportedResource.PERSON: person, ImportedResource.ORGANISATION: organisation}


class ImportJobs(Repository[ImportJob]):
    """All imports of the tenant."""

    entity = ImportJob


@dataclass(frozen=True, slots=True)
class Holder:
    """A record that has what was looked for; `deleted` when it is in the trash."""

    id: UUID
    deleted: bool = False
    given_name: str = ""
    family_name: str = ""


class Imports:
    """The set-based questions and answers of imports."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    async def by_external_ids(
        self, resource: ImportedResource, ids: Collection[tuple[str, str]]
    ) -> dict[tuple[str, str], Holder]:
        """Who has which of these external ids, the trash included: there they are taken too.

        Of who turned out to be another, that one.
        """
        root, taken = _TABLES[resource], schema.metadata.tables[f"{resource.value}_external_id"]
        text = sa.ARRAY(sa.Text())
        wanted = (
            sa.func.unnest(sa.cast([system for system, _ in ids], text), sa.cast([value for _, value in ids], text))
            .table_valued("system", "value", name="wanted")
            .render_derived()
        )
        former = root.alias("former")
        theirs = sa.and_(former.c.tenant == taken.c.tenant, former.c.id == taken.c[f"{resource.value}_id"])
        statement = (
            sa.select(taken.c.system, taken.c.value, root.c.id, root.c.delete_time.is_not(None).label("deleted"))
            .join(
                wanted,
                sa.and_(
                    taken.c.system == sa.type_coerce(wanted.c.system, sa.Text),
                    taken.c.value == sa.type_coerce(wanted.c.value, sa.Text),
                ),
            )
            .join(former, theirs)
            .join(root, sa.and_(root.c.tenant == former.c.tenant, root.c.id == answering(former)))
            .where(tenant_predicate(taken, self.uow.tenant))
        )
        rows = await self.uow.connection.execute(statement)
        return {(row.system, row.value): Holder(row[2], row.deleted) for row in rows}

    async def by_emails(self, addresses: Collection[str]) -> dict[str, list[Holder]]:
        """The people, outside the trash, who have one of these normalised addresses now."""
        statement = (
            sa.select(person_channel.c.normalized, person.c.id, person.c.given_name, person.c.family_name)
            .join(
                person, sa.and_(person.c.tenant == person_channel.c.tenant, person.c.id == person_channel.c.person_id)
            )
            .where(
                tenant_predicate(person_channel, self.uow.tenant),
                person_channel.c.normalized == sa.any_(sa.cast(list(addresses), sa.ARRAY(sa.Text))),
                person_channel.c.valid_to.is_(None),
                person.c.delete_time.is_(None),
            )
        )
        found: dict[str, list[Holder]] = {}
        for row in await self.uow.connection.execute(statement):
            found.setdefault(row.normalized, []).append(Holder(row.id, False, row.given_name, row.family_name))
        return found

    async def organisations_called(self, names: Collection[str]) -> dict[str, UUID]:
        """The oldest organisation outside the trash of each name."""
        statement = (
            sa.select(organisation.c.display_name, organisation.c.id)
            .where(
                tenant_predicate(organisation, self.uow.tenant),
                organisation.c.display_name == sa.any_(sa.cast(list(names), sa.ARRAY(sa.Text))),
                organisation.c.delete_time.is_(None),
            )
            .order_by(organisation.c.id.desc())
        )
        return {row.display_name: row.id for row in await self.uow.connection.execute(statement)}

    async def progress(self, job_id: UUID, counts: Mapping[str, int]) -> None:
        """Note how far a job is: no fact, and no new version, lest a thousand of them be told."""
        mine = tenant_predicate(import_job, self.uow.tenant)
        await self.uow.connection.execute(sa.update(import_job).where(mine, import_job.c.id == job_id).values(counts))

    async def note_changed(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep what a job changed; a second change by the same job keeps what was before the first."""
        statement = insert(imported_record)
        await self.uow.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant", "import_job_id", "record_id"],
                set_={"version": statement.excluded.version},
            ),
            list(rows),
        )

    async def written(self, job_id: UUID, limit: int) -> Sequence[sa.Row[Any]]:
        """What a job wrote and nobody has taken back yet: people before the organisations they work for."""
        statement = (
            sa.select(imported_record)
            .where(tenant_predicate(imported_record, self.uow.tenant), imported_record.c.import_job_id == job_id)
            .order_by(imported_record.c.resource.desc(), imported_record.c.record_id)
            .limit(limit)
        )
        return (await self.uow.connection.execute(statement)).all()

    async def forget_written(self, job_id: UUID, ids: Collection[UUID]) -> None:
        """These are taken back, or left for good."""
        await self.uow.connection.execute(
            sa.delete(imported_record).where(
                tenant_predicate(imported_record, self.uow.tenant),
                imported_record.c.import_job_id == job_id,
                imported_record.c.record_id == sa.any_(sa.cast(list(ids), sa.ARRAY(sa.Uuid))),
            )
        )

    async def employers(self, ids: Iterable[UUID]) -> set[UUID]:
        """Those of these organisations that somebody outside the trash works for."""
        statement = (
            sa.select(person.c.organisation_id)
            .where(
                tenant_predicate(person, self.uow.tenant),
                person.c.organisation_id == sa.any_(sa.cast(list(ids), sa.ARRAY(sa.Uuid))),
                person.c.delete_time.is_(None),
            )
            .distinct()
        )
        return set((await self.uow.connection.execute(statement)).scalars())

    async def forget_faults(self, job_id: UUID) -> None:
        """A job reads its file anew."""
        mine = tenant_predicate(import_fault, self.uow.tenant)
        await self.uow.connection.execute(sa.delete(import_fault).where(mine, import_fault.c.import_job_id == job_id))

    async def faults(self, job_id: UUID, after: Key, limit: int, *, notices: bool = True) -> Sequence[sa.Row[Any]]:
        """What is wrong with rows, from behind a row and place on."""
        statement = (
            sa.select(import_fault)
            .where(
                tenant_predicate(import_fault, self.uow.tenant),
                import_fault.c.import_job_id == job_id,
                sa.tuple_(import_fault.c.row, import_fault.c.place) > after,
            )
            .order_by(import_fault.c.row, import_fault.c.place)
            .limit(limit)
        )
        if not notices:
            statement = statement.where(sa.not_(import_fault.c.notice))
        return (await self.uow.connection.execute(statement)).all()

    async def mapping(self, signature: str) -> list[dict[str, str]] | None:
        """The mapping that was last used for files with these columns."""
        mine = tenant_predicate(import_mapping, self.uow.tenant)
        found: list[dict[str, str]] | None = await self.uow.connection.scalar(
            sa.select(import_mapping.c.mapping).where(mine, import_mapping.c.signature == signature)
        )
        return found

    async def remember_mapping(self, signature: str, mapping: list[dict[str, str]]) -> None:
        """Suggest this mapping for the next file with these columns."""
        said = {"mapping": mapping, "update_time": self.uow.now}
        statement = insert(import_mapping).values(tenant=self.uow.tenant, signature=signature, **said)
        await self.uow.connection.execute(
            statement.on_conflict_do_update(index_elements=["tenant", "signature"], set_=said)
        )
