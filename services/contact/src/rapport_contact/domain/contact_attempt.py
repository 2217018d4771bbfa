"""Attempts at contacting people, and how likely a response is by each channel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from rapport_contact.domain.contacting import ContactChannel, Purpose
from rapport_kit.domain import Entity
from rapport_kit.errors import Invalid

REMEMBERED = timedelta(days=365)
"""How far back attempts say something of the next one."""


@dataclass(kw_only=True, eq=False)
class ContactAttempt(Entity):
    """One attempt at contacting a person, and whether it was responded to (CON-03)."""

    person_id: UUID
    channel: ContactChannel
    purpose: Purpose | None = None
    source: str = ""
    attempt_time: datetime | None = None
    respond_time: datetime | None = None

    def settle(self) -> None:
        """Check the order of things.

        Raises:
            Invalid: the response came before the attempt.
        """
        if self.attempt_time and self.respond_time and self.respond_time < self.attempt_time:
            raise Invalid.field("respond_time", "INVALID_RANGE", "must not lie before attempt_time")


@dataclass(frozen=True, slots=True)
class ChannelPropensity:
    """How likely a response by a channel is: the mean of Beta(1, 1) updated by so many attempts and responses."""

    channel: ContactChannel
    probability: float
    attempts: int
    responses: int

    @classmethod
    def of(cls, channel: ContactChannel, attempts: int = 0, responses: int = 0) -> ChannelPropensity:
        """(responses + 1) / (attempts + 2): the rule of succession, one half when nothing was tried."""
        return cls(channel, (responses + 1) / (attempts + 2), attempts, responses)


@dataclass(frozen=True, slots=True)
class Responsiveness:
    """How likely a person is to respond, by every channel, the likeliest first."""

    channels: tuple[ChannelPropensity, ...]

    @classmethod
    def of(cls, tried: Iterable[ChannelPropensity]) -> Responsiveness:
        """Complete with the channels that were not tried."""
        known = {each.channel: each for each in tried}
        everyone = (known.get(channel) or ChannelPropensity.of(channel) for channel in ContactChannel)
        return cls(tuple(sorted(everyone, key=lambda each: -each.probability)))

    @property
    def is_known(self) -> bool:
        """Whether anything was tried."""
        return any(each.attempts for each in self.channels)
