"""Contact's manifest."""

from __future__ import annotations

from rapport.identity.v1 import events_pb2 as identity
from rapport_contact.handlers.activities import Activities
from rapport_contact.handlers.files import SCAN, Files, scan_file
from rapport_contact.handlers.handover import HAND_OVER, hand_over, user_deactivated
from rapport_contact.handlers.notes import Notes
from rapport_contact.handlers.organisations import Organisations
from rapport_contact.handlers.people import People
from rapport_contact.handlers.projection import TIMELINE
from rapport_contact.handlers.subscribers import tenant_changed, user_changed
from rapport_contact.handlers.tasks import REMINDER, Tasks, remind
from rapport_contact.handlers.timeline import Timelines
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.contents import SWEEP, sweep
from rapport_kit.service import Service

service = Service(
    "contact",
    ContactUnitOfWork,
    handlers=(People(), Organisations(), Activities(), Notes(), Tasks(), Timelines(), Files()),
    subscribers={
        identity.UserChanged: user_changed,
        identity.UserDeactivated: user_deactivated,
        identity.TenantChanged: tenant_changed,
    },
    projections={"timeline": TIMELINE},
    jobs={REMINDER: remind, HAND_OVER: hand_over, SWEEP: sweep, SCAN: scan_file},
    migrations="rapport_contact.migrations",
    secrets=("link_keys",),
)
