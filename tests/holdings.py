"""What a tenant has, so that it can be told when somebody else gets to see it."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp

from rapport.api.v1 import content_pb2
from rapport.contact.v1 import (
    acquisitions_pb2,
    activities_pb2,
    bulk_changes_pb2,
    channel_preferences_pb2,
    channels_pb2,
    consents_pb2,
    contact_attempts_pb2,
    contacting_pb2,
    duplicates_pb2,
    family_members_pb2,
    favourites_pb2,
    files_pb2,
    hand_overs_pb2,
    imports_pb2,
    lifecycle_pb2,
    merges_pb2,
    milestones_pb2,
    notes_pb2,
    organisations_pb2,
    people_pb2,
    preferences_pb2,
    relations_pb2,
    saved_views_pb2,
    static_lists_pb2,
    tags_pb2,
    tasks_pb2,
    timeline_pb2,
)
from rapport.identity.v1 import (
    api_keys_pb2,
    business_units_pb2,
    identity_providers_pb2,
    provisioning_pb2,
    roles_pb2,
    service_accounts_pb2,
    teams_pb2,
    users_pb2,
)
from rapport_kit.domain import uuid7
from rapport_kit.errors import Invalid
from tests.callers import METHODS, Caller, Suite, Tenant
from tests.eventually import eventually

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
USE = re.compile(r"last_use_time \{[^}]*\}")
"""When a key was last used: it is, to take the snapshot."""

NAMELESS = {"DuplicateService", "FavouriteService"}
"""Services of records that hold no free text."""


@dataclass
class Holdings:
    """A tenant full of records whose every free text holds `mark`, which nobody else could know."""

    tenant: Tenant
    mark: str
    callers: list[Caller]
    ids: dict[str, list[str]] = field(default_factory=dict)
    """By the name of the proto service that serves them; none of a caller or a caller's key, which must stay good."""
    further_ids: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    page_tokens: dict[str, str] = field(default_factory=dict)
    request_ids: list[str] = field(default_factory=list)

    @property
    def every_id(self) -> frozenset[str]:
        """The ids of everything in the tenant, its callers and the tenant itself."""
        return frozenset(each for ids in self.ids.values() for each in ids) | self.further_ids

    async def snapshot(self) -> dict[str, str]:
        """Everything that the lists of the tenant's administrator show, as text."""
        await self.tenant.admin.renew()
        return {
            method.name: USE.sub("", str(await self.tenant.admin.call(method, list_request(method))))
            for method in listing_methods()
        }


def listing_methods() -> Iterator[MethodDescriptor]:
    """Every RPC that lists a tenant's resources."""
    for method in METHODS.values():
        if "filter" in method.input_type.fields_by_name and "page_token" in method.input_type.fields_by_name:
            yield method


def list_request(method: MethodDescriptor, page_size: int = 1000) -> Message:
    """Everything that the caller may list, the trash included."""
    trash = {"show_deleted": True} if "show_deleted" in method.input_type.fields_by_name else {}
    return GetMessageClass(method.input_type)(page_size=page_size, **trash)


def items_field(answer: Any) -> FieldDescriptor:
    """The field of a list's answer that holds the resources."""
    found: FieldDescriptor = next(each for each in answer.fields if each.is_repeated and each.message_type)
    return found


def strings(message: Message) -> Iterator[str]:
    """Every text in a message, however deep."""
    for wire, value in message.ListFields():
        parts = list(value) if wire.is_repeated else [value]
        if wire.message_type and wire.message_type.GetOptions().map_entry:
            parts = [text for key in value for text in (key, value[key])]
        for part in parts:
            if isinstance(part, Message):
                yield from strings(part)
            elif isinstance(part, str):
                yield part


async def fill(suite: Suite, name: str) -> Holdings:
    """Open a tenant with at least two records of every kind, and with callers of several roles."""
    tenant = await suite.open_tenant(name)
    held = Holdings(tenant, f"zq{secrets.token_hex(6)}", [tenant.admin])
    await _fill_identity(held)
    await _fill_contact(held)
    await _harvest(held)
    team = held.ids["TeamService"][0]
    held.callers += [await tenant.user(role, team_id=team) for role in ("manager", "rep", "read_only")]
    held.callers.append(await tenant.service_account("integration"))
    held.further_ids.update(caller.id for caller in held.callers)
    return held


