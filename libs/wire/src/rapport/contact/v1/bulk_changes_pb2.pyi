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

class BulkAction(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BULK_ACTION_UNSPECIFIED: _ClassVar[BulkAction]
    BULK_ACTION_ADD: _ClassVar[BulkAction]
    BULK_ACTION_REMOVE: _ClassVar[BulkAction]

class BulkResource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BULK_RESOURCE_UNSPECIFIED: _ClassVar[BulkResource]
    BULK_RESOURCE_PEOPLE: _ClassVar[BulkResource]
    BULK_RESOURCE_ORGANISATIONS: _ClassVar[BulkResource]

class SetOperation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SET_OPERATION_UNSPECIFIED: _ClassVar[SetOperation]
    SET_OPERATION_UNION: _ClassVar[SetOperation]
    SET_OPERATION_INTERSECTION: _ClassVar[SetOperation]
    SET_OPERATION_DIFFERENCE: _ClassVar[SetOperation]

class BulkState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BULK_STATE_UNSPECIFIED: _ClassVar[BulkState]
    BULK_STATE_RUNNING: _ClassVar[BulkState]
    BULK_STATE_DONE: _ClassVar[BulkState]
    BULK_STATE_CANCELLED: _ClassVar[BulkState]
    BULK_STATE_UNDOING: _ClassVar[BulkState]
    BULK_STATE_UNDONE: _ClassVar[BulkState]
    BULK_STATE_FAILED: _ClassVar[BulkState]
BULK_ACTION_UNSPECIFIED: BulkAction
BULK_ACTION_ADD: BulkAction
BULK_ACTION_REMOVE: BulkAction
BULK_RESOURCE_UNSPECIFIED: BulkResource
BULK_RESOURCE_PEOPLE: BulkResource
BULK_RESOURCE_ORGANISATIONS: BulkResource
SET_OPERATION_UNSPECIFIED: SetOperation
SET_OPERATION_UNION: SetOperation
SET_OPERATION_INTERSECTION: SetOperation
SET_OPERATION_DIFFERENCE: SetOperation
BULK_STATE_UNSPECIFIED: BulkState
BULK_STATE_RUNNING: BulkState
BULK_STATE_DONE: BulkState
BULK_STATE_CANCELLED: BulkState
BULK_STATE_UNDOING: BulkState
BULK_STATE_UNDONE: BulkState
BULK_STATE_FAILED: BulkState

class BulkChange(_message.Message):
    __slots__ = ("id", "action", "tag_id", "static_list_id", "resource", "filter", "list_ids", "operation", "reason", "state", "total_count", "processed_count", "matched_count", "changed_count", "end_time", "failure", "owner_id", "team_id", "create_time", "update_time", "delete_time", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    TAG_ID_FIELD_NUMBER: _ClassVar[int]
    STATIC_LIST_ID_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    LIST_IDS_FIELD_NUMBER: _ClassVar[int]
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    PROCESSED_COUNT_FIELD_NUMBER: _ClassVar[int]
    MATCHED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    TEAM_ID_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    action: BulkAction
    tag_id: str
    static_list_id: str
    resource: BulkResource
    filter: str
    list_ids: _containers.RepeatedScalarFieldContainer[str]
    operation: SetOperation
    reason: str
    state: BulkState
    total_count: int
    processed_count: int
    matched_count: int
    changed_count: int
    end_time: _timestamp_pb2.Timestamp
    failure: str
    owner_id: str
    team_id: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, id: _Optional[str] = ..., action: _Optional[_Union[BulkAction, str]] = ..., tag_id: _Optional[str] = ..., static_list_id: _Optional[str] = ..., resource: _Optional[_Union[BulkResource, str]] = ..., filter: _Optional[str] = ..., list_ids: _Optional[_Iterable[str]] = ..., operation: _Optional[_Union[SetOperation, str]] = ..., reason: _Optional[str] = ..., state: _Optional[_Union[BulkState, str]] = ..., total_count: _Optional[int] = ..., processed_count: _Optional[int] = ..., matched_count: _Optional[int] = ..., changed_count: _Optional[int] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., failure: _Optional[str] = ..., owner_id: _Optional[str] = ..., team_id: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class GetBulkChangeRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListBulkChangesRequest(_message.Message):
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

class ListBulkChangesResponse(_message.Message):
    __slots__ = ("bulk_changes", "next_page_token", "total_size", "total_size_capped")
    BULK_CHANGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_CAPPED_FIELD_NUMBER: _ClassVar[int]
    bulk_changes: _containers.RepeatedCompositeFieldContainer[BulkChange]
    next_page_token: str
    total_size: int
    total_size_capped: bool
    def __init__(self, bulk_changes: _Optional[_Iterable[_Union[BulkChange, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., total_size_capped: _Optional[bool] = ...) -> None: ...

class CreateBulkChangeRequest(_message.Message):
    __slots__ = ("bulk_change", "request_id", "validate_only")
    BULK_CHANGE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    bulk_change: BulkChange
    request_id: str
    validate_only: bool
    def __init__(self, bulk_change: _Optional[_Union[BulkChange, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class CancelBulkChangeRequest(_message.Message):
    __slots__ = ("id", "etag", "request_id", "validate_only")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    request_id: str
    validate_only: bool
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class UndoBulkChangeRequest(_message.Message):
    __slots__ = ("id", "etag", "request_id", "validate_only")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    request_id: str
    validate_only: bool
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...
