"""The tables of contact: one line per aggregate, and plain tables for what is known of other services' records."""

from __future__ import annotations

from rapport_contact.storage.tables.consents import (
    acquisition,
    channel_preference,
    consent,
    contact_attempt,
    lifecycle_move,
    preference,
    preference_key,
)
from rapport_contact.storage.tables.duplicates import (
    duplicate_candidate,
    duplicate_organisation,
    duplicate_scan,
    match_policy,
    merge,
    organisation_merge,
)
from rapport_contact.storage.tables.families import data_quality, family_member, hand_over, milestone, milestone_notice
from rapport_contact.storage.tables.files import blob, file
from rapport_contact.storage.tables.groups import customer_group, group_membership
from rapport_contact.storage.tables.imports import import_fault, import_job, import_mapping, imported_record
from rapport_contact.storage.tables.interests import interest, interest_topic
from rapport_contact.storage.tables.memberships import bulk_change, favourite, membership, saved_view, static_list, tag
from rapport_contact.storage.tables.organisations import organisation, organisation_channel, organisation_match_key
from rapport_contact.storage.tables.people import match_key, person, person_channel
from rapport_contact.storage.tables.privacy import erasure, legal_hold, privacy_request, subject_key, tenant_key
from rapport_contact.storage.tables.relations import relation
from rapport_contact.storage.tables.schema import EXTERNAL_ID, schema
from rapport_contact.storage.tables.tenants import colleague, contact_settings, tenant_profile
from rapport_contact.storage.tables.work import activity, activity_participant, note, task, timeline_entry

__all__ = [
    "EXTERNAL_ID",
    "acquisition",
    "activity",
    "activity_participant",
    "blob",
    "bulk_change",
    "channel_preference",
    "colleague",
    "consent",
    "contact_attempt",
    "contact_settings",
    "customer_group",
    "data_quality",
    "duplicate_candidate",
    "duplicate_organisation",
    "duplicate_scan",
    "erasure",
    "family_member",
    "favourite",
    "file",
    "group_membership",
    "hand_over",
    "import_fault",
    "import_job",
    "import_mapping",
    "imported_record",
    "interest",
    "interest_topic",
    "legal_hold",
    "lifecycle_move",
    "match_key",
    "match_policy",
    "membership",
    "merge",
    "milestone",
    "milestone_notice",
    "note",
    "organisation",
    "organisation_channel",
    "organisation_match_key",
    "organisation_merge",
    "person",
    "person_channel",
    "preference",
    "preference_key",
    "privacy_request",
    "relation",
    "saved_view",
    "schema",
    "static_list",
    "subject_key",
    "tag",
    "task",
    "tenant_key",
    "tenant_profile",
    "timeline_entry",
]
