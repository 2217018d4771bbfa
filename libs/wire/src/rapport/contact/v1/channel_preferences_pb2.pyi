import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2_1
from rapport.contact.v1 import contacting_pb2 as _contacting_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChoiceReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHOICE_REASON_UNSPECIFIED: _ClassVar[ChoiceReason]
    CHOICE_REASON_PREFERRED_BY_CUSTOMER: _ClassVar[ChoiceReason]
    CHOICE_REASON_PREFERRED_BY_USER: _ClassVar[ChoiceReason]
    CHOICE_REASON_INFERRED: _ClassVar[ChoiceReason]
    CHOICE_REASON_RESPONSES: _ClassVar[ChoiceReason]
    CHOICE_REASON_USUAL_ORDER: _ClassVar[ChoiceReason]
    CHOICE_REASON_NONE: _ClassVar[ChoiceReason]
CHOICE_REASON_UNSPECIFIED: ChoiceReason
CHOICE_REASON_PREFERRED_BY_CUSTOMER: ChoiceReason
CHOICE_REASON_PREFERRED_BY_USER: ChoiceReason
CHOICE_REASON_INFERRED: ChoiceReason
CHOICE_REASON_RESPONSES: ChoiceReason
CHOICE_REASON_USUAL_ORDER: ChoiceReason
CHOICE_REASON_NONE: ChoiceReason

class ChannelPreference(_message.Message):
    __slots__ = ("id", "person_id", "purpose", "channel", "rank", "quiet_hours", "set_by", "confidence", "source", "create_time", "update_time", "delete_time", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    QUIET_HOURS_FIELD_NUMBER: _ClassVar[int]
    SET_BY_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    person_id: str
    purpose: _contacting_pb2.Purpose
    channel: _contacting_pb2.ContactChannel
    rank: int
    quiet_hours: QuietHours
    set_by: _contacting_pb2.Provenance
    confidence: float
    source: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, id: _Optional[str] = ..., person_id: _Optional[str] = ..., purpose: _Optional[_Union[_contacting_pb2.Purpose, str]] = ..., channel: _Optional[_Union[_contacting_pb2.ContactChannel, str]] = ..., rank: _Optional[int] = ..., quiet_hours: _Optional[_Union[QuietHours, _Mapping]] = ..., set_by: _Optional[_Union[_contacting_pb2.Provenance, str]] = ..., confidence: _Optional[float] = ..., source: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class QuietHours(_message.Message):
    __slots__ = ("start", "end", "time_zone")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    start: str
    end: str
    time_zone: str
    def __init__(self, start: _Optional[str] = ..., end: _Optional[str] = ..., time_zone: _Optional[str] = ...) -> None: ...

class GetChannelPreferenceRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListChannelPreferencesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "filter", "order_by", "show_deleted", "include_total_size")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    SHOW_DELETED_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    filter: str
    order_by: str
    show_deleted: bool
    include_total_size: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ..., show_deleted: _Optional[bool] = ..., include_total_size: _Optional[bool] = ...) -> None: ...

class ListChannelPreferencesResponse(_message.Message):
    __slots__ = ("channel_preferences", "next_page_token", "total_size", "total_size_capped")
    CHANNEL_PREFERENCES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_CAPPED_FIELD_NUMBER: _ClassVar[int]
    channel_preferences: _containers.RepeatedCompositeFieldContainer[ChannelPreference]
    next_page_token: str
    total_size: int
    total_size_capped: bool
    def __init__(self, channel_preferences: _Optional[_Iterable[_Union[ChannelPreference, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., total_size_capped: _Optional[bool] = ...) -> None: ...

class CreateChannelPreferenceRequest(_message.Message):
    __slots__ = ("channel_preference", "request_id", "validate_only")
    CHANNEL_PREFERENCE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    channel_preference: ChannelPreference
    request_id: str
    validate_only: bool
    def __init__(self, channel_preference: _Optional[_Union[ChannelPreference, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class UpdateChannelPreferenceRequest(_message.Message):
    __slots__ = ("channel_preference", "update_mask", "request_id", "validate_only")
    CHANNEL_PREFERENCE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    channel_preference: ChannelPreference
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    validate_only: bool
    def __init__(self, channel_preference: _Optional[_Union[ChannelPreference, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class DeleteChannelPreferenceRequest(_message.Message):
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

class UndeleteChannelPreferenceRequest(_message.Message):
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

class ChooseChannelRequest(_message.Message):
    __slots__ = ("person_id", "purpose", "at")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    purpose: _contacting_pb2.Purpose
    at: _timestamp_pb2.Timestamp
    def __init__(self, person_id: _Optional[str] = ..., purpose: _Optional[_Union[_contacting_pb2.Purpose, str]] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ChooseChannelResponse(_message.Message):
    __slots__ = ("chosen", "reason", "rejected")
    CHOSEN_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    chosen: _contacting_pb2.ContactVerdict
    reason: ChoiceReason
    rejected: _containers.RepeatedCompositeFieldContainer[_contacting_pb2.ContactVerdict]
    def __init__(self, chosen: _Optional[_Union[_contacting_pb2.ContactVerdict, _Mapping]] = ..., reason: _Optional[_Union[ChoiceReason, str]] = ..., rejected: _Optional[_Iterable[_Union[_contacting_pb2.ContactVerdict, _Mapping]]] = ...) -> None: ...
