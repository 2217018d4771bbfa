"""What is known of a person beside the record."""

from __future__ import annotations

from rapport.contact.v1 import (
    acquisitions_pb2,
    channel_preferences_pb2,
    consents_pb2,
    contact_attempts_pb2,
    contacting_pb2,
    family_members_pb2,
    groups_pb2,
    interests_pb2,
    legal_holds_pb2,
    lifecycle_pb2,
    milestones_pb2,
    people_pb2,
    preferences_pb2,
    privacy_requests_pb2,
    relations_pb2,
)
from tests.holdings.held import Holdings


async def fill_profile(held: Holdings, person_id: str, n: int) -> None:
    """What is known of a person beside the record."""
    admin, mark = held.tenant.admin, held.mark
    consent = consents_pb2.Consent(
        person_id=person_id,
        purpose=contacting_pb2.PURPOSE_MARKETING,
        channel=contacting_pb2.CONTACT_CHANNEL_EMAIL,
        state=consents_pb2.CONSENT_STATE_GRANTED,
        source=f"Form {mark}",
        text_version=f"Text {mark}",
        proof=consents_pb2.ConsentProof(form=f"Proof {mark}"),
    )
    await admin.consent.create_consent(consents_pb2.CreateConsentRequest(consent=consent, request_id=held.request_id()))
    liked = channel_preferences_pb2.ChannelPreference(
        person_id=person_id,
        channel=contacting_pb2.CONTACT_CHANNEL_EMAIL,
        set_by=contacting_pb2.PROVENANCE_CUSTOMER,
        source=f"Portal {mark}",
    )
    await admin.channel_preference.create_channel_preference(
        channel_preferences_pb2.CreateChannelPreferenceRequest(channel_preference=liked, request_id=held.request_id())
    )
    attempt = contact_attempts_pb2.ContactAttempt(
        person_id=person_id, channel=contacting_pb2.CONTACT_CHANNEL_PHONE, source=f"Call {mark}"
    )
    await admin.contact_attempt.create_contact_attempt(
        contact_attempts_pb2.CreateContactAttemptRequest(contact_attempt=attempt, request_id=held.request_id())
    )
    stage = people_pb2.LIFECYCLE_STAGE_LEAD
    await admin.lifecycle.move_lifecycle_stage(
        lifecycle_pb2.MoveLifecycleStageRequest(person_id=person_id, stage=stage, reason=f"Because {mark}")
    )
    touch = acquisitions_pb2.Acquisition(
        person_id=person_id,
        source=acquisitions_pb2.ACQUISITION_SOURCE_NEWSPAPER,
        medium=f"Print {mark}",
        utm={"source": mark},
    )
    await admin.acquisition.create_acquisition(
        acquisitions_pb2.CreateAcquisitionRequest(acquisition=touch, request_id=held.request_id())
    )
    key = preferences_pb2.PreferenceKey(
        key=f"{mark}-{n}", display_name=f"Seat {mark}", value_type=preferences_pb2.PREFERENCE_TYPE_TEXT
    )
    await admin.preference_key.create_preference_key(
        preferences_pb2.CreatePreferenceKeyRequest(preference_key=key, request_id=held.request_id())
    )
    wish = preferences_pb2.Preference(
        person_id=person_id, key=key.key, value=f"Window {mark}", source=contacting_pb2.PROVENANCE_CUSTOMER
    )
    await admin.preference.create_preference(
        preferences_pb2.CreatePreferenceRequest(preference=wish, request_id=held.request_id())
    )


async def fill_interests(held: Holdings, person_id: str, n: int) -> None:
    """What a person is interested in."""
    admin, mark = held.tenant.admin, held.mark
    topic = await admin.interest_topic.create_interest_topic(
        interests_pb2.CreateInterestTopicRequest(
            interest_topic=interests_pb2.InterestTopic(display_name=f"Topic {mark} {n}"), request_id=held.request_id()
        )
    )
    await admin.interest.infer_interest(
        interests_pb2.InferInterestRequest(
            person_id=person_id,
            interest_topic_id=topic.id,
            event_id=f"click {mark}",
            strength=0.5,
            request_id=held.request_id(),
        )
    )


async def fill_groups(held: Holdings, person_id: str) -> None:
    """Groups that a person belongs to."""
    admin, mark = held.tenant.admin, held.mark
    for n in range(2):
        club = groups_pb2.Group(display_name=f"Club {mark} {n}", kind=groups_pb2.GROUP_KIND_CLUB)
        made = await admin.group.create_group(groups_pb2.CreateGroupRequest(group=club, request_id=held.request_id()))
        member = groups_pb2.GroupMembership(group_id=made.id, person_id=person_id, role=f"Treasurer {mark}")
        await admin.group_membership.create_group_membership(
            groups_pb2.CreateGroupMembershipRequest(group_membership=member, request_id=held.request_id())
        )


async def fill_relations(held: Holdings, person_id: str, organisation_id: str) -> None:
    """Who is what to whom."""
    admin, mark = held.tenant.admin, held.mark
    relation = relations_pb2.Relation(
        person_id=person_id,
        to_organisation_id=organisation_id,
        type=relations_pb2.RELATION_TYPE_EMPLOYEE,
        title=f"Title {mark}",
    )
    await admin.relation.create_relation(
        relations_pb2.CreateRelationRequest(relation=relation, request_id=held.request_id())
    )


async def fill_family(held: Holdings, person_id: str) -> None:
    """A family, and what comes again."""
    admin, mark = held.tenant.admin, held.mark
    child = family_members_pb2.FamilyMember(
        person_id=person_id, role=family_members_pb2.FAMILY_ROLE_CHILD, display_name=f"Child {mark}"
    )
    await admin.family_member.create_family_member(
        family_members_pb2.CreateFamilyMemberRequest(family_member=child, request_id=held.request_id())
    )
    wedding = milestones_pb2.Milestone(
        person_id=person_id,
        kind=milestones_pb2.MILESTONE_KIND_ANNIVERSARY,
        date={"month": 6, "day": 1},
        display_name=f"Wedding {mark}",
    )
    await admin.milestone.create_milestone(
        milestones_pb2.CreateMilestoneRequest(milestone=wedding, request_id=held.request_id())
    )


async def fill_privacy(held: Holdings, person_id: str) -> None:
    """What somebody asked for, and what is kept all the same."""
    admin, mark = held.tenant.admin, held.mark
    asked = privacy_requests_pb2.PrivacyRequest(
        person_id=person_id, right=privacy_requests_pb2.PRIVACY_RIGHT_ACCESS, proof_reference=f"Binder {mark}"
    )
    await admin.privacy_request.create_privacy_request(
        privacy_requests_pb2.CreatePrivacyRequestRequest(privacy_request=asked, request_id=held.request_id())
    )
    hold = legal_holds_pb2.LegalHold(person_id=person_id, reason=f"Law {mark}", kept=[legal_holds_pb2.HELD_DATA_NOTES])
    await admin.legal_hold.create_legal_hold(
        legal_holds_pb2.CreateLegalHoldRequest(legal_hold=hold, request_id=held.request_id())
    )