async def _fill_identity(held: Holdings) -> None:
    admin, mark = held.tenant.admin, held.mark
    for n in range(2):
        unit = await admin.business_unit.create_business_unit(
            business_units_pb2.CreateBusinessUnitRequest(
                business_unit=business_units_pb2.BusinessUnit(display_name=f"Unit {mark} {n}"), request_id=_key(held)
            )
        )
        team = await admin.team.create_team(
            teams_pb2.CreateTeamRequest(
                team=teams_pb2.Team(display_name=f"Team {mark} {n}", business_unit_id=unit.id), request_id=_key(held)
            )
        )
        grant = roles_pb2.Grant(permission="contact.people.get", scope=roles_pb2.SCOPE_OWN)
        role = roles_pb2.Role(key=f"{mark}-{n}", display_name=f"Role {mark} {n}", grants=[grant])
        await admin.role.create_role(roles_pb2.CreateRoleRequest(role=role, request_id=_key(held)))
        user = users_pb2.User(
            email=f"{mark}.{n}@staff.example", display_name=f"User {mark} {n}", roles=[role.key], team_id=team.id
        )
        made = await admin.user.create_user(users_pb2.CreateUserRequest(user=user, request_id=_key(held)))
        key = api_keys_pb2.ApiKey(display_name=f"Key {mark} {n}", owner_id=made.id)
        await admin.api_key.create_api_key(api_keys_pb2.CreateApiKeyRequest(api_key=key))
        account = service_accounts_pb2.ServiceAccount(display_name=f"Account {mark} {n}", roles=[role.key])
        await admin.service_account.create_service_account(
            service_accounts_pb2.CreateServiceAccountRequest(service_account=account)
        )
        await _fill_provider(held, n)


async def _fill_provider(held: Holdings, n: int) -> None:
    admin, mark = held.tenant.admin, held.mark
    provider = identity_providers_pb2.IdentityProvider(
        display_name=f"Provider {mark} {n}", issuer=f"https://{mark}.{n}.idp.example", client_id=f"client {mark}"
    )
    made = await admin.identity_provider.create_identity_provider(
        identity_providers_pb2.CreateIdentityProviderRequest(identity_provider=provider, request_id=_key(held))
    )
    await admin.provisioning.provision_user(
        provisioning_pb2.ProvisionUserRequest(
            identity_provider_id=made.id, external_id=f"{mark}-u{n}", user_name=f"{mark}.{n}@kept.example"
        )
    )


async def _fill_contact(held: Holdings) -> None:
    admin, mark = held.tenant.admin, held.mark
    for n in range(2):
        organisation = organisations_pb2.Organisation(
            display_name=f"Organisation {mark} {n}",
            domains=[f"{mark}.{n}.example"],
            external_ids=[channels_pb2.ExternalId(system="erp", value=f"{mark}-o{n}")],
        )
        made = await admin.organisation.create_organisation(
            organisations_pb2.CreateOrganisationRequest(organisation=organisation, request_id=_key(held))
        )
        person = people_pb2.Person(
            given_name=f"Given{mark}",
            family_name=f"Family{mark}",
            organisation_id=made.id,
            channels=[
                channels_pb2.Channel(email=channels_pb2.EmailAddress(address=f"{mark}.{n}@people.example")),
                channels_pb2.Channel(phone=channels_pb2.PhoneNumber(number="+442079460100")),
            ],
            external_ids=[channels_pb2.ExternalId(system="erp", value=f"{mark}-p{n}")],
            annotations={"note": f"Annotation {mark}"},
        )
        known = await admin.person.create_person(people_pb2.CreatePersonRequest(person=person, request_id=_key(held)))
        known.job_title = f"Title {mark}"
        await admin.person.update_person(people_pb2.UpdatePersonRequest(person=known))
        await admin.file.upload_file(_upload(f"File {mark} {n}.txt", known.id, _key(held)))
        await _fill_profile(held, known.id, n)
        await _fill_work(held, n, known.id)
        await _fill_relations(held, known.id, made.id)
        await _fill_lists(held, known.id, n)
        await _fill_family(held, known.id)
        await _fill_hand_over(held)
    await admin.person.delete_person(people_pb2.DeletePersonRequest(id=known.id))
    await _fill_duplicates(held)
    await _fill_merges(held)
    for n in range(2):
        await _fill_import(held, f"Given{mark}{n},{mark}.{n}")


