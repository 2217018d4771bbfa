from google.protobuf import descriptor_pb2 as _descriptor_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DataClass(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DATA_CLASS_UNSPECIFIED: _ClassVar[DataClass]
    DATA_CLASS_PUBLIC: _ClassVar[DataClass]
    DATA_CLASS_PERSONAL: _ClassVar[DataClass]
    DATA_CLASS_SENSITIVE: _ClassVar[DataClass]
    DATA_CLASS_UNATTRIBUTED: _ClassVar[DataClass]

class Format(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FORMAT_UNSPECIFIED: _ClassVar[Format]
    FORMAT_UUID: _ClassVar[Format]
    FORMAT_LOCALE: _ClassVar[Format]
    FORMAT_TIME_ZONE: _ClassVar[Format]
    FORMAT_COUNTRY: _ClassVar[Format]
DATA_CLASS_UNSPECIFIED: DataClass
DATA_CLASS_PUBLIC: DataClass
DATA_CLASS_PERSONAL: DataClass
DATA_CLASS_SENSITIVE: DataClass
DATA_CLASS_UNATTRIBUTED: DataClass
FORMAT_UNSPECIFIED: Format
FORMAT_UUID: Format
FORMAT_LOCALE: Format
FORMAT_TIME_ZONE: Format
FORMAT_COUNTRY: Format
ACCESS_FIELD_NUMBER: _ClassVar[int]
access: _descriptor.FieldDescriptor
FIELD_FIELD_NUMBER: _ClassVar[int]
field: _descriptor.FieldDescriptor
RESOURCE_FIELD_NUMBER: _ClassVar[int]
resource: _descriptor.FieldDescriptor
EVENT_FIELD_NUMBER: _ClassVar[int]
event: _descriptor.FieldDescriptor

class Access(_message.Message):
    __slots__ = ("permission", "public", "authenticated")
    PERMISSION_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_FIELD_NUMBER: _ClassVar[int]
    AUTHENTICATED_FIELD_NUMBER: _ClassVar[int]
    permission: str
    public: bool
    authenticated: bool
    def __init__(self, permission: _Optional[str] = ..., public: _Optional[bool] = ..., authenticated: _Optional[bool] = ...) -> None: ...

class Field(_message.Message):
    __slots__ = ("data_class", "max_length", "max_items", "format", "filterable", "sortable")
    DATA_CLASS_FIELD_NUMBER: _ClassVar[int]
    MAX_LENGTH_FIELD_NUMBER: _ClassVar[int]
    MAX_ITEMS_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    FILTERABLE_FIELD_NUMBER: _ClassVar[int]
    SORTABLE_FIELD_NUMBER: _ClassVar[int]
    data_class: DataClass
    max_length: int
    max_items: int
    format: Format
    filterable: bool
    sortable: bool
    def __init__(self, data_class: _Optional[_Union[DataClass, str]] = ..., max_length: _Optional[int] = ..., max_items: _Optional[int] = ..., format: _Optional[_Union[Format, str]] = ..., filterable: _Optional[bool] = ..., sortable: _Optional[bool] = ...) -> None: ...

class Resource(_message.Message):
    __slots__ = ("subject",)
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    subject: str
    def __init__(self, subject: _Optional[str] = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ("ends_subject", "resource")
    ENDS_SUBJECT_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    ends_subject: bool
    resource: str
    def __init__(self, ends_subject: _Optional[bool] = ..., resource: _Optional[str] = ...) -> None: ...
