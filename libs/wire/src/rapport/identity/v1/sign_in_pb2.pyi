import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2_1
from rapport.identity.v1 import sessions_pb2 as _sessions_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListSignInOptionsRequest(_message.Message):
    __slots__ = ("host",)
    HOST_FIELD_NUMBER: _ClassVar[int]
    host: str
    def __init__(self, host: _Optional[str] = ...) -> None: ...

class ListSignInOptionsResponse(_message.Message):
    __slots__ = ("options",)
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    options: _containers.RepeatedCompositeFieldContainer[SignInOption]
    def __init__(self, options: _Optional[_Iterable[_Union[SignInOption, _Mapping]]] = ...) -> None: ...

class SignInOption(_message.Message):
    __slots__ = ("identity_provider_id", "display_name")
    IDENTITY_PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    identity_provider_id: str
    display_name: str
    def __init__(self, identity_provider_id: _Optional[str] = ..., display_name: _Optional[str] = ...) -> None: ...

class BeginOidcSignInRequest(_message.Message):
    __slots__ = ("identity_provider_id", "return_path", "origin", "host")
    IDENTITY_PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    RETURN_PATH_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    HOST_FIELD_NUMBER: _ClassVar[int]
    identity_provider_id: str
    return_path: str
    origin: str
    host: str
    def __init__(self, identity_provider_id: _Optional[str] = ..., return_path: _Optional[str] = ..., origin: _Optional[str] = ..., host: _Optional[str] = ...) -> None: ...

class BeginOidcSignInResponse(_message.Message):
    __slots__ = ("authorization_url", "flow", "expire_time")
    AUTHORIZATION_URL_FIELD_NUMBER: _ClassVar[int]
    FLOW_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    authorization_url: str
    flow: str
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, authorization_url: _Optional[str] = ..., flow: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CompleteOidcSignInRequest(_message.Message):
    __slots__ = ("code", "state", "iss", "error", "flow", "host", "address", "user_agent")
    CODE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ISS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    FLOW_FIELD_NUMBER: _ClassVar[int]
    HOST_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    USER_AGENT_FIELD_NUMBER: _ClassVar[int]
    code: str
    state: str
    iss: str
    error: str
    flow: str
    host: str
    address: str
    user_agent: str
    def __init__(self, code: _Optional[str] = ..., state: _Optional[str] = ..., iss: _Optional[str] = ..., error: _Optional[str] = ..., flow: _Optional[str] = ..., host: _Optional[str] = ..., address: _Optional[str] = ..., user_agent: _Optional[str] = ...) -> None: ...

class CompleteOidcSignInResponse(_message.Message):
    __slots__ = ("session", "secret", "return_path")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    RETURN_PATH_FIELD_NUMBER: _ClassVar[int]
    session: _sessions_pb2.Session
    secret: str
    return_path: str
    def __init__(self, session: _Optional[_Union[_sessions_pb2.Session, _Mapping]] = ..., secret: _Optional[str] = ..., return_path: _Optional[str] = ...) -> None: ...