async def _fill_duplicates(held: Holdings) -> None:
    """Three people who may be one, in three pairs, as a scan of everybody finds them."""
    admin, mark = held.tenant.admin, held.mark
    channel = channels_pb2.Channel(email=channels_pb2.EmailAddress(address=f"{mark}@twins.example"))
    for n in range(3):
        twin = people_pb2.Person(given_name=f"Twin{mark}", family_name=f"Alike{mark}", channels=[channel])
        twin.annotations["note"] = f"Twin {mark} {n}"
        await admin.person.create_person(people_pb2.CreatePersonRequest(person=twin))
    await admin.duplicate.scan_duplicates(duplicates_pb2.ScanDuplicatesRequest())

    async def ended() -> None:
        scan = await admin.duplicate.get_duplicate_scan(duplicates_pb2.GetDuplicateScanRequest())
        assert scan.HasField("end_time")

    await eventually(ended)


async def _fill_merges(held: Holdings) -> None:
    """People who became others."""
    admin, mark = held.tenant.admin, held.mark
    for n in range(2):
        alike = [
            await admin.person.create_person(
                people_pb2.CreatePersonRequest(person=people_pb2.Person(given_name=f"Merged{mark}{n}{m}"))
            )
            for m in range(2)
        ]
        request = merges_pb2.MergePeopleRequest(survivor_id=alike[0].id, ids=[alike[1].id], request_id=_key(held))
        await admin.merge.merge_people(request)
        held.further_ids.add(alike[1].id)


async def _fill_import(held: Holdings, row: str) -> None:
    """A job with a file, and with a fault and a mapping that it tells of."""

    async def pieces() -> AsyncIterator[imports_pb2.UploadImportJobRequest]:
        yield imports_pb2.UploadImportJobRequest(
            file_name=f"{held.mark}.csv",
            content=content_pb2.Content(data=f"given_name,email,{held.mark}\n{row},\n".encode(), last=True),
        )

    await getattr(held.tenant.admin, "import").upload_import_job(pieces())


async def _upload(name: str, person_id: str, request_id: str) -> AsyncIterator[files_pb2.UploadFileRequest]:
    request = files_pb2.UploadFileRequest(file_name=name, person_id=person_id, request_id=request_id)
    request.content.data, request.content.last = f"Content of {name}".encode(), True
    yield request


async def _fill_profile(held: Holdings, person_id: str, n: int) -> None:
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
    await admin.consent.create_consent(consents_pb2.CreateConsentRequest(consent=consent, request_id=_key(held)))
    liked = channel_preferences_pb2.ChannelPreference(
        person_id=person_id,
        channel=contacting_pb2.CONTACT_CHANNEL_EMAIL,
        set_by=contacting_pb2.PROVENANCE_CUSTOMER,
        source=f"Portal {mark}",
    )
    await admin.channel_preference.create_channel_preference(
        channel_preferences_pb2.CreateChannelPreferenceRequest(channel_preference=liked, request_id=_key(held))
    )
    attempt = contact_attempts_pb2.ContactAttempt(
        person_id=person_id, channel=contacting_pb2.CONTACT_CHANNEL_PHONE, source=f"Call {mark}"
    )
    await admin.contact_attempt.create_contact_attempt(
        contact_attempts_pb2.CreateContactAttemptRequest(contact_attempt=attempt, request_id=_key(held))
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
        acquisitions_pb2.CreateAcquisitionRequest(acquisition=touch, request_id=_key(held))
    )
    key = preferences_pb2.PreferenceKey(
        key=f"{mark}-{n}", display_name=f"Seat {mark}", value_type=preferences_pb2.PREFERENCE_TYPE_TEXT
    )
    await admin.preference_key.create_preference_key(
        preferences_pb2.CreatePreferenceKeyRequest(preference_key=key, request_id=_key(held))
    )
    wish = preferences_pb2.Preference(
        person_id=person_id, key=key.key, value=f"Window {mark}", source=contacting_pb2.PROVENANCE_CUSTOMER
    )
    await admin.preference.create_preference(
        preferences_pb2.CreatePreferenceRequest(preference=wish, request_id=_key(held))
    )


