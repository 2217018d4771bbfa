from google.api import annotations_pb2 as _annotations_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2_1
from rapport.api.v1 import content_pb2 as _content_pb2
from rapport.contact.v1 import imports_pb2 as _imports_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ExportPeopleRequest(_message.Message):
    __slots__ = ("file_format", "filter", "order_by", "columns", "range")
    FILE_FORMAT_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    file_format: _imports_pb2.FileFormat
    filter: str
    order_by: str
    columns: _containers.RepeatedScalarFieldContainer[str]
    range: str
    def __init__(self, file_format: _Optional[_Union[_imports_pb2.FileFormat, str]] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ..., columns: _Optional[_Iterable[str]] = ..., range: _Optional[str] = ...) -> None: ...

class ExportOrganisationsRequest(_message.Message):
    __slots__ = ("file_format", "filter", "order_by", "columns", "range")
    FILE_FORMAT_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    file_format: _imports_pb2.FileFormat
    filter: str
    order_by: str
    columns: _containers.RepeatedScalarFieldContainer[str]
    range: str
    def __init__(self, file_format: _Optional[_Union[_imports_pb2.FileFormat, str]] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ..., columns: _Optional[_Iterable[str]] = ..., range: _Optional[str] = ...) -> None: ...
