import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2_1
from rapport.contact.v1 import merges_pb2 as _merges_pb2
from rapport.contact.v1 import organisations_pb2 as _organisations_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OrganisationMerge(_message.Message):
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
    state: _merges_pb2.MergeState
    field_choices: _containers.ScalarMap[str, str]
    fields: _containers.RepeatedCompositeFieldContainer[MergedOrganisationField]
    channels: _containers.RepeatedCompositeFieldContainer[_merges_pb2.MergedChannel]
    external_ids: _containers.RepeatedCompositeFieldContainer[_merges_pb2.MergedExternalId]
    actor_id: str
    unmerge_time: _timestamp_pb2.Timestamp
    unmerged_by: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, id: _Optional[str] = ..., survivor_id: _Optional[str] = ..., merged_ids: _Optional[_Iterable[str]] = ..., state: _Optional[_Union[_merges_pb2.MergeState, str]] = ..., field_choices: _Optional[_Mapping[str, str]] = ..., fields: _Optional[_Iterable[_Union[MergedOrganisationField, _Mapping]]] = ..., channels: _Optional[_Iterable[_Union[_merges_pb2.MergedChannel, _Mapping]]] = ..., external_ids: _Optional[_Iterable[_Union[_merges_pb2.MergedExternalId, _Mapping]]] = ..., actor_id: _Optional[str] = ..., unmerge_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., unmerged_by: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class MergedOrganisationField(_message.Message):
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

class PreviewOrganisationMergeRequest(_message.Message):
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

class OrganisationMergePreview(_message.Message):
    __slots__ = ("organisation", "fields", "channels", "external_ids", "following")
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_IDS_FIELD_NUMBER: _ClassVar[int]
    FOLLOWING_FIELD_NUMBER: _ClassVar[int]
    organisation: _organisations_pb2.Organisation
    fields: _containers.RepeatedCompositeFieldContainer[MergedOrganisationField]
    channels: _containers.RepeatedCompositeFieldContainer[_merges_pb2.MergedChannel]
    external_ids: _containers.RepeatedCompositeFieldContainer[_merges_pb2.MergedExternalId]
    following: _containers.RepeatedCompositeFieldContainer[_merges_pb2.FollowingRecords]
    def __init__(self, organisation: _Optional[_Union[_organisations_pb2.Organisation, _Mapping]] = ..., fields: _Optional[_Iterable[_Union[MergedOrganisationField, _Mapping]]] = ..., channels: _Optional[_Iterable[_Union[_merges_pb2.MergedChannel, _Mapping]]] = ..., external_ids: _Optional[_Iterable[_Union[_merges_pb2.MergedExternalId, _Mapping]]] = ..., following: _Optional[_Iterable[_Union[_merges_pb2.FollowingRecords, _Mapping]]] = ...) -> None: ...

class MergeOrganisationsRequest(_message.Message):
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

class UnmergeOrganisationsRequest(_message.Message):
    __slots__ = ("merge_id", "organisation_id", "etag", "request_id", "validate_only")
    MERGE_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    merge_id: str
    organisation_id: str
    etag: str
    request_id: str
    validate_only: bool
    def __init__(self, merge_id: _Optional[str] = ..., organisation_id: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class GetOrganisationMergeRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListOrganisationMergesRequest(_message.Message):
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

class ListOrganisationMergesResponse(_message.Message):
    __slots__ = ("organisation_merges", "next_page_token", "total_size", "total_size_capped")
    ORGANISATION_MERGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_CAPPED_FIELD_NUMBER: _ClassVar[int]
    organisation_merges: _containers.RepeatedCompositeFieldContainer[OrganisationMerge]
    next_page_token: str
    total_size: int
    total_size_capped: bool
    def __init__(self, organisation_merges: _Optional[_Iterable[_Union[OrganisationMerge, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., total_size_capped: _Optional[bool] = ...) -> None: ...
