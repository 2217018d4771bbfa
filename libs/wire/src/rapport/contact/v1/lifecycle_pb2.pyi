import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2_1
from rapport.contact.v1 import people_pb2 as _people_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MoveOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MOVE_OUTCOME_UNSPECIFIED: _ClassVar[MoveOutcome]
    MOVE_OUTCOME_MOVED: _ClassVar[MoveOutcome]
    MOVE_OUTCOME_SKIPPED_KIND: _ClassVar[MoveOutcome]
    MOVE_OUTCOME_SKIPPED_BACKWARD: _ClassVar[MoveOutcome]
    MOVE_OUTCOME_SKIPPED_SAME: _ClassVar[MoveOutcome]

class MoveCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MOVE_CAUSE_UNSPECIFIED: _ClassVar[MoveCause]
    MOVE_CAUSE_REQUEST: _ClassVar[MoveCause]
    MOVE_CAUSE_EVENT: _ClassVar[MoveCause]
    MOVE_CAUSE_EDIT: _ClassVar[MoveCause]
    MOVE_CAUSE_KIND: _ClassVar[MoveCause]
    MOVE_CAUSE_MERGE: _ClassVar[MoveCause]
MOVE_OUTCOME_UNSPECIFIED: MoveOutcome
MOVE_OUTCOME_MOVED: MoveOutcome
MOVE_OUTCOME_SKIPPED_KIND: MoveOutcome
MOVE_OUTCOME_SKIPPED_BACKWARD: MoveOutcome
MOVE_OUTCOME_SKIPPED_SAME: MoveOutcome
MOVE_CAUSE_UNSPECIFIED: MoveCause
MOVE_CAUSE_REQUEST: MoveCause
MOVE_CAUSE_EVENT: MoveCause
MOVE_CAUSE_EDIT: MoveCause
MOVE_CAUSE_KIND: MoveCause
MOVE_CAUSE_MERGE: MoveCause

class LifecycleMove(_message.Message):
    __slots__ = ("id", "person_id", "from_stage", "to_stage", "outcome", "cause", "event", "reason", "actor_id", "create_time", "update_time", "delete_time", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_STAGE_FIELD_NUMBER: _ClassVar[int]
    TO_STAGE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    person_id: str
    from_stage: _people_pb2.LifecycleStage
    to_stage: _people_pb2.LifecycleStage
    outcome: MoveOutcome
    cause: MoveCause
    event: str
    reason: str
    actor_id: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, id: _Optional[str] = ..., person_id: _Optional[str] = ..., from_stage: _Optional[_Union[_people_pb2.LifecycleStage, str]] = ..., to_stage: _Optional[_Union[_people_pb2.LifecycleStage, str]] = ..., outcome: _Optional[_Union[MoveOutcome, str]] = ..., cause: _Optional[_Union[MoveCause, str]] = ..., event: _Optional[str] = ..., reason: _Optional[str] = ..., actor_id: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class Lifecycle(_message.Message):
    __slots__ = ("stage", "stage_time", "stays")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    STAGE_TIME_FIELD_NUMBER: _ClassVar[int]
    STAYS_FIELD_NUMBER: _ClassVar[int]
    stage: _people_pb2.LifecycleStage
    stage_time: _timestamp_pb2.Timestamp
    stays: _containers.RepeatedCompositeFieldContainer[LifecycleStay]
    def __init__(self, stage: _Optional[_Union[_people_pb2.LifecycleStage, str]] = ..., stage_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., stays: _Optional[_Iterable[_Union[LifecycleStay, _Mapping]]] = ...) -> None: ...

class LifecycleStay(_message.Message):
    __slots__ = ("stage", "start_time", "end_time", "duration")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    stage: _people_pb2.LifecycleStage
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    duration: _duration_pb2.Duration
    def __init__(self, stage: _Optional[_Union[_people_pb2.LifecycleStage, str]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class GetLifecycleMoveRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListLifecycleMovesRequest(_message.Message):
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

class ListLifecycleMovesResponse(_message.Message):
    __slots__ = ("lifecycle_moves", "next_page_token", "total_size", "total_size_capped")
    LIFECYCLE_MOVES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_CAPPED_FIELD_NUMBER: _ClassVar[int]
    lifecycle_moves: _containers.RepeatedCompositeFieldContainer[LifecycleMove]
    next_page_token: str
    total_size: int
    total_size_capped: bool
    def __init__(self, lifecycle_moves: _Optional[_Iterable[_Union[LifecycleMove, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., total_size_capped: _Optional[bool] = ...) -> None: ...

class GetLifecycleRequest(_message.Message):
    __slots__ = ("person_id",)
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    def __init__(self, person_id: _Optional[str] = ...) -> None: ...

class MoveLifecycleStageRequest(_message.Message):
    __slots__ = ("person_id", "stage", "reason", "event", "request_id", "validate_only")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    stage: _people_pb2.LifecycleStage
    reason: str
    event: str
    request_id: str
    validate_only: bool
    def __init__(self, person_id: _Optional[str] = ..., stage: _Optional[_Union[_people_pb2.LifecycleStage, str]] = ..., reason: _Optional[str] = ..., event: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...
