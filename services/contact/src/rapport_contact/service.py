"""Contact's manifest."""

from __future__ import annotations

from rapport.identity.v1 import events_pb2 as identity
from rapport_contact.handlers.acquisitions import Acquisitions
from rapport_contact.handlers.channel_preferences import ChannelPreferences
from rapport_contact.handlers.consents import Consents
from rapport_contact.handlers.contact_attempts import ContactAttempts
from rapport_contact.handlers.duplicates import Duplicates
from rapport_contact.handlers.files import SCAN, Files, scan_file
from rapport_contact.handlers.jobs import FOLLOW, SCAN_DUPLICATES, follow_changes, scan_duplicates
from rapport_contact.handlers.lifecycle import LifecycleMoves
from rapport_contact.handlers.match_policies import MatchPolicies
from rapport_contact.handlers.organisations import Organisations
from rapport_contact.handlers.people import People
from rapport_contact.handlers.preferences import PreferenceKeys, Preferences
from rapport_contact.handlers.privacy import REWRAP, Privacy, rewrap
from rapport_contact.handlers.subscribers import tenant_changed, user_changed
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.contents import SWEEP, sweep
from rapport_kit.service import Service

service = Service(
    "contact",
    ContactUnitOfWork,
    handlers=(
        People(),
        Organisations(),
        Files(),
        Consents(),
        ChannelPreferences(),
        ContactAttempts(),
        LifecycleMoves(),
        Acquisitions(),
        PreferenceKeys(),
        Preferences(),
        Duplicates(),
        MatchPolicies(),
        Privacy(),
    ),
    subscribers={identity.UserChanged: user_changed, identity.TenantChanged: tenant_changed},
    jobs={
        SWEEP: sweep,
        SCAN: scan_file,
        SCAN_DUPLICATES: scan_duplicates,
        FOLLOW: follow_changes,
        REWRAP: rewrap,
    },
    migrations="rapport_contact.migrations",
    secrets=("link_keys", "match_key", "master_keys", "receipt_keys"),
    answers_for_subject_keys=True,
)
