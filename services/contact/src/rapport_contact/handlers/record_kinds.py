"""The kinds of records that are taken out and restored (PLT-15), and the order in which they refer to one another."""

from __future__ import annotations

from typing import Any, Final

from google.protobuf.message import Message

from rapport.contact.v1 import records_pb2 as pb
from rapport_contact.handlers.acquisitions import Acquisitions
from rapport_contact.handlers.activities import Activities
from rapport_contact.handlers.channel_preferences import ChannelPreferences
from rapport_contact.handlers.consents import Consents
from rapport_contact.handlers.contact_attempts import ContactAttempts
from rapport_contact.handlers.contact_settings import TenantSettings
from rapport_contact.handlers.favourites import Favourites
from rapport_contact.handlers.files import Files
from rapport_contact.handlers.groups import GroupMemberships, Groups
from rapport_contact.handlers.interests import Interests, InterestTopics
from rapport_contact.handlers.legal_holds import LegalHolds
from rapport_contact.handlers.lifecycle import LifecycleMoves
from rapport_contact.handlers.match_policies import MatchPolicies
from rapport_contact.handlers.milestones import FamilyMembers, Milestones
from rapport_contact.handlers.notes import Notes
from rapport_contact.handlers.organisations import Organisations
from rapport_contact.handlers.people import People
from rapport_contact.handlers.plain_kinds import PostedEntryKind, SetMemberKind
from rapport_contact.handlers.preferences import PreferenceKeys, Preferences
from rapport_contact.handlers.privacy_requests import PrivacyRequests
from rapport_contact.handlers.relations import Relations
from rapport_contact.handlers.saved_views import SavedViews
from rapport_contact.handlers.static_lists import StaticLists
from rapport_contact.handlers.tags import Tags
from rapport_contact.handlers.tasks import Tasks
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid
from rapport_kit.records import Records, ResourceKind, TenantsOwn
from rapport_kit.uow import UnitOfWork


class FileKind(ResourceKind):
    """Files, whose contents travel beside their records."""

    async def restore(self, message: Message, path: str, uow: UnitOfWork) -> None:
        """Raises Invalid: a record without its content would be of no use."""
        raise Invalid.field(path, "CONTENT_NEEDED", "is restored with its content, by UploadFileRecord")


def _kinds(*resources: Resource[Any]) -> list[ResourceKind]:
    return [ResourceKind(resource) for resource in resources]


records: Final = Records(
    pb.Record,
    [
        TenantsOwn(TenantSettings()),
        TenantsOwn(MatchPolicies()),
        *_kinds(PreferenceKeys(), InterestTopics(), Groups(), Tags(), StaticLists(), SavedViews()),
        *_kinds(Organisations(), People()),
        *_kinds(Consents(), ChannelPreferences(), ContactAttempts(), LifecycleMoves(), Acquisitions(), Preferences()),
        *_kinds(Interests(), GroupMemberships(), Relations(), FamilyMembers(), Milestones(), Favourites()),
        *_kinds(Activities(), Notes(), Tasks(), LegalHolds(), PrivacyRequests()),
        FileKind(Files()),
        SetMemberKind(),
        PostedEntryKind(),
    ],
)
"""Each kind refers to those before it alone, and some to their own."""