async def _fill_work(held: Holdings, n: int, person_id: str) -> None:
    """What was done with a person, and is to be done."""
    admin, mark, soon = held.tenant.admin, held.mark, Timestamp(seconds=2_000_000_000)
    activity = activities_pb2.Activity(
        type=activities_pb2.ACTIVITY_TYPE_MEETING,
        subject=f"Meeting {mark} {n}",
        start_time=soon,
        person_id=person_id,
        participants=[activities_pb2.Participant(name=f"Guest {mark}")],
    )
    await admin.activity.create_activity(activities_pb2.CreateActivityRequest(activity=activity, request_id=_key(held)))
    note = notes_pb2.Note(body=f"Note {mark} {n}", person_id=person_id)
    await admin.note.create_note(notes_pb2.CreateNoteRequest(note=note, request_id=_key(held)))
    task = tasks_pb2.Task(title=f"Task {mark} {n}", due_time=soon, person_id=person_id)
    await admin.task.create_task(tasks_pb2.CreateTaskRequest(task=task, request_id=_key(held)))


async def _fill_relations(held: Holdings, person_id: str, organisation_id: str) -> None:
    """Who is what to whom."""
    admin, mark = held.tenant.admin, held.mark
    relation = relations_pb2.Relation(
        person_id=person_id,
        to_organisation_id=organisation_id,
        type=relations_pb2.RELATION_TYPE_EMPLOYEE,
        title=f"Title {mark}",
    )
    await admin.relation.create_relation(relations_pb2.CreateRelationRequest(relation=relation, request_id=_key(held)))


async def _fill_family(held: Holdings, person_id: str) -> None:
    """A family, and what comes again."""
    admin, mark = held.tenant.admin, held.mark
    child = family_members_pb2.FamilyMember(
        person_id=person_id, role=family_members_pb2.FAMILY_ROLE_CHILD, display_name=f"Child {mark}"
    )
    await admin.family_member.create_family_member(
        family_members_pb2.CreateFamilyMemberRequest(family_member=child, request_id=_key(held))
    )
    wedding = milestones_pb2.Milestone(
        person_id=person_id,
        kind=milestones_pb2.MILESTONE_KIND_ANNIVERSARY,
        date={"month": 6, "day": 1},
        display_name=f"Wedding {mark}",
    )
    await admin.milestone.create_milestone(
        milestones_pb2.CreateMilestoneRequest(milestone=wedding, request_id=_key(held))
    )


async def _fill_hand_over(held: Holdings) -> None:
    """A user's customers, of whom there are none, gone to the administrator."""
    admin, mark = held.tenant.admin, held.mark
    leaver = users_pb2.User(email=f"{secrets.token_hex(6)}.{mark}@staff.example", display_name=f"Leaver {mark}")
    made = await admin.user.create_user(users_pb2.CreateUserRequest(user=leaver, request_id=_key(held)))
    request = hand_overs_pb2.HandOverRecordsRequest(from_user_id=made.id, to_user_id=admin.id, note=f"Note {mark}")
    begun = await eventually(lambda: admin.hand_over.hand_over_records(request), Invalid)

    async def look() -> None:
        now = await admin.hand_over.get_hand_over(hand_overs_pb2.GetHandOverRequest(id=begun.id))
        assert now.state == hand_overs_pb2.HAND_OVER_STATE_DONE

    await eventually(look)


