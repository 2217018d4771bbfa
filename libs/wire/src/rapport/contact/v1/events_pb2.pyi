from google.protobuf import field_mask_pb2 as _field_mask_pb2
from rapport.contact.v1 import duplicates_pb2 as _duplicates_pb2
from rapport.contact.v1 import match_policies_pb2 as _match_policies_pb2
from rapport.contact.v1 import organisations_pb2 as _organisations_pb2
from rapport.contact.v1 import people_pb2 as _people_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PersonChanged(_message.Message):
    __slots__ = ("person", "update_mask")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    person: _people_pb2.Person
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, person: _Optional[_Union[_people_pb2.Person, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class OrganisationChanged(_message.Message):
    __slots__ = ("organisation", "update_mask")
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    organisation: _organisations_pb2.Organisation
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, organisation: _Optional[_Union[_organisations_pb2.Organisation, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class DuplicateCandidateChanged(_message.Message):
    __slots__ = ("duplicate_candidate", "update_mask")
    DUPLICATE_CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    duplicate_candidate: _duplicates_pb2.DuplicateCandidate
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, duplicate_candidate: _Optional[_Union[_duplicates_pb2.DuplicateCandidate, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class MatchPolicyChanged(_message.Message):
    __slots__ = ("match_policy", "update_mask")
    MATCH_POLICY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    match_policy: _match_policies_pb2.MatchPolicy
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, match_policy: _Optional[_Union[_match_policies_pb2.MatchPolicy, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...
