"""Which channel a person prefers, who says so, and the choice that follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from rapport_contact.domain.contact_attempt import Responsiveness
from rapport_contact.domain.contacting import (
    WEIGHT,
    ContactChannel,
    ContactReason,
    ContactVerdict,
    Provenance,
    Purpose,
)
from rapport_contact.domain.quiet_hours import QuietHours
from rapport_kit.domain import Entity
from rapport_kit.errors import Invalid


class ChoiceReason(StrEnum):
    """Why a channel was chosen."""

    PREFERRED_BY_CUSTOMER = "preferred_by_customer"
    PREFERRED_BY_USER = "preferred_by_user"
    INFERRED = "inferred"
    RESPONSES = "responses"
    USUAL_ORDER = "usual_order"
    NONE = "none"


@dataclass(kw_only=True, eq=False)
class ChannelPreference(Entity):
    """How much a person prefers a channel for a purpose, or for all of them, and when it is closed (CON-03)."""

    person_id: UUID
    purpose: Purpose | None = None
    channel: ContactChannel
    rank: int = 0
    quiet_hours: QuietHours | None = None
    set_by: Provenance
    confidence: float | None = None
    source: str = ""

    def settle(self) -> None:
        """Check rank, quiet hours and confidence.

        Raises:
            Invalid: one of them is out of range, or a confidence is given for what nobody guessed.
        """
        if not 0 <= self.rank <= MOST_RANKS:
            raise Invalid.field("rank", "OUT_OF_RANGE", f"must lie between 0 and {MOST_RANKS}")
        if self.quiet_hours is not None:
            self.quiet_hours.check()
        if self.confidence is not None and self.set_by is not Provenance.INFERRED:
            raise Invalid.field("confidence", "NOT_ALLOWED", "belongs to a guess")
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise Invalid.field("confidence", "OUT_OF_RANGE", "must lie between 0 and 1")


MOST_RANKS = 1_000

_CHOSEN: Mapping[Provenance, ChoiceReason] = {
    Provenance.CUSTOMER: ChoiceReason.PREFERRED_BY_CUSTOMER,
    Provenance.USER: ChoiceReason.PREFERRED_BY_USER,
    Provenance.INFERRED: ChoiceReason.INFERRED,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A channel to use, or none; and every other one with its reason, in the order of preference."""

    chosen: ContactVerdict | None
    reason: ChoiceReason
    rejected: tuple[ContactVerdict, ...]


def preference_for(
    preferences: Iterable[ChannelPreference], purpose: Purpose, channel: ContactChannel
) -> ChannelPreference | None:
    """The one that counts: by whom it was set, then one for the very purpose, then the newest."""
    return min(
        (each for each in preferences if each.channel is channel and each.purpose in (None, purpose)),
        key=lambda each: (WEIGHT[each.set_by], each.purpose is None, -_age(each), -each.id.int),
        default=None,
    )


def choose(
    verdicts: Sequence[ContactVerdict],
    preferences: Sequence[ChannelPreference],
    purpose: Purpose,
    responsiveness: Responsiveness,
) -> Choice:
    """The most preferred of the channels that may be used: what was stated before what was guessed, then by rank.

    Where preferences do not tell, the likelier response does. A channel that is closed by quiet hours stays the
    preferred one: it is to be used when they are over.
    """
    effective = {each.channel: preference_for(preferences, purpose, each.channel) for each in verdicts}
    likely = [each.channel for each in responsiveness.channels]

    def order(verdict: ContactVerdict) -> tuple[int, int, int]:
        known, place = effective[verdict.channel], likely.index(verdict.channel)
        return (len(WEIGHT), 0, place) if known is None else (WEIGHT[known.set_by], known.rank, place)

    ordered = sorted(verdicts, key=order)
    chosen = next((verdict for verdict in ordered if verdict.usable), None)
    rejected = tuple(
        replace(verdict, allowed=False, reason=ContactReason.LESS_PREFERRED) if verdict.allowed else verdict
        for verdict in ordered
        if verdict is not chosen
    )
    if chosen is None:
        return Choice(None, ChoiceReason.NONE, rejected)
    if (preference := effective[chosen.channel]) is not None:
        return Choice(chosen, _CHOSEN[preference.set_by], rejected)
    return Choice(chosen, ChoiceReason.RESPONSES if responsiveness.is_known else ChoiceReason.USUAL_ORDER, rejected)


def _age(preference: ChannelPreference) -> float:
    """Larger for the newer."""
    return preference.update_time.timestamp() if preference.update_time else 0.0