async def _fill_lists(held: Holdings, person_id: str, n: int) -> None:
    """Tags, lists and what users keep at hand."""
    admin, mark = held.tenant.admin, held.mark
    tag = await admin.tag.create_tag(
        tags_pb2.CreateTagRequest(tag=tags_pb2.Tag(display_name=f"Tag {mark} {n}"), request_id=_key(held))
    )
    await admin.tag.apply_tag(
        tags_pb2.ApplyTagRequest(id=tag.id, person_ids=[person_id], reason=f"Because {mark}", request_id=_key(held))
    )
    listed = static_lists_pb2.StaticList(display_name=f"List {mark}", description=f"About {mark}")
    static_list = await admin.static_list.create_static_list(
        static_lists_pb2.CreateStaticListRequest(static_list=listed, request_id=_key(held))
    )
    await admin.static_list.add_static_list_members(
        static_lists_pb2.AddStaticListMembersRequest(id=static_list.id, person_ids=[person_id], reason=mark)
    )
    change = bulk_changes_pb2.BulkChange(
        action=bulk_changes_pb2.BULK_ACTION_ADD,
        tag_id=tag.id,
        resource=bulk_changes_pb2.BULK_RESOURCE_PEOPLE,
        filter=f'given_name = "{mark}"',
        reason=f"Bulk {mark}",
    )
    begun = await admin.bulk_change.create_bulk_change(
        bulk_changes_pb2.CreateBulkChangeRequest(bulk_change=change, request_id=_key(held))
    )

    async def look() -> None:  # what goes on by itself would be taken for somebody's doing
        now = await admin.bulk_change.get_bulk_change(bulk_changes_pb2.GetBulkChangeRequest(id=begun.id))
        assert now.state == bulk_changes_pb2.BULK_STATE_DONE

    await eventually(look)
    favourite = favourites_pb2.Favourite(person_id=person_id)
    await admin.favourite.create_favourite(
        favourites_pb2.CreateFavouriteRequest(favourite=favourite, request_id=_key(held))
    )
    view = saved_views_pb2.SavedView(display_name=f"View {mark}", resource_type="contact.rapport/Person")
    await admin.saved_view.create_saved_view(
        saved_views_pb2.CreateSavedViewRequest(saved_view=view, request_id=_key(held))
    )


async def _harvest(held: Holdings) -> None:
    """Learn ids, texts and page tokens from what the tenant's own administrator sees."""
    admin = held.tenant.admin
    for method in listing_methods():
        service = method.containing_service.name
        answer: Any = await admin.call(method, list_request(method))
        items = getattr(answer, items_field(method.output_type).name)
        assert len(items) > 1, f"{method.full_name} lists nothing: {__name__} must create some"
        held.ids[service] = [item.id for item in items if held.mark in str(item) or service in NAMELESS]
        held.further_ids.update(item.id for item in items)
        held.texts += [text for item in items for text in strings(item) if held.mark in text]
        first: Any = await admin.call(method, list_request(method, page_size=1))
        held.page_tokens[method.name] = first.next_page_token
    await _harvest_timelines(held)
    held.ids["TenantService"] = [held.tenant.id]
    held.mails = sorted({text for text in held.texts if "@" in text})
    held.texts = sorted({text for text in held.texts if not _UUID.fullmatch(text)})
    await _harvest_revisions(held)


async def _harvest_timelines(held: Holdings) -> None:
    """Entries come from events, so a moment later."""

    async def long_ones() -> list[timeline_pb2.ListTimelineEntriesResponse]:
        admin = held.tenant.admin.timeline
        asked = [
            timeline_pb2.ListTimelineEntriesRequest(person_id=id_, page_size=1) for id_ in held.ids["PersonService"]
        ]
        pages = [await admin.list_timeline_entries(each) for each in asked]
        found = [page for page in pages if page.next_page_token]
        assert len(found) > 1, "no two people have a timeline of two entries"
        return found

    pages = await eventually(long_ones)
    held.page_tokens["ListTimelineEntries"] = pages[0].next_page_token
    found = [entry for page in pages for entry in page.timeline_entries]
    held.ids["TimelineService"] = [entry.id for entry in found]
    held.texts += [entry.summary for entry in found if held.mark in entry.summary]


async def _harvest_revisions(held: Holdings) -> None:
    for method in METHODS.values():
        if method.name.endswith("Revisions"):
            request = GetMessageClass(method.input_type)(id=held.ids[method.containing_service.name][0], page_size=1)
            answer: Any = await held.tenant.admin.call(method, request)
            held.page_tokens[method.name] = answer.next_page_token


def _key(held: Holdings) -> str:
    held.request_ids.append(str(uuid7()))
    return held.request_ids[-1]
