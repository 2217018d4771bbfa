"""One slice of a file becomes records: mapped, checked, matched and written as sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final, cast
from uuid import UUID

from google.protobuf.message import Message

from rapport_contact.domain.absorption import absorb
from rapport_contact.domain.import_job import BadValues, ImportJob, ImportPolicy
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.domain.record import ContactRecord
from rapport_contact.files.records import Fault
from rapport_contact.handlers.imports.matching import NEW, match
from rapport_contact.handlers.imports.reading import RESOURCES, Reading, Row
from rapport_contact.handlers.imports.refusals import Refusals, faults_of, strip
from rapport_contact.handlers.together import together
from rapport_contact.mapping.targets import ImportedResource
from rapport_contact.storage.imports import RECORDS
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.auth.principal import Scope
from rapport_kit.errors import DomainError
from rapport_kit.turns import turn

_RETRIES: Final = 3
_IN_TRASH: Final = Fault("IN_TRASH", "its external id belongs to a record in the trash")
_NOT_YOURS: Final = Fault("NOT_YOURS", "matches a record that the import may not change")
_NO_FOUNDER: Final = ("ORGANISATION_UNKNOWN", "names no organisation, and whoever started the import may not make one")


@dataclass(slots=True)
class Outcome:
    """What became of a slice, by the counts of the job."""

    created_count: int = 0
    changed_count: int = 0
    skipped_count: int = 0
    refused_count: int = 0
    row_count: int = 0


async def bring_in(
    job: ImportJob, reading: Reading, rows: Sequence[Row], uow: ContactUnitOfWork, meanwhile: Callable[[], None]
) -> dict[str, int]:
    """Write rows of a job's file, or only check them; the counts of the job when they are in.

    Rows go in as a set. One that only the database refuses costs the others nothing but time. `meanwhile` is to begin
    what can be done while the database writes.
    """

    async def take(some: Sequence[Row]) -> Outcome:
        again = len(some) < len(rows)  # what they became at the try before was meant to be written by that
        outcome = await Slice(job, reading, uow).take([reading.row(row.record) for row in some] if again else some)
        meanwhile()
        return outcome

    def refuse(one: Row, refusal: DomainError) -> Outcome:
        return Slice(job, reading, uow).refused(reading.row(one.record), refusal)

    outcomes = await together(rows, take, refuse, uow) if rows else []
    names = (each.name for each in fields(Outcome))
    return {name: getattr(job, name) + sum(getattr(each, name) for each in outcomes) for name in names}


@dataclass
class Slice:
    """Some rows of a job's file, written, or only checked, in one transaction."""

    job: ImportJob
    reading: Reading
    uow: ContactUnitOfWork
    outcome: Outcome = field(default_factory=Outcome)
    _region: str = ""
    _companies: dict[UUID, Organisation] = field(default_factory=dict)
    _made: list[tuple[Row, ContactRecord]] = field(default_factory=list)
    _changed: dict[UUID, tuple[Row, ContactRecord, int]] = field(default_factory=dict)
    _refusals: Refusals = field(init=False)

    def __post_init__(self) -> None:
        self._refusals = Refusals(self.job, self.uow)

    async def take(self, read: Sequence[Row]) -> Outcome:
        """Bring the rows in."""
        self.outcome.row_count = len(read)
        self._region = await self.uow.profile.region()
        rows = await self._named(self._drafted(read))
        rows = await self._admitted(rows)
        await self._decide(rows)
        await self._apply(rows)
        await self._keep()
        return self._told()

    def refused(self, row: Row, refusal: DomainError) -> Outcome:
        """Only say what is wrong with a row that was refused in the end."""
        self.outcome.row_count = 1
        self._refusals.refuse(row.record.number, *faults_of(row, refusal))
        return self._told()

    def _told(self) -> Outcome:
        self.outcome.refused_count = self._refusals.count
        return self.outcome

    def _drafted(self, read: Sequence[Row]) -> list[Row]:
        """Those that could be read."""
        rows: list[Row] = []
        for row in read:
            record, draft = row.record, row.draft
            if record.fault is not None:
                self._refusals.refuse(record.number, record.fault)
            elif draft.faults and self.job.bad_values is BadValues.REFUSE_ROW:
                self._refusals.refuse(record.number, *draft.faults)
            else:
                self._refusals.notice(record.number, *draft.faults, *record.notices)
                rows.append(row)
        return rows

    async def _named(self, rows: Sequence[Row]) -> list[Row]:
        """Have people work for the organisation of that name; one that is not known is made with them.

        Who started the job may not be allowed to make any: then it is as if the name were none.
        """
        names = {row.draft.organisation for row in rows if row.draft.organisation}
        known = await self.uow.imports.organisations_called(names) if names else {}
        named: list[Row] = []
        for row in rows:
            name = row.draft.organisation
            if name and name not in known and not self.job.founds_organisations:
                fault = Fault(*_NO_FOUNDER, row.draft.column_of("organisation_id"))
                if self.job.bad_values is BadValues.REFUSE_ROW:
                    self._refusals.refuse(row.record.number, fault)
                    continue
                self._refusals.notice(row.record.number, fault)
            elif name:
                if name not in known:
                    company = Organisation(display_name=name, owner_id=self.job.owner_id, team_id=self.job.team_id)
                    known[name], self._companies[company.id] = company.id, company
                row.draft.message.organisation_id = str(known[name])
                if isinstance(row.made, Person):
                    row.made.organisation_id = known[name]
            named.append(row)
        return named

    async def _admitted(self, rows: list[Row]) -> list[Row]:
        """Those that may be records; with `LEAVE_OUT` a row is tried again without what was wrong with it."""
        owner = (self.job.owner_id, self.job.team_id) if self.job.owner_id else None
        waiting, admitted = rows, list[Row]()
        for attempt in range(_RETRIES):
            messages: list[Message] = [row.draft.message for row in waiting]
            made = [cast(ContactRecord | DomainError, row.made) for row in waiting]
            results = await RESOURCES[self.job.resource].admitted(messages, self.uow, owner, made)
            again: list[Row] = []
            for row, result in zip(waiting, results, strict=True):
                if not isinstance(result, DomainError):
                    admitted.append(row)
                elif self.job.bad_values is BadValues.REFUSE_ROW or attempt == _RETRIES - 1 or not strip(row, result):
                    self._refusals.refuse(row.record.number, *faults_of(row, result))
                else:
                    self._refusals.notice(row.record.number, *faults_of(row, result))
                    self.reading.make(row)
                    again.append(row)
            waiting = again
        return sorted(admitted, key=lambda row: row.record.number)

    async def _decide(self, rows: Sequence[Row]) -> None:
        batch = [row.entity for row in rows]
        exact = self.job.policy is ImportPolicy.LINK_BY_EXTERNAL_ID
        decisions = await match(batch, self.job.resource, self.uow, exact=exact)
        for row, decision in zip(rows, decisions, strict=True):
            row.decision = decision

    async def _apply(self, rows: Sequence[Row]) -> None:
        stored = await self._stored(rows)
        for row in rows:
            decision, entity = row.decision, row.entity
            if decision is NEW:
                self.outcome.created_count += 1
                self._made.append((row, entity))
            elif decision.in_trash:
                self._refusals.refuse(row.record.number, _IN_TRASH)
            elif self.job.policy is ImportPolicy.SKIP:
                self.outcome.skipped_count += 1
            else:
                await self._absorb(row, rows, stored)
            await turn()

    async def _stored(self, rows: Sequence[Row]) -> Mapping[UUID, ContactRecord]:
        """The records that rows are to change, locked."""
        wanted = {row.decision.record_id for row in rows if row.decision.record_id and not row.decision.in_trash}
        if not wanted or self.job.policy is ImportPolicy.SKIP:
            return {}
        if self.job.resource is ImportedResource.PERSON:
            return await self.uow.people.find_many(wanted)
        return await self.uow.organisations.find_many(wanted)

    async def _absorb(self, row: Row, rows: Sequence[Row], stored: Mapping[UUID, ContactRecord]) -> None:
        decision, entity = row.decision, row.entity
        target = rows[decision.earlier].entity if decision.earlier is not None else None
        before = 0
        if decision.record_id is not None:
            target = stored.get(decision.record_id)
            if target is None or not self._reaches(target):
                self._refusals.refuse(row.record.number, _NOT_YOURS)
                return
            before = target.sequence
        assert target is not None
        if self.job.dry:
            self.outcome.changed_count += 1
            return
        given = [wire.name for wire, _ in row.draft.message.ListFields()]
        entity.external_ids = [
            each for each in entity.external_ids if (each.system, each.value) not in decision.answers_to
        ]
        overwrite = self.job.policy is not ImportPolicy.FILL_BLANKS
        if not absorb(target, entity, given, overwrite=overwrite):
            self.outcome.skipped_count += 1
            return
        self.outcome.changed_count += 1
        target.settle(self._region)
        if before:
            await RESOURCES[self.job.resource].admit(target, self.uow, given)
            self._changed.setdefault(target.id, (row, target, before))

    def _reaches(self, target: ContactRecord) -> bool:
        """Whether who started the job may change a record."""
        if self.job.update_scope == Scope.ALL or (target.owner_id and target.owner_id == self.job.owner_id):
            return True
        return target.team_id in self.job.reached_teams

    async def _keep(self) -> None:
        """Write what is new and changed, and remember what it was, for an undo."""
        if self.job.dry:
            return
        founded = self._founded()
        for id_ in founded:
            self.uow.organisations.add(self._companies[id_])
        for _, entity in self._made:
            await RESOURCES[self.job.resource].enter(entity, self.uow)
        await self.uow.settle()
        for id_, number in founded.items():
            self._note(self._companies[id_], ImportedResource.ORGANISATION, number)
        for row, entity in self._made:
            self._note(entity, self.job.resource, row.record.number)
        if self._changed:
            await self.uow.imports.note_changed(
                [
                    self._noted(entity, self.job.resource, row.record.number, before)
                    for row, entity, before in self._changed.values()
                ]
            )

    def _founded(self) -> dict[UUID, int]:
        """The organisations that are needed, each with the row that was the first to name it."""
        found: dict[UUID, int] = {}
        for row, entity in (*self._made, *((row, entity) for row, entity, _ in self._changed.values())):
            if isinstance(entity, Person) and entity.organisation_id in self._companies:
                number = row.record.number
                found[entity.organisation_id] = min(number, found.get(entity.organisation_id, number))
        return found

    def _note(self, entity: ContactRecord, resource: ImportedResource, number: int) -> None:
        self.uow.waiting.add(RECORDS, self._noted(entity, resource, number, 0))

    def _noted(self, entity: ContactRecord, resource: ImportedResource, number: int, before: int) -> dict[str, Any]:
        return {
            "tenant": self.uow.tenant,
            "import_job_id": self.job.id,
            "record_id": entity.id,
            "resource": resource.value,
            "row": number,
            "version": entity.version,
            "before": before,
        }
