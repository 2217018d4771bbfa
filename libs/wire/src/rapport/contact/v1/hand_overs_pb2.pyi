import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2_1
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class HandOverState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HAND_OVER_STATE_UNSPECIFIED: _ClassVar[HandOverState]
    HAND_OVER_STATE_RUNNING: _ClassVar[HandOverState]
    HAND_OVER_STATE_DONE: _ClassVar[HandOverState]
    HAND_OVER_STATE_FAILED: _ClassVar[HandOverState]
HAND_OVER_STATE_UNSPECIFIED: HandOverState
HAND_OVER_STATE_RUNNING: HandOverState
HAND_OVER_STATE_DONE: HandOverState
HAND_OVER_STATE_FAILED: HandOverState

class HandOver(_message.Message):
    __slots__ = ("id", "from_user_id", "to_user_id", "note", "state", "person_count", "organisation_count", "end_time", "failure", "actor_id", "task_count", "create_time", "update_time", "delete_time", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    FROM_USER_ID_FIELD_NUMBER: _ClassVar[int]
    TO_USER_ID_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PERSON_COUNT_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    TASK_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    from_user_id: str
    to_user_id: str
    note: str
    state: HandOverState
    person_count: int
    organisation_count: int
    end_time: _timestamp_pb2.Timestamp
    failure: str
    actor_id: str
    task_count: int
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, id: _Optional[str] = ..., from_user_id: _Optional[str] = ..., to_user_id: _Optional[str] = ..., note: _Optional[str] = ..., state: _Optional[_Union[HandOverState, str]] = ..., person_count: _Optional[int] = ..., organisation_count: _Optional[int] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., failure: _Optional[str] = ..., actor_id: _Optional[str] = ..., task_count: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class GetHandOverRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListHandOversRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "filter", "order_by", "include_total_size")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    filter: str
    order_by: str
    include_total_size: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ..., include_total_size: _Optional[bool] = ...) -> None: ...

class ListHandOversResponse(_message.Message):
    __slots__ = ("hand_overs", "next_page_token", "total_size", "total_size_capped")
    HAND_OVERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_CAPPED_FIELD_NUMBER: _ClassVar[int]
    hand_overs: _containers.RepeatedCompositeFieldContainer[HandOver]
    next_page_token: str
    total_size: int
    total_size_capped: bool
    def __init__(self, hand_overs: _Optional[_Iterable[_Union[HandOver, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., total_size_capped: _Optional[bool] = ...) -> None: ...

class HandOverRecordsRequest(_message.Message):
    __slots__ = ("from_user_id", "to_user_id", "note", "request_id", "validate_only")
    FROM_USER_ID_FIELD_NUMBER: _ClassVar[int]
    TO_USER_ID_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    from_user_id: str
    to_user_id: str
    note: str
    request_id: str
    validate_only: bool
    def __init__(self, from_user_id: _Optional[str] = ..., to_user_id: _Optional[str] = ..., note: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class ListOrphanagesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListOrphanagesResponse(_message.Message):
    __slots__ = ("orphanages",)
    ORPHANAGES_FIELD_NUMBER: _ClassVar[int]
    orphanages: _containers.RepeatedCompositeFieldContainer[Orphanage]
    def __init__(self, orphanages: _Optional[_Iterable[_Union[Orphanage, _Mapping]]] = ...) -> None: ...

class Orphanage(_message.Message):
    __slots__ = ("user_id", "person_count", "organisation_count", "task_count")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_COUNT_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    TASK_COUNT_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    person_count: int
    organisation_count: int
    task_count: int
    def __init__(self, user_id: _Optional[str] = ..., person_count: _Optional[int] = ..., organisation_count: _Optional[int] = ..., task_count: _Optional[int] = ...) -> None: ...
