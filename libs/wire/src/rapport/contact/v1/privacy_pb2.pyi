import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2_1
from rapport.contact.v1 import legal_holds_pb2 as _legal_holds_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ErasureReceipt(_message.Message):
    __slots__ = ("person_id", "erase_time", "erased_by", "erased_rows", "key_digest", "token", "refusals")
    class ErasedRowsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    ERASE_TIME_FIELD_NUMBER: _ClassVar[int]
    ERASED_BY_FIELD_NUMBER: _ClassVar[int]
    ERASED_ROWS_FIELD_NUMBER: _ClassVar[int]
    KEY_DIGEST_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    REFUSALS_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    erase_time: _timestamp_pb2.Timestamp
    erased_by: str
    erased_rows: _containers.ScalarMap[str, int]
    key_digest: str
    token: str
    refusals: _containers.RepeatedCompositeFieldContainer[ErasureRefusal]
    def __init__(self, person_id: _Optional[str] = ..., erase_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., erased_by: _Optional[str] = ..., erased_rows: _Optional[_Mapping[str, int]] = ..., key_digest: _Optional[str] = ..., token: _Optional[str] = ..., refusals: _Optional[_Iterable[_Union[ErasureRefusal, _Mapping]]] = ...) -> None: ...

class ErasureRefusal(_message.Message):
    __slots__ = ("legal_hold_id", "reason", "kept", "until_time")
    LEGAL_HOLD_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    legal_hold_id: str
    reason: str
    kept: _containers.RepeatedScalarFieldContainer[_legal_holds_pb2.HeldData]
    until_time: _timestamp_pb2.Timestamp
    def __init__(self, legal_hold_id: _Optional[str] = ..., reason: _Optional[str] = ..., kept: _Optional[_Iterable[_Union[_legal_holds_pb2.HeldData, str]]] = ..., until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetReceiptKeysRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ReceiptKeys(_message.Message):
    __slots__ = ("keys",)
    KEYS_FIELD_NUMBER: _ClassVar[int]
    keys: _containers.RepeatedCompositeFieldContainer[ReceiptKey]
    def __init__(self, keys: _Optional[_Iterable[_Union[ReceiptKey, _Mapping]]] = ...) -> None: ...

class ReceiptKey(_message.Message):
    __slots__ = ("kty", "crv", "kid", "x")
    KTY_FIELD_NUMBER: _ClassVar[int]
    CRV_FIELD_NUMBER: _ClassVar[int]
    KID_FIELD_NUMBER: _ClassVar[int]
    X_FIELD_NUMBER: _ClassVar[int]
    kty: str
    crv: str
    kid: str
    x: str
    def __init__(self, kty: _Optional[str] = ..., crv: _Optional[str] = ..., kid: _Optional[str] = ..., x: _Optional[str] = ...) -> None: ...

class RotateSubjectKeysRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RotateSubjectKeysResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
