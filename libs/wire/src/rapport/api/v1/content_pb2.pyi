from rapport.api.v1 import annotations_pb2 as _annotations_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Content(_message.Message):
    __slots__ = ("data", "content_type", "last", "file_name", "size", "start", "end", "etag")
    DATA_FIELD_NUMBER: _ClassVar[int]
    CONTENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    content_type: str
    last: bool
    file_name: str
    size: int
    start: int
    end: int
    etag: str
    def __init__(self, data: _Optional[bytes] = ..., content_type: _Optional[str] = ..., last: _Optional[bool] = ..., file_name: _Optional[str] = ..., size: _Optional[int] = ..., start: _Optional[int] = ..., end: _Optional[int] = ..., etag: _Optional[str] = ...) -> None: ...
