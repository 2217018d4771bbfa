"""Families, and days that come again: one timer a milestone, set for the next thing to tell."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import astuple
from datetime import datetime, timedelta
from typing import Final

from rapport.contact.v1 import family_members_pb2
from rapport.contact.v1 import milestones_pb2 as pb
from rapport_contact.domain.family import FamilyMember
from rapport_contact.domain.milestone import Milestone, MilestoneKind, Notice
from rapport_contact.domain.person import Person
from rapport_contact.handlers.visible_customers import check_person
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid, Refused
from rapport_kit.jobs import Tick, cancel, done_until, schedule

MILESTONE = "contact.milestone"
"""The kind of the timers."""
EARLIEST_CALENDAR: Final = timedelta(hours=14)
"""By how much the first clocks of the world are ahead of UTC."""


class FamilyMembers(Resource[FamilyMember]):
    """FamilyMemberService."""

    serves = family_members_pb2.DESCRIPTOR.services_by_name["FamilyMemberService"]
    entity = FamilyMember
    message = family_members_pb2.FamilyMember

    async def admit(self, entity: FamilyMember, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """The family of somebody whom the caller may see."""
        if not entity.version:
            await check_person("family_member.person_id", entity.person_id, uow, part=True)


class Milestones(Resource[Milestone]):
    """MilestoneService."""

    serves = pb.DESCRIPTOR.services_by_name["MilestoneService"]
    entity = Milestone
    message = pb.Milestone

    async def admit(self, entity: Milestone, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """A day of somebody whom the caller may see; the birthday is the person's birth date and nothing else."""
        if not entity.version:
            await check_person("milestone.person_id", entity.person_id, uow, part=True)
            if entity.kind is MilestoneKind.BIRTHDAY:
                raise Invalid.field("milestone.kind", "DERIVED", "follows from the birth date of the person")
        elif entity.kind is MilestoneKind.BIRTHDAY and not {"date", "delete_time"}.isdisjoint(changed):
            raise Invalid.field("milestone.date", "DERIVED", "follows from the birth date of the person")
        await _arm(entity, uow)

    async def restore(self, entity: Milestone, uow: ContactUnitOfWork) -> None:
        """What is still to come of it is told."""
        await super().restore(entity, uow)
        if entity.delete_time is None:
            await _arm(entity, uow)

    async def release(self, entity: Milestone, uow: ContactUnitOfWork) -> None:
        """Nothing is told any more; a birthday goes when the birth date of the person is cleared."""
        if entity.kind is MilestoneKind.BIRTHDAY:
            raise Refused("MILESTONE_DERIVED", "the birthday follows from the birth date of the person", id=entity.id)
        await cancel(uow, MILESTONE, str(entity.id))


def check_birthday(person: Person, now: datetime) -> None:
    """Refuse the birth date of somebody who is not born yet, on the first calendars of the world to show that day."""
    born, first = person.birth_date, (now + EARLIEST_CALENDAR).date()
    if born is not None and (born.year, born.month, born.day) > (first.year, first.month, first.day):
        raise Invalid.field("person.birth_date", "OUT_OF_RANGE", "must not lie in the future")


async def keep_birthday(person: Person, uow: ContactUnitOfWork) -> None:
    """Have the birthday follow the birth date of a person who is new or changed."""
    birthday = await uow.milestones.birthday_of(person.id) if person.version else None
    if person.birth_date is None or not person.birth_date.month or not person.birth_date.day:
        if birthday is not None:
            birthday.delete_time = uow.now
            await cancel(uow, MILESTONE, str(birthday.id))
        return
    if birthday is None:
        birthday = uow.milestones.add(
            Milestone(person_id=person.id, kind=MilestoneKind.BIRTHDAY, date=person.birth_date)
        )
    birthday.date = person.birth_date
    await _arm(birthday, uow)


async def tell(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Tell of a milestone, once, and set the timer for what comes next; people in the trash are not told of."""
    told = await uow.milestones.find(tick.key)
    if told is None or told.delete_time is not None:
        return
    year, days_before = map(int, tick.payload.decode().split("/"))
    by = await uow.milestones.calendar()
    notice = told.notice(year, days_before, by)
    if notice.at > tick.due_at:  # the tenant's calendar was changed since the timer was set
        await _set(told, notice, uow)
        return
    person = await uow.people.find(told.person_id)
    tellable = person is not None and person.delete_time is None
    if told.kind is MilestoneKind.BIRTHDAY and person is not None and person.id != told.person_id:
        tellable = False  # a merged person's birthday is the survivor's to say
    if tellable and await uow.milestones.enter(told, notice):
        told.tell(notice, by)
    await _set(told, told.next_notice(tick.due_at, by), uow)


async def _arm(milestone: Milestone, uow: ContactUnitOfWork) -> None:
    """Set the timer for the first thing to tell that was not told, which may be due."""
    told_until = await done_until(uow, MILESTONE, str(milestone.id)) if milestone.version else uow.now
    await _set(milestone, milestone.next_notice(told_until, await uow.milestones.calendar()), uow)


async def _set(milestone: Milestone, notice: Notice, uow: ContactUnitOfWork) -> None:
    at, year, days_before = astuple(notice)
    await schedule(uow, MILESTONE, str(milestone.id), at, f"{year}/{days_before}".encode())
