from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Sealed(_message.Message):
    __slots__ = ("subject_id", "content")
    SUBJECT_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    subject_id: str
    content: bytes
    def __init__(self, subject_id: _Optional[str] = ..., content: _Optional[bytes] = ...) -> None: ...

class SealedAnswer(_message.Message):
    __slots__ = ("public", "parts")
    PUBLIC_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    public: bytes
    parts: _containers.RepeatedCompositeFieldContainer[Sealed]
    def __init__(self, public: _Optional[bytes] = ..., parts: _Optional[_Iterable[_Union[Sealed, _Mapping]]] = ...) -> None: ...

class ReadSubjectKeysRequest(_message.Message):
    __slots__ = ("tenant_id", "subject_ids")
    TENANT_ID_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_IDS_FIELD_NUMBER: _ClassVar[int]
    tenant_id: str
    subject_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, tenant_id: _Optional[str] = ..., subject_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ReadSubjectKeysResponse(_message.Message):
    __slots__ = ("keys", "unavailable")
    class KeysEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: bytes
        def __init__(self, key: _Optional[str] = ..., value: _Optional[bytes] = ...) -> None: ...
    KEYS_FIELD_NUMBER: _ClassVar[int]
    UNAVAILABLE_FIELD_NUMBER: _ClassVar[int]
    keys: _containers.ScalarMap[str, bytes]
    unavailable: bool
    def __init__(self, keys: _Optional[_Mapping[str, bytes]] = ..., unavailable: _Optional[bool] = ...) -> None: ...
