"""Contact's manifest."""

from __future__ import annotations

from rapport.identity.v1 import events_pb2 as identity
from rapport_contact.handlers.duplicates import Duplicates
from rapport_contact.handlers.jobs import FOLLOW, SCAN, follow_changes, scan_duplicates
from rapport_contact.handlers.match_policies import MatchPolicies
from rapport_contact.handlers.organisations import Organisations
from rapport_contact.handlers.people import People
from rapport_contact.handlers.subscribers import tenant_changed, user_changed
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.service import Service

service = Service(
    "contact",
    ContactUnitOfWork,
    handlers=(People(), Organisations(), Duplicates(), MatchPolicies()),
    subscribers={identity.UserChanged: user_changed, identity.TenantChanged: tenant_changed},
    jobs={SCAN: scan_duplicates, FOLLOW: follow_changes},
    migrations="rapport_contact.migrations",
    secrets=("match_key",),
)
