"""The tables of what people allow, wish and answered, how they came and how far they are."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_contact.domain.acquisition import Acquisition
from rapport_contact.domain.channel_preference import ChannelPreference
from rapport_contact.domain.consent import Consent
from rapport_contact.domain.contact_attempt import ContactAttempt
from rapport_contact.domain.lifecycle import LifecycleMove
from rapport_contact.domain.preference import Preference, PreferenceKey
from rapport_contact.storage.tables.schema import follows, part_of, schema, stamped

consent = schema.map(
    Consent,
    "consent",
    part_of("person"),
    sa.Index(None, "tenant", "person_id", "create_time", "id"),
    sa.Index(None, "tenant", "effective_time", "id"),
    *stamped(),
)
channel_preference = schema.map(
    ChannelPreference,
    "channel_preference",
    part_of("person"),
    sa.Index(None, "tenant", "person_id", "create_time", "id"),
    sa.Index(None, "tenant", "rank", "id"),
    *stamped(),
)
contact_attempt = schema.map(
    ContactAttempt,
    "contact_attempt",
    part_of("person"),
    sa.Index(None, "tenant", "person_id", "attempt_time", "id"),
    sa.Index(None, "tenant", "attempt_time", "id"),
    *stamped(),
)
lifecycle_move = schema.map(
    LifecycleMove,
    "lifecycle_move",
    part_of("person"),
    sa.Index(None, "tenant", "person_id", "create_time", "id"),
    *stamped(),
)
acquisition = schema.map(
    Acquisition,
    "acquisition",
    part_of("person"),
    sa.ForeignKeyConstraint(
        ["tenant", "referrer_person_id"],
        ["person.tenant", "person.id"],
        ondelete="SET NULL (referrer_person_id)",
    ),
    sa.Index(None, "tenant", "person_id", "capture_time", "id"),
    sa.Index(None, "tenant", "referrer_person_id"),
    sa.Index(None, "tenant", "capture_time", "id"),
    *stamped(),
)
preference_key = schema.map(
    PreferenceKey,
    "preference_key",
    sa.UniqueConstraint("tenant", "key"),
    sa.Index(None, "tenant", "display_name", "id"),
    *stamped(),
)
preference = schema.map(
    Preference,
    "preference",
    part_of("person"),
    sa.ForeignKeyConstraint(["tenant", "key"], ["preference_key.tenant", "preference_key.key"]),
    sa.Index(None, "tenant", "person_id", "create_time", "id"),
    sa.Index(None, "tenant", "key"),
    sa.Index(None, "tenant", "valid_from", "id"),
    *stamped(),
)

follows(acquisition, "person_id", "referrer_person_id")
follows(channel_preference, "person_id")
follows(consent, "person_id")
follows(contact_attempt, "person_id")
follows(preference, "person_id")
