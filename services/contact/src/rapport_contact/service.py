"""Contact's manifest."""

from __future__ import annotations

from rapport.identity.v1 import events_pb2 as identity
from rapport_contact.handlers.acquisitions import Acquisitions
from rapport_contact.handlers.activities import Activities
from rapport_contact.handlers.bulk_changes import BULK_CHANGE, BulkChanges, carry_on
from rapport_contact.handlers.channel_preferences import ChannelPreferences
from rapport_contact.handlers.consents import Consents
from rapport_contact.handlers.contact_attempts import ContactAttempts
from rapport_contact.handlers.contact_settings import TenantSettings
from rapport_contact.handlers.data_quality import QUALITY, DataQuality, look_over
from rapport_contact.handlers.duplicate_scans import FOLLOW, SCAN_DUPLICATES, follow_changes, scan_duplicates
from rapport_contact.handlers.duplicates import Duplicates, OrganisationDuplicates
from rapport_contact.handlers.exports import Exports
from rapport_contact.handlers.favourites import Favourites
from rapport_contact.handlers.files import SCAN, Files, scan_file
from rapport_contact.handlers.groups import GroupMemberships, Groups
from rapport_contact.handlers.hand_overs import HAND_OVER, HandOvers, carry_over
from rapport_contact.handlers.imports.import_jobs import ImportJobs
from rapport_contact.handlers.imports.job import FORGET, WORK, forget, work
from rapport_contact.handlers.interests import Interests, InterestTopics
from rapport_contact.handlers.leavers import LEFT_TASKS, hand_over_tasks, user_deactivated
from rapport_contact.handlers.legal_holds import LegalHolds
from rapport_contact.handlers.lifecycle import LifecycleMoves
from rapport_contact.handlers.match_policies import MatchPolicies
from rapport_contact.handlers.mentions import FORGET_TEXT, forget_text
from rapport_contact.handlers.merges import FOLLOW_MERGE, Merges, follow_merge
from rapport_contact.handlers.milestones import MILESTONE, FamilyMembers, Milestones, tell
from rapport_contact.handlers.notes import Notes
from rapport_contact.handlers.organisation_merges import (
    FOLLOW_ORGANISATION_MERGE,
    OrganisationMerges,
    follow_organisation_merge,
)
from rapport_contact.handlers.organisations import Organisations
from rapport_contact.handlers.people import People
from rapport_contact.handlers.preferences import PreferenceKeys, Preferences
from rapport_contact.handlers.privacy import REWRAP, Privacy, rewrap
from rapport_contact.handlers.privacy_requests import DUE, PrivacyRequests, warn
from rapport_contact.handlers.projection import TIMELINE
from rapport_contact.handlers.reapplying import reapply_receipts
from rapport_contact.handlers.records import TenantRecords
from rapport_contact.handlers.relations import Relations
from rapport_contact.handlers.saved_views import SavedViews
from rapport_contact.handlers.static_lists import StaticLists
from rapport_contact.handlers.subscribers import tenant_changed, user_changed
from rapport_contact.handlers.tags import Tags
from rapport_contact.handlers.tasks import REMINDER, Tasks, remind
from rapport_contact.handlers.timeline import Timelines
from rapport_contact.settings import ProcessSettings
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.service import Service

service = Service(
    "contact",
    ContactUnitOfWork,
    handlers=(
        People(),
        Organisations(),
        Activities(),
        Notes(),
        Tasks(),
        Timelines(),
        Files(),
        ImportJobs(),
        Exports(),
        Consents(),
        ChannelPreferences(),
        ContactAttempts(),
        LifecycleMoves(),
        Acquisitions(),
        PreferenceKeys(),
        Preferences(),
        InterestTopics(),
        Interests(),
        Groups(),
        GroupMemberships(),
        Duplicates(),
        OrganisationDuplicates(),
        MatchPolicies(),
        Relations(),
        Tags(),
        StaticLists(),
        BulkChanges(),
        Favourites(),
        SavedViews(),
        FamilyMembers(),
        Milestones(),
        TenantSettings(),
        HandOvers(),
        DataQuality(),
        Privacy(),
        PrivacyRequests(),
        LegalHolds(),
        Merges(),
        OrganisationMerges(),
        TenantRecords(),
    ),
    subscribers={
        identity.UserChanged: user_changed,
        identity.UserDeactivated: user_deactivated,
        identity.TenantChanged: tenant_changed,
    },
    projections={"timeline": TIMELINE},
    jobs={
        REMINDER: remind,
        LEFT_TASKS: hand_over_tasks,
        SCAN: scan_file,
        SCAN_DUPLICATES: scan_duplicates,
        FOLLOW: follow_changes,
        BULK_CHANGE: carry_on,
        MILESTONE: tell,
        HAND_OVER: carry_over,
        QUALITY: look_over,
        REWRAP: rewrap,
        DUE: warn,
        FOLLOW_MERGE: follow_merge,
        FOLLOW_ORGANISATION_MERGE: follow_organisation_merge,
        WORK: work,
        FORGET: forget,
        FORGET_TEXT: forget_text,
    },
    migrations="rapport_contact.migrations",
    settings=ProcessSettings,
    prepare=reapply_receipts,
    secrets=("link_keys", "match_key", "master_keys", "receipt_keys"),
)
