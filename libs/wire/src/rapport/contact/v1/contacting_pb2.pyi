import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Purpose(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PURPOSE_UNSPECIFIED: _ClassVar[Purpose]
    PURPOSE_SALES: _ClassVar[Purpose]
    PURPOSE_MARKETING: _ClassVar[Purpose]
    PURPOSE_SERVICE: _ClassVar[Purpose]
    PURPOSE_BILLING: _ClassVar[Purpose]

class ContactChannel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONTACT_CHANNEL_UNSPECIFIED: _ClassVar[ContactChannel]
    CONTACT_CHANNEL_EMAIL: _ClassVar[ContactChannel]
    CONTACT_CHANNEL_PHONE: _ClassVar[ContactChannel]
    CONTACT_CHANNEL_SMS: _ClassVar[ContactChannel]
    CONTACT_CHANNEL_POSTAL: _ClassVar[ContactChannel]
    CONTACT_CHANNEL_SOCIAL: _ClassVar[ContactChannel]

class Provenance(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROVENANCE_UNSPECIFIED: _ClassVar[Provenance]
    PROVENANCE_CUSTOMER: _ClassVar[Provenance]
    PROVENANCE_USER: _ClassVar[Provenance]
    PROVENANCE_INFERRED: _ClassVar[Provenance]

class ContactReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONTACT_REASON_UNSPECIFIED: _ClassVar[ContactReason]
    CONTACT_REASON_GRANTED: _ClassVar[ContactReason]
    CONTACT_REASON_PERFORMANCE: _ClassVar[ContactReason]
    CONTACT_REASON_NO_CONSENT: _ClassVar[ContactReason]
    CONTACT_REASON_DENIED: _ClassVar[ContactReason]
    CONTACT_REASON_WITHDRAWN: _ClassVar[ContactReason]
    CONTACT_REASON_EXPIRED: _ClassVar[ContactReason]
    CONTACT_REASON_DO_NOT_CALL: _ClassVar[ContactReason]
    CONTACT_REASON_NO_ADDRESS: _ClassVar[ContactReason]
    CONTACT_REASON_OPTED_OUT: _ClassVar[ContactReason]
    CONTACT_REASON_BOUNCED: _ClassVar[ContactReason]
    CONTACT_REASON_QUIET_HOURS: _ClassVar[ContactReason]
    CONTACT_REASON_LESS_PREFERRED: _ClassVar[ContactReason]
    CONTACT_REASON_OBJECTED: _ClassVar[ContactReason]
    CONTACT_REASON_RESTRICTED: _ClassVar[ContactReason]
PURPOSE_UNSPECIFIED: Purpose
PURPOSE_SALES: Purpose
PURPOSE_MARKETING: Purpose
PURPOSE_SERVICE: Purpose
PURPOSE_BILLING: Purpose
CONTACT_CHANNEL_UNSPECIFIED: ContactChannel
CONTACT_CHANNEL_EMAIL: ContactChannel
CONTACT_CHANNEL_PHONE: ContactChannel
CONTACT_CHANNEL_SMS: ContactChannel
CONTACT_CHANNEL_POSTAL: ContactChannel
CONTACT_CHANNEL_SOCIAL: ContactChannel
PROVENANCE_UNSPECIFIED: Provenance
PROVENANCE_CUSTOMER: Provenance
PROVENANCE_USER: Provenance
PROVENANCE_INFERRED: Provenance
CONTACT_REASON_UNSPECIFIED: ContactReason
CONTACT_REASON_GRANTED: ContactReason
CONTACT_REASON_PERFORMANCE: ContactReason
CONTACT_REASON_NO_CONSENT: ContactReason
CONTACT_REASON_DENIED: ContactReason
CONTACT_REASON_WITHDRAWN: ContactReason
CONTACT_REASON_EXPIRED: ContactReason
CONTACT_REASON_DO_NOT_CALL: ContactReason
CONTACT_REASON_NO_ADDRESS: ContactReason
CONTACT_REASON_OPTED_OUT: ContactReason
CONTACT_REASON_BOUNCED: ContactReason
CONTACT_REASON_QUIET_HOURS: ContactReason
CONTACT_REASON_LESS_PREFERRED: ContactReason
CONTACT_REASON_OBJECTED: ContactReason
CONTACT_REASON_RESTRICTED: ContactReason

class ContactVerdict(_message.Message):
    __slots__ = ("person_id", "purpose", "channel", "allowed", "reason", "consent_id", "channel_id", "address", "not_before", "time_zone")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_ID_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    purpose: Purpose
    channel: ContactChannel
    allowed: bool
    reason: ContactReason
    consent_id: str
    channel_id: str
    address: str
    not_before: _timestamp_pb2.Timestamp
    time_zone: str
    def __init__(self, person_id: _Optional[str] = ..., purpose: _Optional[_Union[Purpose, str]] = ..., channel: _Optional[_Union[ContactChannel, str]] = ..., allowed: _Optional[bool] = ..., reason: _Optional[_Union[ContactReason, str]] = ..., consent_id: _Optional[str] = ..., channel_id: _Optional[str] = ..., address: _Optional[str] = ..., not_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., time_zone: _Optional[str] = ...) -> None: ...
