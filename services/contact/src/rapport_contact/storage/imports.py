"""What imports ask the database, a thousand rows at a time, and what they leave in it beside the records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_contact.domain.import_job import ImportJob, ImportState
from rapport_contact.mapping.targets import ImportedResource
from rapport_contact.storage.lookups import TENANT, keys, of_each
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
from rapport_kit.schema.ids import any_of
from rapport_kit.schema.prepared import Prepared
from rapport_kit.schema.sets import Sink
from rapport_kit.uow import Repository, UnitOfWork, tenant_predicate

FAULTS: Final = Sink(import_fault)
RECORDS: Final = Sink(imported_record)
_ALL: Final = sa.true()
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


def _by_external_id(resource: ImportedResource) -> Prepared:
    root, taken = _TABLES[resource], schema.metadata.tables[f"{resource.value}_external_id"]
    asked, former = keys(sa.Text(), "systems", "values"), root.alias("former")
    named = of_each(
        sa.select(taken.c[f"{resource.value}_id"].label("id")).where(
            tenant_predicate(taken, TENANT), taken.c.system == asked.c.systems, taken.c.value == asked.c["values"]
        ),
        "named",
    )
    known = of_each(
        sa.select(answering(former).label("id")).where(tenant_predicate(former, TENANT), former.c.id == named.c.id),
        "known",
    )
    holder = of_each(
        sa.select(root.c.id, root.c.delete_time.is_not(None).label("deleted")).where(
            tenant_predicate(root, TENANT), root.c.id == known.c.id
        ),
        "holder",
    )
    columns = (asked.c.systems.label("system"), asked.c["values"].label("value"), holder.c.id, holder.c.deleted)
    return Prepared(sa.select(*columns).select_from(asked.join(named, _ALL).join(known, _ALL).join(holder, _ALL)))


def _by_email() -> Prepared:
    asked, theirs = keys(sa.Text(), "addresses"), person_channel.c
    named = of_each(
        sa.select(theirs.person_id).where(
            tenant_predicate(person_channel, TENANT),
            theirs.normalized == asked.c.addresses,
            theirs.valid_to.is_(None),
        ),
        "named",
    )
    holder = of_each(
        sa.select(person.c.id, person.c.given_name, person.c.family_name).where(
            tenant_predicate(person, TENANT), person.c.id == named.c.person_id, person.c.delete_time.is_(None)
        ),
        "holder",
    )
    columns = (asked.c.addresses, *holder.c)
    return Prepared(sa.select(*columns).select_from(asked.join(named, _ALL).join(holder, _ALL)))


def _called() -> Prepared:
    asked = keys(sa.Text(), "names")
    oldest = of_each(
        sa.select(organisation.c.id)
        .where(
            tenant_predicate(organisation, TENANT),
            organisation.c.display_name == asked.c.names,
            organisation.c.delete_time.is_(None),
        )
        .order_by(organisation.c.id)
        .limit(sa.literal_column("1")),
        "oldest",
    )
    return Prepared(sa.select(asked.c.names, oldest.c.id).select_from(asked.join(oldest, _ALL)))


_BY_EXTERNAL_ID: Final = {resource: _by_external_id(resource) for resource in ImportedResource}
_BY_EMAIL: Final = _by_email()
_CALLED: Final = _called()


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
        systems, values = zip(*ids, strict=True)
        found = await _BY_EXTERNAL_ID[resource].all(
            self.uow.connection, systems=systems, values=values, tenant=self.uow.tenant
        )
        return {(row["system"], row["value"]): Holder(row["id"], row["deleted"]) for row in found}

    async def by_emails(self, addresses: Collection[str]) -> dict[str, list[Holder]]:
        """The people, outside the trash, who have one of these normalised addresses now."""
        rows = await _BY_EMAIL.all(self.uow.connection, addresses=list(addresses), tenant=self.uow.tenant)
        found: dict[str, list[Holder]] = {}
        for row in rows:
            holder = Holder(row["id"], False, row["given_name"], row["family_name"])
            found.setdefault(row["addresses"], []).append(holder)
        return found

    async def organisations_called(self, names: Collection[str]) -> dict[str, UUID]:
        """The oldest organisation outside the trash of each name."""
        rows = await _CALLED.all(self.uow.connection, names=list(names), tenant=self.uow.tenant)
        return {row["names"]: row["id"] for row in rows}

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
                imported_record.c.record_id == any_of(ids),
            )
        )

    async def give_up_files(self, people: Collection[UUID]) -> list[tuple[UUID, str]]:
        """Let go of the file of each job that ended and wrote one of these people, or may have them in another row.

        Such as one that it skipped, or did not come to. Gives the ids of the jobs, and the keys of the files, which are
        the caller's to delete.
        """
        wrote = sa.select(imported_record.c.record_id).where(
            tenant_predicate(imported_record, self.uow.tenant),
            imported_record.c.import_job_id == import_job.c.id,
            imported_record.c.record_id == any_of(people),
        )
        mine = tenant_predicate(import_job, self.uow.tenant)
        statement = sa.select(import_job.c.id, import_job.c.file_key).where(
            mine,
            import_job.c.state.in_((ImportState.COMPLETED, ImportState.CANCELLED)),
            import_job.c.file_key != "",
            sa.or_(import_job.c.state == ImportState.CANCELLED, import_job.c.skipped_count > 0, wrote.exists()),
        )
        found = (await self.uow.connection.execute(statement.with_for_update())).all()
        these = import_job.c.id.in_([job.id for job in found])
        await self.uow.connection.execute(sa.update(import_job).where(mine, these).values(file_key=""))
        return [(job.id, job.file_key) for job in found]

    async def employers(self, ids: Iterable[UUID]) -> set[UUID]:
        """Those of these organisations that somebody outside the trash works for."""
        statement = (
            sa.select(person.c.organisation_id)
            .where(
                tenant_predicate(person, self.uow.tenant),
                person.c.organisation_id == any_of(ids),
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
