import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2_1
from rapport.api.v1 import content_pb2 as _content_pb2
from rapport.contact.v1 import acquisitions_pb2 as _acquisitions_pb2
from rapport.contact.v1 import activities_pb2 as _activities_pb2
from rapport.contact.v1 import channel_preferences_pb2 as _channel_preferences_pb2
from rapport.contact.v1 import consents_pb2 as _consents_pb2
from rapport.contact.v1 import contact_attempts_pb2 as _contact_attempts_pb2
from rapport.contact.v1 import contact_settings_pb2 as _contact_settings_pb2
from rapport.contact.v1 import family_members_pb2 as _family_members_pb2
from rapport.contact.v1 import favourites_pb2 as _favourites_pb2
from rapport.contact.v1 import files_pb2 as _files_pb2
from rapport.contact.v1 import groups_pb2 as _groups_pb2
from rapport.contact.v1 import interests_pb2 as _interests_pb2
from rapport.contact.v1 import legal_holds_pb2 as _legal_holds_pb2
from rapport.contact.v1 import lifecycle_pb2 as _lifecycle_pb2
from rapport.contact.v1 import match_policies_pb2 as _match_policies_pb2
from rapport.contact.v1 import milestones_pb2 as _milestones_pb2
from rapport.contact.v1 import notes_pb2 as _notes_pb2
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

class Record(_message.Message):
    __slots__ = ("organisation", "person", "preference_key", "interest_topic", "group", "tag", "static_list", "contact_settings", "match_policy", "consent", "channel_preference", "contact_attempt", "lifecycle_move", "acquisition", "preference", "interest", "group_membership", "relation", "family_member", "milestone", "activity", "note", "task", "file", "favourite", "saved_view", "legal_hold", "privacy_request", "set_member", "timeline_entry")
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    PREFERENCE_KEY_FIELD_NUMBER: _ClassVar[int]
    INTEREST_TOPIC_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    TAG_FIELD_NUMBER: _ClassVar[int]
    STATIC_LIST_FIELD_NUMBER: _ClassVar[int]
    CONTACT_SETTINGS_FIELD_NUMBER: _ClassVar[int]
    MATCH_POLICY_FIELD_NUMBER: _ClassVar[int]
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_PREFERENCE_FIELD_NUMBER: _ClassVar[int]
    CONTACT_ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    LIFECYCLE_MOVE_FIELD_NUMBER: _ClassVar[int]
    ACQUISITION_FIELD_NUMBER: _ClassVar[int]
    PREFERENCE_FIELD_NUMBER: _ClassVar[int]
    INTEREST_FIELD_NUMBER: _ClassVar[int]
    GROUP_MEMBERSHIP_FIELD_NUMBER: _ClassVar[int]
    RELATION_FIELD_NUMBER: _ClassVar[int]
    FAMILY_MEMBER_FIELD_NUMBER: _ClassVar[int]
    MILESTONE_FIELD_NUMBER: _ClassVar[int]
    ACTIVITY_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    FAVOURITE_FIELD_NUMBER: _ClassVar[int]
    SAVED_VIEW_FIELD_NUMBER: _ClassVar[int]
    LEGAL_HOLD_FIELD_NUMBER: _ClassVar[int]
    PRIVACY_REQUEST_FIELD_NUMBER: _ClassVar[int]
    SET_MEMBER_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_ENTRY_FIELD_NUMBER: _ClassVar[int]
    organisation: _organisations_pb2.Organisation
    person: _people_pb2.Person
    preference_key: _preferences_pb2.PreferenceKey
    interest_topic: _interests_pb2.InterestTopic
    group: _groups_pb2.Group
    tag: _tags_pb2.Tag
    static_list: _static_lists_pb2.StaticList
    contact_settings: _contact_settings_pb2.ContactSettings
    match_policy: _match_policies_pb2.MatchPolicy
    consent: _consents_pb2.Consent
    channel_preference: _channel_preferences_pb2.ChannelPreference
    contact_attempt: _contact_attempts_pb2.ContactAttempt
    lifecycle_move: _lifecycle_pb2.LifecycleMove
    acquisition: _acquisitions_pb2.Acquisition
    preference: _preferences_pb2.Preference
    interest: _interests_pb2.Interest
    group_membership: _groups_pb2.GroupMembership
    relation: _relations_pb2.Relation
    family_member: _family_members_pb2.FamilyMember
    milestone: _milestones_pb2.Milestone
    activity: _activities_pb2.Activity
    note: _notes_pb2.Note
    task: _tasks_pb2.Task
    file: _files_pb2.File
    favourite: _favourites_pb2.Favourite
    saved_view: _saved_views_pb2.SavedView
    legal_hold: _legal_holds_pb2.LegalHold
    privacy_request: _privacy_requests_pb2.PrivacyRequest
    set_member: SetMember
    timeline_entry: _timeline_pb2.TimelineEntry
    def __init__(self, organisation: _Optional[_Union[_organisations_pb2.Organisation, _Mapping]] = ..., person: _Optional[_Union[_people_pb2.Person, _Mapping]] = ..., preference_key: _Optional[_Union[_preferences_pb2.PreferenceKey, _Mapping]] = ..., interest_topic: _Optional[_Union[_interests_pb2.InterestTopic, _Mapping]] = ..., group: _Optional[_Union[_groups_pb2.Group, _Mapping]] = ..., tag: _Optional[_Union[_tags_pb2.Tag, _Mapping]] = ..., static_list: _Optional[_Union[_static_lists_pb2.StaticList, _Mapping]] = ..., contact_settings: _Optional[_Union[_contact_settings_pb2.ContactSettings, _Mapping]] = ..., match_policy: _Optional[_Union[_match_policies_pb2.MatchPolicy, _Mapping]] = ..., consent: _Optional[_Union[_consents_pb2.Consent, _Mapping]] = ..., channel_preference: _Optional[_Union[_channel_preferences_pb2.ChannelPreference, _Mapping]] = ..., contact_attempt: _Optional[_Union[_contact_attempts_pb2.ContactAttempt, _Mapping]] = ..., lifecycle_move: _Optional[_Union[_lifecycle_pb2.LifecycleMove, _Mapping]] = ..., acquisition: _Optional[_Union[_acquisitions_pb2.Acquisition, _Mapping]] = ..., preference: _Optional[_Union[_preferences_pb2.Preference, _Mapping]] = ..., interest: _Optional[_Union[_interests_pb2.Interest, _Mapping]] = ..., group_membership: _Optional[_Union[_groups_pb2.GroupMembership, _Mapping]] = ..., relation: _Optional[_Union[_relations_pb2.Relation, _Mapping]] = ..., family_member: _Optional[_Union[_family_members_pb2.FamilyMember, _Mapping]] = ..., milestone: _Optional[_Union[_milestones_pb2.Milestone, _Mapping]] = ..., activity: _Optional[_Union[_activities_pb2.Activity, _Mapping]] = ..., note: _Optional[_Union[_notes_pb2.Note, _Mapping]] = ..., task: _Optional[_Union[_tasks_pb2.Task, _Mapping]] = ..., file: _Optional[_Union[_files_pb2.File, _Mapping]] = ..., favourite: _Optional[_Union[_favourites_pb2.Favourite, _Mapping]] = ..., saved_view: _Optional[_Union[_saved_views_pb2.SavedView, _Mapping]] = ..., legal_hold: _Optional[_Union[_legal_holds_pb2.LegalHold, _Mapping]] = ..., privacy_request: _Optional[_Union[_privacy_requests_pb2.PrivacyRequest, _Mapping]] = ..., set_member: _Optional[_Union[SetMember, _Mapping]] = ..., timeline_entry: _Optional[_Union[_timeline_pb2.TimelineEntry, _Mapping]] = ...) -> None: ...

