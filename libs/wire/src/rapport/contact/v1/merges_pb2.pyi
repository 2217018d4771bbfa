import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
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

class MergeState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MERGE_STATE_UNSPECIFIED: _ClassVar[MergeState]
    MERGE_STATE_MERGED: _ClassVar[MergeState]
    MERGE_STATE_UNMERGED: _ClassVar[MergeState]
MERGE_STATE_UNSPECIFIED: MergeState
MERGE_STATE_MERGED: MergeState
MERGE_STATE_UNMERGED: MergeState

class Merge(_message.Message):
    __slots__ = ("id", "survivor_id", "merged_ids", "state", "field_choices", "fields", "channels", "external_ids", "actor_id", "unmerge_time", "unmerged_by", "create_time", "update_time", "delete_time", "etag")
    class FieldChoicesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    SURVIVOR_ID_FIELD_NUMBER: _ClassVar[int]
    MERGED_IDS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    FIELD_CHOICES_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_IDS_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    UNMERGE_TIME_FIELD_NUMBER: _ClassVar[int]
    UNMERGED_BY_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    survivor_id: str
    merged_ids: _containers.RepeatedScalarFieldContainer[str]
    state: MergeState
    field_choices: _containers.ScalarMap[str, str]
    fields: _containers.RepeatedCompositeFieldContainer[MergedField]
    channels: _containers.RepeatedCompositeFieldContainer[MergedChannel]
    external_ids: _containers.RepeatedCompositeFieldContainer[MergedExternalId]
    actor_id: str
    unmerge_time: _timestamp_pb2.Timestamp
    unmerged_by: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, id: _Optional[str] = ..., survivor_id: _Optional[str] = ..., merged_ids: _Optional[_Iterable[str]] = ..., state: _Optional[_Union[MergeState, str]] = ..., field_choices: _Optional[_Mapping[str, str]] = ..., fields: _Optional[_Iterable[_Union[MergedField, _Mapping]]] = ..., channels: _Optional[_Iterable[_Union[MergedChannel, _Mapping]]] = ..., external_ids: _Optional[_Iterable[_Union[MergedExternalId, _Mapping]]] = ..., actor_id: _Optional[str] = ..., unmerge_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., unmerged_by: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class MergedField(_message.Message):
    __slots__ = ("field", "value", "former", "source_id")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    FORMER_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    field: str
    value: str
    former: str
    source_id: str
    def __init__(self, field: _Optional[str] = ..., value: _Optional[str] = ..., former: _Optional[str] = ..., source_id: _Optional[str] = ...) -> None: ...

class MergedChannel(_message.Message):
    __slots__ = ("channel_id", "source_id", "marks", "former")
    CHANNEL_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    MARKS_FIELD_NUMBER: _ClassVar[int]
    FORMER_FIELD_NUMBER: _ClassVar[int]
    channel_id: str
    source_id: str
    marks: ChannelMarks
    former: ChannelMarks
    def __init__(self, channel_id: _Optional[str] = ..., source_id: _Optional[str] = ..., marks: _Optional[_Union[ChannelMarks, _Mapping]] = ..., former: _Optional[_Union[ChannelMarks, _Mapping]] = ...) -> None: ...

class ChannelMarks(_message.Message):
    __slots__ = ("primary", "opted_out", "verified_time")
    PRIMARY_FIELD_NUMBER: _ClassVar[int]
    OPTED_OUT_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_TIME_FIELD_NUMBER: _ClassVar[int]
    primary: bool
    opted_out: bool
    verified_time: _timestamp_pb2.Timestamp
    def __init__(self, primary: _Optional[bool] = ..., opted_out: _Optional[bool] = ..., verified_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class MergedExternalId(_message.Message):
    __slots__ = ("system", "value", "source_id")
    SYSTEM_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    system: str
    value: str
    source_id: str
    def __init__(self, system: _Optional[str] = ..., value: _Optional[str] = ..., source_id: _Optional[str] = ...) -> None: ...

class PreviewMergeRequest(_message.Message):
    __slots__ = ("survivor_id", "ids", "field_choices")
    class FieldChoicesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SURVIVOR_ID_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    FIELD_CHOICES_FIELD_NUMBER: _ClassVar[int]
    survivor_id: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    field_choices: _containers.ScalarMap[str, str]
    def __init__(self, survivor_id: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ..., field_choices: _Optional[_Mapping[str, str]] = ...) -> None: ...

class MergePreview(_message.Message):
    __slots__ = ("person", "fields", "channels", "external_ids", "following")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_IDS_FIELD_NUMBER: _ClassVar[int]
    FOLLOWING_FIELD_NUMBER: _ClassVar[int]
    person: _people_pb2.Person
    fields: _containers.RepeatedCompositeFieldContainer[MergedField]
    channels: _containers.RepeatedCompositeFieldContainer[MergedChannel]
    external_ids: _containers.RepeatedCompositeFieldContainer[MergedExternalId]
    following: _containers.RepeatedCompositeFieldContainer[FollowingRecords]
    def __init__(self, person: _Optional[_Union[_people_pb2.Person, _Mapping]] = ..., fields: _Optional[_Iterable[_Union[MergedField, _Mapping]]] = ..., channels: _Optional[_Iterable[_Union[MergedChannel, _Mapping]]] = ..., external_ids: _Optional[_Iterable[_Union[MergedExternalId, _Mapping]]] = ..., following: _Optional[_Iterable[_Union[FollowingRecords, _Mapping]]] = ...) -> None: ...

class FollowingRecords(_message.Message):
    __slots__ = ("reference", "count")
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    reference: str
    count: int
    def __init__(self, reference: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...

class MergePeopleRequest(_message.Message):
    __slots__ = ("survivor_id", "ids", "field_choices", "etags", "request_id", "validate_only")
    class FieldChoicesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class EtagsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SURVIVOR_ID_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    FIELD_CHOICES_FIELD_NUMBER: _ClassVar[int]
    ETAGS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    survivor_id: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    field_choices: _containers.ScalarMap[str, str]
    etags: _containers.ScalarMap[str, str]
    request_id: str
    validate_only: bool
    def __init__(self, survivor_id: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ..., field_choices: _Optional[_Mapping[str, str]] = ..., etags: _Optional[_Mapping[str, str]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class UnmergePeopleRequest(_message.Message):
    __slots__ = ("merge_id", "person_id", "etag", "request_id", "validate_only")
    MERGE_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    merge_id: str
    person_id: str
    etag: str
    request_id: str
    validate_only: bool
    def __init__(self, merge_id: _Optional[str] = ..., person_id: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class GetMergeRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListMergesRequest(_message.Message):
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

class ListMergesResponse(_message.Message):
    __slots__ = ("merges", "next_page_token", "total_size", "total_size_capped")
    MERGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_CAPPED_FIELD_NUMBER: _ClassVar[int]
    merges: _containers.RepeatedCompositeFieldContainer[Merge]
    next_page_token: str
    total_size: int
    total_size_capped: bool
    def __init__(self, merges: _Optional[_Iterable[_Union[Merge, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., total_size_capped: _Optional[bool] = ...) -> None: ...
