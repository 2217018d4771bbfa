"""What is known of a person beside the record itself: consents, preferences, touches, the way through the lifecycle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from rapport_contact.domain.acquisition import Acquisition
from rapport_contact.domain.channel import Channel
from rapport_contact.domain.channel_preference import ChannelPreference
from rapport_contact.domain.consent import Consent, denial
from rapport_contact.domain.contact_attempt import REMEMBERED, ChannelPropensity, ContactAttempt, Responsiveness
from rapport_contact.domain.contacting import ContactChannel
from rapport_contact.domain.lifecycle import LifecycleMove, MoveOutcome
from rapport_contact.domain.person import LifecycleStage, Person
from rapport_contact.domain.preference import Preference, PreferenceKey
from rapport_contact.domain.reach import Reach
from rapport_contact.storage.customers import Customers
from rapport_contact.storage.presence import is_any
from rapport_contact.storage.privacy_requests import barring
from rapport_contact.storage.tables import (
    acquisition,
    channel_preference,
    consent,
    contact_attempt,
    lifecycle_move,
    person,
    person_channel,
    preference,
    preference_key,
    schema,
)
from rapport_kit.domain import Entity
from rapport_kit.schema.aliases import asked, current_id
from rapport_kit.schema.ids import any_of
from rapport_kit.uow import Repository, UnitOfWork, not_found, tenant_predicate

E = TypeVar("E", bound=Entity)


class Consents(Repository[Consent]):
    """The consent ledger of the tenant."""

    entity = Consent

    def deny(self, person_id: UUID, *, channel: ContactChannel, reason: str) -> Consent:
        """Enter that a person wants no contact by `channel`; `reason` says how that is known, as `do_not_call`.

        That the caller may see the person must have been checked before.
        """
        return self.add(denial(person_id, channel=channel, reason=reason, at=self.uow.now))


class Subjects:
    """The people that profile data is about, as far as the caller may see them."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    async def current(self, person_id: UUID) -> UUID:
        """The id of whoever answers for an id, whether or not there is anybody whom the caller may see."""
        statement = sa.select(current_id(person, self.uow.tenant, person_id))
        return await self.uow.connection.scalar(statement) or person_id

    async def reach(self, ids: Sequence[UUID]) -> list[Reach]:
        """What is known of contacting people, in the order asked; five statements, however many they are.

        Raises:
            NotFound: for the first whom the caller may not see, or who is in the trash.
        """
        statement = asked(sa.select(person.c.id, person.c.time_zone), person, self.uow.tenant, ids)
        live = sa.and_(Customers(self.uow).wholes(person), person.c.delete_time.is_(None))
        known = {row.asked: row for row in await self.uow.connection.execute(statement.where(live))}
        for each in ids:
            if each not in known:
                raise not_found(Person, each)
        people = {row.id for row in known.values()}
        wanted = any_of(people)
        channels = await self._channels(wanted)
        consents = _by_person(await rows(self.uow, Consent, consent.c.person_id == wanted))
        preferences = _by_person(await rows(self.uow, ChannelPreference, channel_preference.c.person_id == wanted))
        found = (channels, consents, preferences, _by_person(await barring(self.uow, people)))
        return [
            Reach(one.id, one.time_zone, *(tuple(each[one.id]) for each in found))
            for one in (known[each] for each in ids)
        ]

    async def _channels(self, wanted: Any) -> dict[UUID, list[Channel]]:
        """The channels of people, in their order."""
        found = await self.uow.connection.execute(
            sa.select(person_channel)
            .where(tenant_predicate(person_channel, self.uow.tenant), person_channel.c.person_id == wanted)
            .order_by(person_channel.c.position)
        )
        channels: defaultdict[UUID, list[Channel]] = defaultdict(list)
        for row in found.mappings():
            values = {name: row[name] for name in row if name not in ("tenant", "person_id", "position")}
            channels[row["person_id"]].append(Channel(**values))
        return channels


