import datetime

from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2
from rapport.api.v1 import privacy_pb2 as _privacy_pb2
from rapport.contact.v1 import acquisitions_pb2 as _acquisitions_pb2
from rapport.contact.v1 import activities_pb2 as _activities_pb2
from rapport.contact.v1 import bulk_changes_pb2 as _bulk_changes_pb2
from rapport.contact.v1 import channel_preferences_pb2 as _channel_preferences_pb2
from rapport.contact.v1 import consents_pb2 as _consents_pb2
from rapport.contact.v1 import contact_attempts_pb2 as _contact_attempts_pb2
from rapport.contact.v1 import contact_settings_pb2 as _contact_settings_pb2
from rapport.contact.v1 import duplicates_pb2 as _duplicates_pb2
from rapport.contact.v1 import family_members_pb2 as _family_members_pb2
from rapport.contact.v1 import favourites_pb2 as _favourites_pb2
from rapport.contact.v1 import files_pb2 as _files_pb2
from rapport.contact.v1 import groups_pb2 as _groups_pb2
from rapport.contact.v1 import hand_overs_pb2 as _hand_overs_pb2
from rapport.contact.v1 import imports_pb2 as _imports_pb2
from rapport.contact.v1 import interests_pb2 as _interests_pb2
from rapport.contact.v1 import legal_holds_pb2 as _legal_holds_pb2
from rapport.contact.v1 import lifecycle_pb2 as _lifecycle_pb2
from rapport.contact.v1 import match_policies_pb2 as _match_policies_pb2
from rapport.contact.v1 import merges_pb2 as _merges_pb2
from rapport.contact.v1 import milestones_pb2 as _milestones_pb2
from rapport.contact.v1 import notes_pb2 as _notes_pb2
from rapport.contact.v1 import organisation_duplicates_pb2 as _organisation_duplicates_pb2
from rapport.contact.v1 import organisation_merges_pb2 as _organisation_merges_pb2
from rapport.contact.v1 import organisations_pb2 as _organisations_pb2
from rapport.contact.v1 import people_pb2 as _people_pb2
from rapport.contact.v1 import preferences_pb2 as _preferences_pb2
from rapport.contact.v1 import privacy_requests_pb2 as _privacy_requests_pb2
from rapport.contact.v1 import relations_pb2 as _relations_pb2
from rapport.contact.v1 import saved_views_pb2 as _saved_views_pb2
from rapport.contact.v1 import static_lists_pb2 as _static_lists_pb2
from rapport.contact.v1 import tags_pb2 as _tags_pb2
from rapport.contact.v1 import tasks_pb2 as _tasks_pb2
from rapport.contact.v1 import timeline_pb2 as _timeline_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PersonChanged(_message.Message):
    __slots__ = ("person", "update_mask", "sealed")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    person: _people_pb2.Person
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, person: _Optional[_Union[_people_pb2.Person, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class PersonErased(_message.Message):
    __slots__ = ("person_id", "erase_time")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    ERASE_TIME_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    erase_time: _timestamp_pb2.Timestamp
    def __init__(self, person_id: _Optional[str] = ..., erase_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OrganisationChanged(_message.Message):
    __slots__ = ("organisation", "update_mask")
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    organisation: _organisations_pb2.Organisation
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, organisation: _Optional[_Union[_organisations_pb2.Organisation, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class ImportJobChanged(_message.Message):
    __slots__ = ("import_job", "update_mask")
    IMPORT_JOB_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    import_job: _imports_pb2.ImportJob
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, import_job: _Optional[_Union[_imports_pb2.ImportJob, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class ImportCompleted(_message.Message):
    __slots__ = ("import_job_id", "created_count", "changed_count", "refused_count")
    IMPORT_JOB_ID_FIELD_NUMBER: _ClassVar[int]
    CREATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    REFUSED_COUNT_FIELD_NUMBER: _ClassVar[int]
    import_job_id: str
    created_count: int
    changed_count: int
    refused_count: int
    def __init__(self, import_job_id: _Optional[str] = ..., created_count: _Optional[int] = ..., changed_count: _Optional[int] = ..., refused_count: _Optional[int] = ...) -> None: ...

class FileChanged(_message.Message):
    __slots__ = ("file", "update_mask", "sealed")
    FILE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    file: _files_pb2.File
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, file: _Optional[_Union[_files_pb2.File, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class ConsentChanged(_message.Message):
    __slots__ = ("consent", "update_mask", "sealed")
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    consent: _consents_pb2.Consent
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, consent: _Optional[_Union[_consents_pb2.Consent, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class ChannelPreferenceChanged(_message.Message):
    __slots__ = ("channel_preference", "update_mask", "sealed")
    CHANNEL_PREFERENCE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    channel_preference: _channel_preferences_pb2.ChannelPreference
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, channel_preference: _Optional[_Union[_channel_preferences_pb2.ChannelPreference, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class LifecycleMoveChanged(_message.Message):
    __slots__ = ("lifecycle_move", "update_mask", "sealed")
    LIFECYCLE_MOVE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    lifecycle_move: _lifecycle_pb2.LifecycleMove
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, lifecycle_move: _Optional[_Union[_lifecycle_pb2.LifecycleMove, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class AcquisitionChanged(_message.Message):
    __slots__ = ("acquisition", "update_mask", "sealed")
    ACQUISITION_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    acquisition: _acquisitions_pb2.Acquisition
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, acquisition: _Optional[_Union[_acquisitions_pb2.Acquisition, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class PreferenceKeyChanged(_message.Message):
    __slots__ = ("preference_key", "update_mask")
    PREFERENCE_KEY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    preference_key: _preferences_pb2.PreferenceKey
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, preference_key: _Optional[_Union[_preferences_pb2.PreferenceKey, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class PreferenceChanged(_message.Message):
    __slots__ = ("preference", "update_mask", "sealed")
    PREFERENCE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    preference: _preferences_pb2.Preference
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, preference: _Optional[_Union[_preferences_pb2.Preference, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class InterestTopicChanged(_message.Message):
    __slots__ = ("interest_topic", "update_mask")
    INTEREST_TOPIC_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    interest_topic: _interests_pb2.InterestTopic
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, interest_topic: _Optional[_Union[_interests_pb2.InterestTopic, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class InterestChanged(_message.Message):
    __slots__ = ("interest", "update_mask", "sealed")
    INTEREST_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    interest: _interests_pb2.Interest
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, interest: _Optional[_Union[_interests_pb2.Interest, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class GroupChanged(_message.Message):
    __slots__ = ("group", "update_mask")
    GROUP_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    group: _groups_pb2.Group
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, group: _Optional[_Union[_groups_pb2.Group, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class GroupMembershipChanged(_message.Message):
    __slots__ = ("group_membership", "update_mask", "sealed")
    GROUP_MEMBERSHIP_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    group_membership: _groups_pb2.GroupMembership
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, group_membership: _Optional[_Union[_groups_pb2.GroupMembership, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class ContactAttemptChanged(_message.Message):
    __slots__ = ("contact_attempt", "update_mask", "sealed")
    CONTACT_ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    contact_attempt: _contact_attempts_pb2.ContactAttempt
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, contact_attempt: _Optional[_Union[_contact_attempts_pb2.ContactAttempt, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class OrganisationDuplicateCandidateChanged(_message.Message):
    __slots__ = ("organisation_duplicate_candidate", "update_mask")
    ORGANISATION_DUPLICATE_CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    organisation_duplicate_candidate: _organisation_duplicates_pb2.OrganisationDuplicateCandidate
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, organisation_duplicate_candidate: _Optional[_Union[_organisation_duplicates_pb2.OrganisationDuplicateCandidate, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class DuplicateCandidateChanged(_message.Message):
    __slots__ = ("duplicate_candidate", "update_mask", "sealed")
    DUPLICATE_CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    duplicate_candidate: _duplicates_pb2.DuplicateCandidate
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, duplicate_candidate: _Optional[_Union[_duplicates_pb2.DuplicateCandidate, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class MatchPolicyChanged(_message.Message):
    __slots__ = ("match_policy", "update_mask")
    MATCH_POLICY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    match_policy: _match_policies_pb2.MatchPolicy
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, match_policy: _Optional[_Union[_match_policies_pb2.MatchPolicy, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class ActivityChanged(_message.Message):
    __slots__ = ("activity", "update_mask", "sealed")
    ACTIVITY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    activity: _activities_pb2.Activity
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, activity: _Optional[_Union[_activities_pb2.Activity, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class NoteChanged(_message.Message):
    __slots__ = ("note", "update_mask", "sealed")
    NOTE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    note: _notes_pb2.Note
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, note: _Optional[_Union[_notes_pb2.Note, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class TaskChanged(_message.Message):
    __slots__ = ("task", "update_mask", "sealed")
    TASK_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    task: _tasks_pb2.Task
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, task: _Optional[_Union[_tasks_pb2.Task, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class DoNotCallRequested(_message.Message):
    __slots__ = ("activity_id", "person_id", "request_time")
    ACTIVITY_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_TIME_FIELD_NUMBER: _ClassVar[int]
    activity_id: str
    person_id: str
    request_time: _timestamp_pb2.Timestamp
    def __init__(self, activity_id: _Optional[str] = ..., person_id: _Optional[str] = ..., request_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class TaskCompleted(_message.Message):
    __slots__ = ("task_id", "person_id", "organisation_id", "owner_id", "complete_time", "next_task_id")
    TASK_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TIME_FIELD_NUMBER: _ClassVar[int]
    NEXT_TASK_ID_FIELD_NUMBER: _ClassVar[int]
    task_id: str
    person_id: str
    organisation_id: str
    owner_id: str
    complete_time: _timestamp_pb2.Timestamp
    next_task_id: str
    def __init__(self, task_id: _Optional[str] = ..., person_id: _Optional[str] = ..., organisation_id: _Optional[str] = ..., owner_id: _Optional[str] = ..., complete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., next_task_id: _Optional[str] = ...) -> None: ...

class TaskReminderDue(_message.Message):
    __slots__ = ("task_id", "person_id", "organisation_id", "owner_id", "reminder_time", "due_time")
    TASK_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    REMINDER_TIME_FIELD_NUMBER: _ClassVar[int]
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    task_id: str
    person_id: str
    organisation_id: str
    owner_id: str
    reminder_time: _timestamp_pb2.Timestamp
    due_time: _timestamp_pb2.Timestamp
    def __init__(self, task_id: _Optional[str] = ..., person_id: _Optional[str] = ..., organisation_id: _Optional[str] = ..., owner_id: _Optional[str] = ..., reminder_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., due_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class TimelineEntryRecorded(_message.Message):
    __slots__ = ("timeline_entry", "person_id", "sealed")
    TIMELINE_ENTRY_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    timeline_entry: _timeline_pb2.TimelineEntry
    person_id: str
    sealed: _privacy_pb2.Sealed
    def __init__(self, timeline_entry: _Optional[_Union[_timeline_pb2.TimelineEntry, _Mapping]] = ..., person_id: _Optional[str] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class RelationChanged(_message.Message):
    __slots__ = ("relation", "update_mask", "sealed")
    RELATION_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    relation: _relations_pb2.Relation
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, relation: _Optional[_Union[_relations_pb2.Relation, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class TagChanged(_message.Message):
    __slots__ = ("tag", "update_mask")
    TAG_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    tag: _tags_pb2.Tag
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, tag: _Optional[_Union[_tags_pb2.Tag, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class StaticListChanged(_message.Message):
    __slots__ = ("static_list", "update_mask")
    STATIC_LIST_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    static_list: _static_lists_pb2.StaticList
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, static_list: _Optional[_Union[_static_lists_pb2.StaticList, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class BulkChangeChanged(_message.Message):
    __slots__ = ("bulk_change", "update_mask")
    BULK_CHANGE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    bulk_change: _bulk_changes_pb2.BulkChange
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, bulk_change: _Optional[_Union[_bulk_changes_pb2.BulkChange, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class FavouriteChanged(_message.Message):
    __slots__ = ("favourite", "update_mask")
    FAVOURITE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    favourite: _favourites_pb2.Favourite
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, favourite: _Optional[_Union[_favourites_pb2.Favourite, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class SavedViewChanged(_message.Message):
    __slots__ = ("saved_view", "update_mask")
    SAVED_VIEW_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    saved_view: _saved_views_pb2.SavedView
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, saved_view: _Optional[_Union[_saved_views_pb2.SavedView, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class MembersChanged(_message.Message):
    __slots__ = ("tag_id", "static_list_id", "added", "person_ids", "organisation_ids", "bulk_change_id")
    TAG_ID_FIELD_NUMBER: _ClassVar[int]
    STATIC_LIST_ID_FIELD_NUMBER: _ClassVar[int]
    ADDED_FIELD_NUMBER: _ClassVar[int]
    PERSON_IDS_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_IDS_FIELD_NUMBER: _ClassVar[int]
    BULK_CHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    tag_id: str
    static_list_id: str
    added: bool
    person_ids: _containers.RepeatedScalarFieldContainer[str]
    organisation_ids: _containers.RepeatedScalarFieldContainer[str]
    bulk_change_id: str
    def __init__(self, tag_id: _Optional[str] = ..., static_list_id: _Optional[str] = ..., added: _Optional[bool] = ..., person_ids: _Optional[_Iterable[str]] = ..., organisation_ids: _Optional[_Iterable[str]] = ..., bulk_change_id: _Optional[str] = ...) -> None: ...

class FamilyMemberChanged(_message.Message):
    __slots__ = ("family_member", "update_mask", "sealed")
    FAMILY_MEMBER_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    family_member: _family_members_pb2.FamilyMember
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, family_member: _Optional[_Union[_family_members_pb2.FamilyMember, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class MilestoneChanged(_message.Message):
    __slots__ = ("milestone", "update_mask", "sealed")
    MILESTONE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    milestone: _milestones_pb2.Milestone
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, milestone: _Optional[_Union[_milestones_pb2.Milestone, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class ContactSettingsChanged(_message.Message):
    __slots__ = ("contact_settings", "update_mask")
    CONTACT_SETTINGS_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    contact_settings: _contact_settings_pb2.ContactSettings
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, contact_settings: _Optional[_Union[_contact_settings_pb2.ContactSettings, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class HandOverChanged(_message.Message):
    __slots__ = ("hand_over", "update_mask")
    HAND_OVER_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    hand_over: _hand_overs_pb2.HandOver
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, hand_over: _Optional[_Union[_hand_overs_pb2.HandOver, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class MilestoneDue(_message.Message):
    __slots__ = ("milestone_id", "person_id", "kind", "display_name", "date", "years", "sealed")
    MILESTONE_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    YEARS_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    milestone_id: str
    person_id: str
    kind: _milestones_pb2.MilestoneKind
    display_name: str
    date: _date_pb2.Date
    years: int
    sealed: _privacy_pb2.Sealed
    def __init__(self, milestone_id: _Optional[str] = ..., person_id: _Optional[str] = ..., kind: _Optional[_Union[_milestones_pb2.MilestoneKind, str]] = ..., display_name: _Optional[str] = ..., date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., years: _Optional[int] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class MilestoneApproaching(_message.Message):
    __slots__ = ("milestone_id", "person_id", "kind", "display_name", "date", "days_before", "sealed")
    MILESTONE_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    DAYS_BEFORE_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    milestone_id: str
    person_id: str
    kind: _milestones_pb2.MilestoneKind
    display_name: str
    date: _date_pb2.Date
    days_before: int
    sealed: _privacy_pb2.Sealed
    def __init__(self, milestone_id: _Optional[str] = ..., person_id: _Optional[str] = ..., kind: _Optional[_Union[_milestones_pb2.MilestoneKind, str]] = ..., display_name: _Optional[str] = ..., date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., days_before: _Optional[int] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class MergeChanged(_message.Message):
    __slots__ = ("merge", "update_mask", "sealed")
    MERGE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    merge: _merges_pb2.Merge
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, merge: _Optional[_Union[_merges_pb2.Merge, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

class OrganisationMergeChanged(_message.Message):
    __slots__ = ("organisation_merge", "update_mask")
    ORGANISATION_MERGE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    organisation_merge: _organisation_merges_pb2.OrganisationMerge
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, organisation_merge: _Optional[_Union[_organisation_merges_pb2.OrganisationMerge, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class OrganisationsMerged(_message.Message):
    __slots__ = ("merge_id", "organisation_id", "merged_ids")
    MERGE_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    MERGED_IDS_FIELD_NUMBER: _ClassVar[int]
    merge_id: str
    organisation_id: str
    merged_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, merge_id: _Optional[str] = ..., organisation_id: _Optional[str] = ..., merged_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class OrganisationsUnmerged(_message.Message):
    __slots__ = ("merge_id", "organisation_id", "organisations")
    MERGE_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATIONS_FIELD_NUMBER: _ClassVar[int]
    merge_id: str
    organisation_id: str
    organisations: _containers.RepeatedCompositeFieldContainer[UnmergedOrganisation]
    def __init__(self, merge_id: _Optional[str] = ..., organisation_id: _Optional[str] = ..., organisations: _Optional[_Iterable[_Union[UnmergedOrganisation, _Mapping]]] = ...) -> None: ...

class UnmergedOrganisation(_message.Message):
    __slots__ = ("organisation_id", "merged_ids")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    MERGED_IDS_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    merged_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, organisation_id: _Optional[str] = ..., merged_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class PeopleMerged(_message.Message):
    __slots__ = ("merge_id", "person_id", "merged_ids")
    MERGE_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    MERGED_IDS_FIELD_NUMBER: _ClassVar[int]
    merge_id: str
    person_id: str
    merged_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, merge_id: _Optional[str] = ..., person_id: _Optional[str] = ..., merged_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class PeopleUnmerged(_message.Message):
    __slots__ = ("merge_id", "person_id", "people")
    MERGE_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    merge_id: str
    person_id: str
    people: _containers.RepeatedCompositeFieldContainer[UnmergedPerson]
    def __init__(self, merge_id: _Optional[str] = ..., person_id: _Optional[str] = ..., people: _Optional[_Iterable[_Union[UnmergedPerson, _Mapping]]] = ...) -> None: ...

class UnmergedPerson(_message.Message):
    __slots__ = ("person_id", "merged_ids")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    MERGED_IDS_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    merged_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, person_id: _Optional[str] = ..., merged_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ExportBegun(_message.Message):
    __slots__ = ("export_id", "resource", "file_format", "columns")
    EXPORT_ID_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    FILE_FORMAT_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    export_id: str
    resource: _imports_pb2.ImportedResource
    file_format: _imports_pb2.FileFormat
    columns: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, export_id: _Optional[str] = ..., resource: _Optional[_Union[_imports_pb2.ImportedResource, str]] = ..., file_format: _Optional[_Union[_imports_pb2.FileFormat, str]] = ..., columns: _Optional[_Iterable[str]] = ...) -> None: ...

class RecordsTakenOut(_message.Message):
    __slots__ = ("record_count",)
    RECORD_COUNT_FIELD_NUMBER: _ClassVar[int]
    record_count: int
    def __init__(self, record_count: _Optional[int] = ...) -> None: ...

class PersonTakenOut(_message.Message):
    __slots__ = ("person_id",)
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    def __init__(self, person_id: _Optional[str] = ...) -> None: ...

class RecordsRestored(_message.Message):
    __slots__ = ("restored_count",)
    RESTORED_COUNT_FIELD_NUMBER: _ClassVar[int]
    restored_count: int
    def __init__(self, restored_count: _Optional[int] = ...) -> None: ...

class PeopleExported(_message.Message):
    __slots__ = ("export_id", "file_format", "row_count", "complete")
    EXPORT_ID_FIELD_NUMBER: _ClassVar[int]
    FILE_FORMAT_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    export_id: str
    file_format: _imports_pb2.FileFormat
    row_count: int
    complete: bool
    def __init__(self, export_id: _Optional[str] = ..., file_format: _Optional[_Union[_imports_pb2.FileFormat, str]] = ..., row_count: _Optional[int] = ..., complete: _Optional[bool] = ...) -> None: ...

class OrganisationsExported(_message.Message):
    __slots__ = ("export_id", "file_format", "row_count", "complete")
    EXPORT_ID_FIELD_NUMBER: _ClassVar[int]
    FILE_FORMAT_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    export_id: str
    file_format: _imports_pb2.FileFormat
    row_count: int
    complete: bool
    def __init__(self, export_id: _Optional[str] = ..., file_format: _Optional[_Union[_imports_pb2.FileFormat, str]] = ..., row_count: _Optional[int] = ..., complete: _Optional[bool] = ...) -> None: ...

class LegalHoldChanged(_message.Message):
    __slots__ = ("legal_hold", "update_mask")
    LEGAL_HOLD_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    legal_hold: _legal_holds_pb2.LegalHold
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, legal_hold: _Optional[_Union[_legal_holds_pb2.LegalHold, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class PrivacyRequestChanged(_message.Message):
    __slots__ = ("privacy_request", "update_mask")
    PRIVACY_REQUEST_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    privacy_request: _privacy_requests_pb2.PrivacyRequest
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, privacy_request: _Optional[_Union[_privacy_requests_pb2.PrivacyRequest, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class PrivacyRequestDue(_message.Message):
    __slots__ = ("privacy_request_id", "person_id", "due_time")
    PRIVACY_REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    privacy_request_id: str
    person_id: str
    due_time: _timestamp_pb2.Timestamp
    def __init__(self, privacy_request_id: _Optional[str] = ..., person_id: _Optional[str] = ..., due_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
