"""How people want to be contacted, and the choice of a channel."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rapport.contact.v1 import channel_preferences_pb2 as pb
from rapport_contact.domain.channel_preference import ChannelPreference, Choice, choose
from rapport_contact.domain.contacting import ContactChannel, Purpose
from rapport_contact.handlers.visible_customers import check_person
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.codec import Codec
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Question:
    """ChooseChannelRequest."""

    person_id: UUID
    purpose: Purpose
    at: datetime | None = None


questions = Codec(Question, pb.ChooseChannelRequest)
choices: Codec[Any] = Codec(Choice, pb.ChooseChannelResponse)


class ChannelPreferences(Resource[ChannelPreference]):
    """ChannelPreferenceService."""

    serves = pb.DESCRIPTOR.services_by_name["ChannelPreferenceService"]
    entity = ChannelPreference
    message = pb.ChannelPreference

    async def admit(self, entity: ChannelPreference, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """A preference is of somebody whom the caller may see; quiet hours are by a clock that is known."""
        path = "channel_preference"
        await check_person(f"{path}.person_id", entity.person_id, uow, part=True)
        quiet = entity.quiet_hours
        if "quiet_hours" in changed and quiet and not quiet.time_zone:
            (reach,) = await uow.subjects.reach([entity.person_id])
            if not reach.time_zone:
                message = "must be set, as the person's is not known"
                raise Invalid.field(f"{path}.quiet_hours.time_zone", "REQUIRED", message)

    async def choose_channel(self, request: pb.ChooseChannelRequest, uow: ContactUnitOfWork) -> Any:
        """The most preferred of the channels that may be used, and what is wrong with the others."""
        asked = questions.from_message(request)
        (reach,) = await uow.subjects.reach([asked.person_id])
        at = asked.at or uow.now
        responsiveness = await uow.contact_attempts.responsiveness(reach.person_id, at)
        verdicts = [reach.check(asked.purpose, channel, at) for channel in ContactChannel]
        return choices.to_message(choose(verdicts, reach.preferences, asked.purpose, responsiveness))
