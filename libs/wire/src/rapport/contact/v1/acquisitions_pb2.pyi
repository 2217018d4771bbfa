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

class AcquisitionSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACQUISITION_SOURCE_UNSPECIFIED: _ClassVar[AcquisitionSource]
    ACQUISITION_SOURCE_WEB_SEARCH: _ClassVar[AcquisitionSource]
    ACQUISITION_SOURCE_SOCIAL: _ClassVar[AcquisitionSource]
    ACQUISITION_SOURCE_NEWSPAPER: _ClassVar[AcquisitionSource]
    ACQUISITION_SOURCE_WORD_OF_MOUTH: _ClassVar[AcquisitionSource]
    ACQUISITION_SOURCE_EVENT: _ClassVar[AcquisitionSource]
    ACQUISITION_SOURCE_PARTNER: _ClassVar[AcquisitionSource]
    ACQUISITION_SOURCE_AD: _ClassVar[AcquisitionSource]
    ACQUISITION_SOURCE_OUTBOUND: _ClassVar[AcquisitionSource]
    ACQUISITION_SOURCE_OTHER: _ClassVar[AcquisitionSource]
ACQUISITION_SOURCE_UNSPECIFIED: AcquisitionSource
ACQUISITION_SOURCE_WEB_SEARCH: AcquisitionSource
ACQUISITION_SOURCE_SOCIAL: AcquisitionSource
ACQUISITION_SOURCE_NEWSPAPER: AcquisitionSource
ACQUISITION_SOURCE_WORD_OF_MOUTH: AcquisitionSource
ACQUISITION_SOURCE_EVENT: AcquisitionSource
ACQUISITION_SOURCE_PARTNER: AcquisitionSource
ACQUISITION_SOURCE_AD: AcquisitionSource
ACQUISITION_SOURCE_OUTBOUND: AcquisitionSource
ACQUISITION_SOURCE_OTHER: AcquisitionSource

class Acquisition(_message.Message):
    __slots__ = ("id", "person_id", "source", "medium", "campaign_id", "referrer_person_id", "utm", "landing_url", "capture_time", "first_touch", "create_time", "update_time", "delete_time", "etag")
    class UtmEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    MEDIUM_FIELD_NUMBER: _ClassVar[int]
    CAMPAIGN_ID_FIELD_NUMBER: _ClassVar[int]
    REFERRER_PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    UTM_FIELD_NUMBER: _ClassVar[int]
    LANDING_URL_FIELD_NUMBER: _ClassVar[int]
    CAPTURE_TIME_FIELD_NUMBER: _ClassVar[int]
    FIRST_TOUCH_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    person_id: str
    source: AcquisitionSource
    medium: str
    campaign_id: str
    referrer_person_id: str
    utm: _containers.ScalarMap[str, str]
    landing_url: str
    capture_time: _timestamp_pb2.Timestamp
    first_touch: bool
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, id: _Optional[str] = ..., person_id: _Optional[str] = ..., source: _Optional[_Union[AcquisitionSource, str]] = ..., medium: _Optional[str] = ..., campaign_id: _Optional[str] = ..., referrer_person_id: _Optional[str] = ..., utm: _Optional[_Mapping[str, str]] = ..., landing_url: _Optional[str] = ..., capture_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., first_touch: _Optional[bool] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class GetAcquisitionRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListAcquisitionsRequest(_message.Message):
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

class ListAcquisitionsResponse(_message.Message):
    __slots__ = ("acquisitions", "next_page_token", "total_size", "total_size_capped")
    ACQUISITIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_CAPPED_FIELD_NUMBER: _ClassVar[int]
    acquisitions: _containers.RepeatedCompositeFieldContainer[Acquisition]
    next_page_token: str
    total_size: int
    total_size_capped: bool
    def __init__(self, acquisitions: _Optional[_Iterable[_Union[Acquisition, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., total_size_capped: _Optional[bool] = ...) -> None: ...

class CreateAcquisitionRequest(_message.Message):
    __slots__ = ("acquisition", "request_id", "validate_only")
    ACQUISITION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    acquisition: Acquisition
    request_id: str
    validate_only: bool
    def __init__(self, acquisition: _Optional[_Union[Acquisition, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class GetFirstTouchRequest(_message.Message):
    __slots__ = ("person_id",)
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    def __init__(self, person_id: _Optional[str] = ...) -> None: ...
