from rapport.api.v1 import annotations_pb2 as _annotations_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DuplicateMatch(_message.Message):
    __slots__ = ("person_id", "score", "reasons", "organisation_id")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    score: float
    reasons: _containers.RepeatedCompositeFieldContainer[MatchReason]
    organisation_id: str
    def __init__(self, person_id: _Optional[str] = ..., score: _Optional[float] = ..., reasons: _Optional[_Iterable[_Union[MatchReason, _Mapping]]] = ..., organisation_id: _Optional[str] = ...) -> None: ...

class MatchReason(_message.Message):
    __slots__ = ("field", "method", "contribution")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    CONTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    field: str
    method: str
    contribution: float
    def __init__(self, field: _Optional[str] = ..., method: _Optional[str] = ..., contribution: _Optional[float] = ...) -> None: ...
