from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2_1
from rapport.identity.v1 import users_pb2 as _users_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ProvisionUserRequest(_message.Message):
    __slots__ = ("identity_provider_id", "external_id", "user_name", "display_name", "name", "groups", "subject", "locale", "time_zone", "request_id", "validate_only", "active")
    IDENTITY_PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_ID_FIELD_NUMBER: _ClassVar[int]
    USER_NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    identity_provider_id: str
    external_id: str
    user_name: str
    display_name: str
    name: UserName
    groups: _containers.RepeatedScalarFieldContainer[str]
    subject: str
    locale: str
    time_zone: str
    request_id: str
    validate_only: bool
    active: bool
    def __init__(self, identity_provider_id: _Optional[str] = ..., external_id: _Optional[str] = ..., user_name: _Optional[str] = ..., display_name: _Optional[str] = ..., name: _Optional[_Union[UserName, _Mapping]] = ..., groups: _Optional[_Iterable[str]] = ..., subject: _Optional[str] = ..., locale: _Optional[str] = ..., time_zone: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., active: _Optional[bool] = ...) -> None: ...

class UserName(_message.Message):
    __slots__ = ("given_name", "family_name")
    GIVEN_NAME_FIELD_NUMBER: _ClassVar[int]
    FAMILY_NAME_FIELD_NUMBER: _ClassVar[int]
    given_name: str
    family_name: str
    def __init__(self, given_name: _Optional[str] = ..., family_name: _Optional[str] = ...) -> None: ...

class DeprovisionUserRequest(_message.Message):
    __slots__ = ("identity_provider_id", "external_id", "request_id", "validate_only")
    IDENTITY_PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    identity_provider_id: str
    external_id: str
    request_id: str
    validate_only: bool
    def __init__(self, identity_provider_id: _Optional[str] = ..., external_id: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...
