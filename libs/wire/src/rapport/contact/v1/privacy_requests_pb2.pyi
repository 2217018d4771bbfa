import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2_1
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PrivacyRight(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRIVACY_RIGHT_UNSPECIFIED: _ClassVar[PrivacyRight]
    PRIVACY_RIGHT_ACCESS: _ClassVar[PrivacyRight]
    PRIVACY_RIGHT_RECTIFY: _ClassVar[PrivacyRight]
    PRIVACY_RIGHT_ERASE: _ClassVar[PrivacyRight]
    PRIVACY_RIGHT_RESTRICT: _ClassVar[PrivacyRight]
    PRIVACY_RIGHT_PORT: _ClassVar[PrivacyRight]
    PRIVACY_RIGHT_OBJECT: _ClassVar[PrivacyRight]

class IdentityProof(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IDENTITY_PROOF_UNSPECIFIED: _ClassVar[IdentityProof]
    IDENTITY_PROOF_SIGN_IN: _ClassVar[IdentityProof]
    IDENTITY_PROOF_KNOWN_CHANNEL: _ClassVar[IdentityProof]
    IDENTITY_PROOF_DOCUMENT: _ClassVar[IdentityProof]
    IDENTITY_PROOF_IN_PERSON: _ClassVar[IdentityProof]

class PrivacyRequestState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRIVACY_REQUEST_STATE_UNSPECIFIED: _ClassVar[PrivacyRequestState]
    PRIVACY_REQUEST_STATE_OPEN: _ClassVar[PrivacyRequestState]
    PRIVACY_REQUEST_STATE_COMPLETED: _ClassVar[PrivacyRequestState]
    PRIVACY_REQUEST_STATE_REFUSED: _ClassVar[PrivacyRequestState]
PRIVACY_RIGHT_UNSPECIFIED: PrivacyRight
PRIVACY_RIGHT_ACCESS: PrivacyRight
PRIVACY_RIGHT_RECTIFY: PrivacyRight
PRIVACY_RIGHT_ERASE: PrivacyRight
PRIVACY_RIGHT_RESTRICT: PrivacyRight
PRIVACY_RIGHT_PORT: PrivacyRight
PRIVACY_RIGHT_OBJECT: PrivacyRight
IDENTITY_PROOF_UNSPECIFIED: IdentityProof
IDENTITY_PROOF_SIGN_IN: IdentityProof
IDENTITY_PROOF_KNOWN_CHANNEL: IdentityProof
IDENTITY_PROOF_DOCUMENT: IdentityProof
IDENTITY_PROOF_IN_PERSON: IdentityProof
PRIVACY_REQUEST_STATE_UNSPECIFIED: PrivacyRequestState
PRIVACY_REQUEST_STATE_OPEN: PrivacyRequestState
PRIVACY_REQUEST_STATE_COMPLETED: PrivacyRequestState
PRIVACY_REQUEST_STATE_REFUSED: PrivacyRequestState

class PrivacyRequest(_message.Message):
    __slots__ = ("id", "person_id", "right", "receive_time", "due_time", "identity_proof", "proof_reference", "state", "close_time", "outcome", "refusals", "lift_time", "lift_reason", "create_time", "update_time", "delete_time", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    RIGHT_FIELD_NUMBER: _ClassVar[int]
    RECEIVE_TIME_FIELD_NUMBER: _ClassVar[int]
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_PROOF_FIELD_NUMBER: _ClassVar[int]
    PROOF_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CLOSE_TIME_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REFUSALS_FIELD_NUMBER: _ClassVar[int]
    LIFT_TIME_FIELD_NUMBER: _ClassVar[int]
    LIFT_REASON_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    person_id: str
    right: PrivacyRight
    receive_time: _timestamp_pb2.Timestamp
    due_time: _timestamp_pb2.Timestamp
    identity_proof: IdentityProof
    proof_reference: str
    state: PrivacyRequestState
    close_time: _timestamp_pb2.Timestamp
    outcome: str
    refusals: _containers.RepeatedCompositeFieldContainer[PrivacyRefusal]
    lift_time: _timestamp_pb2.Timestamp
    lift_reason: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, id: _Optional[str] = ..., person_id: _Optional[str] = ..., right: _Optional[_Union[PrivacyRight, str]] = ..., receive_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., due_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., identity_proof: _Optional[_Union[IdentityProof, str]] = ..., proof_reference: _Optional[str] = ..., state: _Optional[_Union[PrivacyRequestState, str]] = ..., close_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., outcome: _Optional[str] = ..., refusals: _Optional[_Iterable[_Union[PrivacyRefusal, _Mapping]]] = ..., lift_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., lift_reason: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class PrivacyRefusal(_message.Message):
    __slots__ = ("what", "reason")
    WHAT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    what: str
    reason: str
    def __init__(self, what: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class GetPrivacyRequestRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListPrivacyRequestsRequest(_message.Message):
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

class ListPrivacyRequestsResponse(_message.Message):
    __slots__ = ("privacy_requests", "next_page_token", "total_size", "total_size_capped")
    PRIVACY_REQUESTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_CAPPED_FIELD_NUMBER: _ClassVar[int]
    privacy_requests: _containers.RepeatedCompositeFieldContainer[PrivacyRequest]
    next_page_token: str
    total_size: int
    total_size_capped: bool
    def __init__(self, privacy_requests: _Optional[_Iterable[_Union[PrivacyRequest, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., total_size_capped: _Optional[bool] = ...) -> None: ...

class CreatePrivacyRequestRequest(_message.Message):
    __slots__ = ("privacy_request", "request_id", "validate_only")
    PRIVACY_REQUEST_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    privacy_request: PrivacyRequest
    request_id: str
    validate_only: bool
    def __init__(self, privacy_request: _Optional[_Union[PrivacyRequest, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class UpdatePrivacyRequestRequest(_message.Message):
    __slots__ = ("privacy_request", "update_mask", "request_id", "validate_only")
    PRIVACY_REQUEST_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    privacy_request: PrivacyRequest
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    validate_only: bool
    def __init__(self, privacy_request: _Optional[_Union[PrivacyRequest, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class CompletePrivacyRequestRequest(_message.Message):
    __slots__ = ("id", "etag", "outcome", "refusals", "request_id", "validate_only")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REFUSALS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    outcome: str
    refusals: _containers.RepeatedCompositeFieldContainer[PrivacyRefusal]
    request_id: str
    validate_only: bool
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., outcome: _Optional[str] = ..., refusals: _Optional[_Iterable[_Union[PrivacyRefusal, _Mapping]]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class RefusePrivacyRequestRequest(_message.Message):
    __slots__ = ("id", "etag", "refusals", "request_id", "validate_only")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REFUSALS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    refusals: _containers.RepeatedCompositeFieldContainer[PrivacyRefusal]
    request_id: str
    validate_only: bool
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., refusals: _Optional[_Iterable[_Union[PrivacyRefusal, _Mapping]]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class LiftPrivacyRequestRequest(_message.Message):
    __slots__ = ("id", "etag", "reason", "request_id", "validate_only")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    reason: str
    request_id: str
    validate_only: bool
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., reason: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...