class SetMember(_message.Message):
    __slots__ = ("id", "tag_id", "static_list_id", "person_id", "organisation_id", "add_time", "actor_id", "reason", "remove_time", "remover_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    TAG_ID_FIELD_NUMBER: _ClassVar[int]
    STATIC_LIST_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    ADD_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REMOVE_TIME_FIELD_NUMBER: _ClassVar[int]
    REMOVER_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    tag_id: str
    static_list_id: str
    person_id: str
    organisation_id: str
    add_time: _timestamp_pb2.Timestamp
    actor_id: str
    reason: str
    remove_time: _timestamp_pb2.Timestamp
    remover_id: str
    def __init__(self, id: _Optional[str] = ..., tag_id: _Optional[str] = ..., static_list_id: _Optional[str] = ..., person_id: _Optional[str] = ..., organisation_id: _Optional[str] = ..., add_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actor_id: _Optional[str] = ..., reason: _Optional[str] = ..., remove_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., remover_id: _Optional[str] = ...) -> None: ...

class TakeOutPersonRequest(_message.Message):
    __slots__ = ("id", "range")
    ID_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    id: str
    range: str
    def __init__(self, id: _Optional[str] = ..., range: _Optional[str] = ...) -> None: ...

class ListRecordsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListRecordsResponse(_message.Message):
    __slots__ = ("records", "next_page_token")
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    records: _containers.RepeatedCompositeFieldContainer[Record]
    next_page_token: str
    def __init__(self, records: _Optional[_Iterable[_Union[Record, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class RestoreRecordsRequest(_message.Message):
    __slots__ = ("records", "request_id", "validate_only")
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    records: _containers.RepeatedCompositeFieldContainer[Record]
    request_id: str
    validate_only: bool
    def __init__(self, records: _Optional[_Iterable[_Union[Record, _Mapping]]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class UploadFileRecordRequest(_message.Message):
    __slots__ = ("content", "file", "request_id", "validate_only")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    content: _content_pb2.Content
    file: _files_pb2.File
    request_id: str
    validate_only: bool
    def __init__(self, content: _Optional[_Union[_content_pb2.Content, _Mapping]] = ..., file: _Optional[_Union[_files_pb2.File, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class RestoreRecordsResponse(_message.Message):
    __slots__ = ("restored_count", "kept_count")
    RESTORED_COUNT_FIELD_NUMBER: _ClassVar[int]
    KEPT_COUNT_FIELD_NUMBER: _ClassVar[int]
    restored_count: int
    kept_count: int
    def __init__(self, restored_count: _Optional[int] = ..., kept_count: _Optional[int] = ...) -> None: ...
