import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2_1
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DataQuality(_message.Message):
    __slots__ = ("person_id", "organisation_id", "score", "completeness", "validity", "freshness", "uniqueness", "issues", "evaluation_time")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    COMPLETENESS_FIELD_NUMBER: _ClassVar[int]
    VALIDITY_FIELD_NUMBER: _ClassVar[int]
    FRESHNESS_FIELD_NUMBER: _ClassVar[int]
    UNIQUENESS_FIELD_NUMBER: _ClassVar[int]
    ISSUES_FIELD_NUMBER: _ClassVar[int]
    EVALUATION_TIME_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    organisation_id: str
    score: int
    completeness: int
    validity: int
    freshness: int
    uniqueness: int
    issues: _containers.RepeatedCompositeFieldContainer[DataQualityIssue]
    evaluation_time: _timestamp_pb2.Timestamp
    def __init__(self, person_id: _Optional[str] = ..., organisation_id: _Optional[str] = ..., score: _Optional[int] = ..., completeness: _Optional[int] = ..., validity: _Optional[int] = ..., freshness: _Optional[int] = ..., uniqueness: _Optional[int] = ..., issues: _Optional[_Iterable[_Union[DataQualityIssue, _Mapping]]] = ..., evaluation_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class DataQualityIssue(_message.Message):
    __slots__ = ("reason", "cost", "message")
    REASON_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    reason: str
    cost: int
    message: str
    def __init__(self, reason: _Optional[str] = ..., cost: _Optional[int] = ..., message: _Optional[str] = ...) -> None: ...

class GetPersonDataQualityRequest(_message.Message):
    __slots__ = ("person_id",)
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    def __init__(self, person_id: _Optional[str] = ...) -> None: ...

class ListPersonDataQualitiesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "issue")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ISSUE_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    issue: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., issue: _Optional[str] = ...) -> None: ...

class ListPersonDataQualitiesResponse(_message.Message):
    __slots__ = ("data_qualities", "next_page_token")
    DATA_QUALITIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    data_qualities: _containers.RepeatedCompositeFieldContainer[DataQuality]
    next_page_token: str
    def __init__(self, data_qualities: _Optional[_Iterable[_Union[DataQuality, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetOrganisationDataQualityRequest(_message.Message):
    __slots__ = ("organisation_id",)
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    def __init__(self, organisation_id: _Optional[str] = ...) -> None: ...

class ListOrganisationDataQualitiesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "issue")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ISSUE_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    issue: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., issue: _Optional[str] = ...) -> None: ...

class ListOrganisationDataQualitiesResponse(_message.Message):
    __slots__ = ("data_qualities", "next_page_token")
    DATA_QUALITIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    data_qualities: _containers.RepeatedCompositeFieldContainer[DataQuality]
    next_page_token: str
    def __init__(self, data_qualities: _Optional[_Iterable[_Union[DataQuality, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
