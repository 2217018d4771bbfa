import datetime

from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2
from rapport.api.v1 import privacy_pb2 as _privacy_pb2
from rapport.contact.v1 import acquisitions_pb2 as _acquisitions_pb2
from rapport.contact.v1 import channel_preferences_pb2 as _channel_preferences_pb2
from rapport.contact.v1 import consents_pb2 as _consents_pb2
from rapport.contact.v1 import contact_attempts_pb2 as _contact_attempts_pb2
from rapport.contact.v1 import duplicates_pb2 as _duplicates_pb2
from rapport.contact.v1 import files_pb2 as _files_pb2
from rapport.contact.v1 import lifecycle_pb2 as _lifecycle_pb2
from rapport.contact.v1 import match_policies_pb2 as _match_policies_pb2
from rapport.contact.v1 import organisations_pb2 as _organisations_pb2
from rapport.contact.v1 import people_pb2 as _people_pb2
from rapport.contact.v1 import preferences_pb2 as _preferences_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
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

class ContactAttemptChanged(_message.Message):
    __slots__ = ("contact_attempt", "update_mask", "sealed")
    CONTACT_ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    contact_attempt: _contact_attempts_pb2.ContactAttempt
    update_mask: _field_mask_pb2.FieldMask
    sealed: _privacy_pb2.Sealed
    def __init__(self, contact_attempt: _Optional[_Union[_contact_attempts_pb2.ContactAttempt, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sealed: _Optional[_Union[_privacy_pb2.Sealed, _Mapping]] = ...) -> None: ...

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