class ContactAttempts(Repository[ContactAttempt]):
    """Attempts at contacting people."""

    entity = ContactAttempt

    async def responsiveness(self, person_id: UUID, at: datetime) -> Responsiveness:
        """How likely a person is to respond, by what was known at a time of the year before it."""
        table = contact_attempt.c
        statement = (
            sa.select(table.channel, sa.func.count(), sa.func.count().filter(table.respond_time <= at))
            .where(
                tenant_predicate(contact_attempt, self.uow.tenant),
                table.person_id == person_id,
                table.attempt_time.between(at - REMEMBERED, at),
            )
            .group_by(table.channel)
        )
        found = await self.uow.connection.execute(statement)
        return Responsiveness.of(ChannelPropensity.of(*row) for row in found)


class LifecycleMoves(Repository[LifecycleMove]):
    """The moves of people from stage to stage."""

    entity = LifecycleMove

    def enter(self, move: LifecycleMove) -> LifecycleMove:
        """Enter a move that the caller of this unit of work brought about."""
        move.actor_id = self.uow.principal.author
        return self.add(move)

    async def standing(self, person_id: UUID) -> tuple[datetime, LifecycleStage]:
        """When the record of a person was made, and at which stage the person is, whom the caller may see."""
        mine = tenant_predicate(person, self.uow.tenant)
        statement = sa.select(person.c.create_time, person.c.lifecycle_stage).where(mine, person.c.id == person_id)
        row = (await self.uow.connection.execute(statement)).one()
        return row.create_time, row.lifecycle_stage

    async def made(self, person_id: UUID) -> list[LifecycleMove]:
        """The moves that were made, the oldest first."""
        moves = await rows(
            self.uow,
            LifecycleMove,
            lifecycle_move.c.person_id == person_id,
            lifecycle_move.c.outcome == MoveOutcome.MOVED,
        )
        return sorted(moves, key=lambda each: (each.create_time, each.id))


class Acquisitions(Repository[Acquisition]):
    """How people came upon the company."""

    entity = Acquisition

    async def first(self, person_id: UUID) -> UUID | None:
        """The touch that brought a person: of merged records each has a first one, and the earliest counts."""
        return await self.uow.connection.scalar(
            sa.select(acquisition.c.id)
            .where(
                tenant_predicate(acquisition, self.uow.tenant),
                acquisition.c.person_id == person_id,
                acquisition.c.first_touch,
            )
            .order_by(acquisition.c.capture_time, acquisition.c.id)
            .limit(1)
        )


class Preferences(Repository[Preference]):
    """What people prefer."""

    entity = Preference

    async def of(self, person_id: UUID) -> list[Preference]:
        """Everything that a person is said to prefer, or to have preferred."""
        return await rows(self.uow, Preference, preference.c.person_id == person_id)


class PreferenceKeys(Repository[PreferenceKey]):
    """What can be preferred."""

    entity = PreferenceKey

    async def named(self, key: str) -> PreferenceKey | None:
        """The key of that name, unless it is in the trash."""
        found = await rows(self.uow, PreferenceKey, preference_key.c.key == key)
        return found[0] if found else None

    async def is_used(self, key: str) -> bool:
        """Whether anybody prefers anything in this respect."""
        return await is_any(self.uow, preference, preference.c.key == key)


async def rows(uow: UnitOfWork, entity: type[E], *conditions: sa.ColumnElement[bool]) -> list[E]:
    """Records to read, not to change: those of the tenant under the conditions, without what is in the trash."""
    table, known = schema.table(entity), {each.name for each in fields(entity)}
    statement = sa.select(table).where(tenant_predicate(table, uow.tenant), table.c.delete_time.is_(None), *conditions)
    found = await uow.connection.execute(statement)
    return [entity(**{name: row[name] for name in row if name in known}) for row in found.mappings()]


def _by_person(entities: Iterable[Any]) -> defaultdict[UUID, list[Any]]:
    sorted_in: defaultdict[UUID, list[Any]] = defaultdict(list)
    for each in entities:
        sorted_in[each.person_id].append(each)
    return sorted_in
