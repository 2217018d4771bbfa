import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2_1
from rapport.contact.v1 import channels_pb2 as _channels_pb2
from rapport.contact.v1 import matches_pb2 as _matches_pb2
from rapport.contact.v1 import privacy_pb2 as _privacy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PersonKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PERSON_KIND_UNSPECIFIED: _ClassVar[PersonKind]
    PERSON_KIND_CUSTOMER: _ClassVar[PersonKind]
    PERSON_KIND_SUPPLIER: _ClassVar[PersonKind]
    PERSON_KIND_PARTNER: _ClassVar[PersonKind]
    PERSON_KIND_ADVISER: _ClassVar[PersonKind]
    PERSON_KIND_EMPLOYEE: _ClassVar[PersonKind]
    PERSON_KIND_PRESS: _ClassVar[PersonKind]

class LifecycleStage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LIFECYCLE_STAGE_UNSPECIFIED: _ClassVar[LifecycleStage]
    LIFECYCLE_STAGE_SUBSCRIBER: _ClassVar[LifecycleStage]
    LIFECYCLE_STAGE_LEAD: _ClassVar[LifecycleStage]
    LIFECYCLE_STAGE_MARKETING_QUALIFIED: _ClassVar[LifecycleStage]
    LIFECYCLE_STAGE_SALES_QUALIFIED: _ClassVar[LifecycleStage]
    LIFECYCLE_STAGE_OPPORTUNITY: _ClassVar[LifecycleStage]
    LIFECYCLE_STAGE_CUSTOMER: _ClassVar[LifecycleStage]
    LIFECYCLE_STAGE_EVANGELIST: _ClassVar[LifecycleStage]
    LIFECYCLE_STAGE_FORMER_CUSTOMER: _ClassVar[LifecycleStage]
    LIFECYCLE_STAGE_OTHER: _ClassVar[LifecycleStage]
PERSON_KIND_UNSPECIFIED: PersonKind
PERSON_KIND_CUSTOMER: PersonKind
PERSON_KIND_SUPPLIER: PersonKind
PERSON_KIND_PARTNER: PersonKind
PERSON_KIND_ADVISER: PersonKind
PERSON_KIND_EMPLOYEE: PersonKind
PERSON_KIND_PRESS: PersonKind
LIFECYCLE_STAGE_UNSPECIFIED: LifecycleStage
LIFECYCLE_STAGE_SUBSCRIBER: LifecycleStage
LIFECYCLE_STAGE_LEAD: LifecycleStage
LIFECYCLE_STAGE_MARKETING_QUALIFIED: LifecycleStage
LIFECYCLE_STAGE_SALES_QUALIFIED: LifecycleStage
LIFECYCLE_STAGE_OPPORTUNITY: LifecycleStage
LIFECYCLE_STAGE_CUSTOMER: LifecycleStage
LIFECYCLE_STAGE_EVANGELIST: LifecycleStage
LIFECYCLE_STAGE_FORMER_CUSTOMER: LifecycleStage
LIFECYCLE_STAGE_OTHER: LifecycleStage

class Person(_message.Message):
    __slots__ = ("id", "display_name", "given_name", "family_name", "middle_name", "name_prefix", "name_suffix", "gender", "birth_date", "locale", "time_zone", "lifecycle_stage", "job_title", "organisation_id", "channels", "external_ids", "annotations", "owner_id", "team_id", "create_time", "update_time", "delete_time", "kind", "merged_into", "duplicate_candidates", "etag")
    class AnnotationsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    GIVEN_NAME_FIELD_NUMBER: _ClassVar[int]
    FAMILY_NAME_FIELD_NUMBER: _ClassVar[int]
    MIDDLE_NAME_FIELD_NUMBER: _ClassVar[int]
    NAME_PREFIX_FIELD_NUMBER: _ClassVar[int]
    NAME_SUFFIX_FIELD_NUMBER: _ClassVar[int]
    GENDER_FIELD_NUMBER: _ClassVar[int]
    BIRTH_DATE_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    LIFECYCLE_STAGE_FIELD_NUMBER: _ClassVar[int]
    JOB_TITLE_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_IDS_FIELD_NUMBER: _ClassVar[int]
    ANNOTATIONS_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    TEAM_ID_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MERGED_INTO_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    display_name: str
    given_name: str
    family_name: str
    middle_name: str
    name_prefix: str
    name_suffix: str
    gender: str
    birth_date: _date_pb2.Date
    locale: str
    time_zone: str
    lifecycle_stage: LifecycleStage
    job_title: str
    organisation_id: str
    channels: _containers.RepeatedCompositeFieldContainer[_channels_pb2.Channel]
    external_ids: _containers.RepeatedCompositeFieldContainer[_channels_pb2.ExternalId]
    annotations: _containers.ScalarMap[str, str]
    owner_id: str
    team_id: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    kind: PersonKind
    merged_into: str
    duplicate_candidates: _containers.RepeatedCompositeFieldContainer[_matches_pb2.DuplicateMatch]
    etag: str
    def __init__(self, id: _Optional[str] = ..., display_name: _Optional[str] = ..., given_name: _Optional[str] = ..., family_name: _Optional[str] = ..., middle_name: _Optional[str] = ..., name_prefix: _Optional[str] = ..., name_suffix: _Optional[str] = ..., gender: _Optional[str] = ..., birth_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., locale: _Optional[str] = ..., time_zone: _Optional[str] = ..., lifecycle_stage: _Optional[_Union[LifecycleStage, str]] = ..., job_title: _Optional[str] = ..., organisation_id: _Optional[str] = ..., channels: _Optional[_Iterable[_Union[_channels_pb2.Channel, _Mapping]]] = ..., external_ids: _Optional[_Iterable[_Union[_channels_pb2.ExternalId, _Mapping]]] = ..., annotations: _Optional[_Mapping[str, str]] = ..., owner_id: _Optional[str] = ..., team_id: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., kind: _Optional[_Union[PersonKind, str]] = ..., merged_into: _Optional[str] = ..., duplicate_candidates: _Optional[_Iterable[_Union[_matches_pb2.DuplicateMatch, _Mapping]]] = ..., etag: _Optional[str] = ...) -> None: ...

class GetPersonRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class BatchGetPeopleRequest(_message.Message):
    __slots__ = ("ids",)
    IDS_FIELD_NUMBER: _ClassVar[int]
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, ids: _Optional[_Iterable[str]] = ...) -> None: ...

class BatchGetPeopleResponse(_message.Message):
    __slots__ = ("people",)
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    people: _containers.RepeatedCompositeFieldContainer[Person]
    def __init__(self, people: _Optional[_Iterable[_Union[Person, _Mapping]]] = ...) -> None: ...

class ListPeopleRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "filter", "order_by", "show_deleted", "include_total_size")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    SHOW_DELETED_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    filter: str
    order_by: str
    show_deleted: bool
    include_total_size: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ..., show_deleted: _Optional[bool] = ..., include_total_size: _Optional[bool] = ...) -> None: ...

class ListPeopleResponse(_message.Message):
    __slots__ = ("people", "next_page_token", "total_size", "total_size_capped")
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_CAPPED_FIELD_NUMBER: _ClassVar[int]
    people: _containers.RepeatedCompositeFieldContainer[Person]
    next_page_token: str
    total_size: int
    total_size_capped: bool
    def __init__(self, people: _Optional[_Iterable[_Union[Person, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., total_size_capped: _Optional[bool] = ...) -> None: ...

class CreatePersonRequest(_message.Message):
    __slots__ = ("person", "request_id", "validate_only", "allow_duplicate")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    ALLOW_DUPLICATE_FIELD_NUMBER: _ClassVar[int]
    person: Person
    request_id: str
    validate_only: bool
    allow_duplicate: bool
    def __init__(self, person: _Optional[_Union[Person, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., allow_duplicate: _Optional[bool] = ...) -> None: ...

class BatchCreatePeopleRequest(_message.Message):
    __slots__ = ("requests", "request_id", "validate_only")
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[CreatePersonRequest]
    request_id: str
    validate_only: bool
    def __init__(self, requests: _Optional[_Iterable[_Union[CreatePersonRequest, _Mapping]]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class BatchCreatePeopleResponse(_message.Message):
    __slots__ = ("people",)
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    people: _containers.RepeatedCompositeFieldContainer[Person]
    def __init__(self, people: _Optional[_Iterable[_Union[Person, _Mapping]]] = ...) -> None: ...

class UpdatePersonRequest(_message.Message):
    __slots__ = ("person", "update_mask", "request_id", "validate_only")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    person: Person
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    validate_only: bool
    def __init__(self, person: _Optional[_Union[Person, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class DeletePersonRequest(_message.Message):
    __slots__ = ("id", "etag", "request_id", "validate_only")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    request_id: str
    validate_only: bool
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class UndeletePersonRequest(_message.Message):
    __slots__ = ("id", "etag", "request_id", "validate_only")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    request_id: str
    validate_only: bool
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class ErasePersonRequest(_message.Message):
    __slots__ = ("id", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class ListPersonRevisionsRequest(_message.Message):
    __slots__ = ("id", "page_size", "page_token")
    ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    id: str
    page_size: int
    page_token: str
    def __init__(self, id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPersonRevisionsResponse(_message.Message):
    __slots__ = ("revisions", "next_page_token")
    REVISIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    revisions: _containers.RepeatedCompositeFieldContainer[PersonRevision]
    next_page_token: str
    def __init__(self, revisions: _Optional[_Iterable[_Union[PersonRevision, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class PersonRevision(_message.Message):
    __slots__ = ("snapshot", "update_mask", "create_time", "actor")
    SNAPSHOT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    snapshot: Person
    update_mask: _field_mask_pb2.FieldMask
    create_time: _timestamp_pb2.Timestamp
    actor: str
    def __init__(self, snapshot: _Optional[_Union[Person, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ...) -> None: ...

class SearchPeopleRequest(_message.Message):
    __slots__ = ("query", "page_size")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    query: str
    page_size: int
    def __init__(self, query: _Optional[str] = ..., page_size: _Optional[int] = ...) -> None: ...

class SearchPeopleResponse(_message.Message):
    __slots__ = ("people",)
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    people: _containers.RepeatedCompositeFieldContainer[Person]
    def __init__(self, people: _Optional[_Iterable[_Union[Person, _Mapping]]] = ...) -> None: ...

class FindDuplicatesRequest(_message.Message):
    __slots__ = ("person",)
    PERSON_FIELD_NUMBER: _ClassVar[int]
    person: Person
    def __init__(self, person: _Optional[_Union[Person, _Mapping]] = ...) -> None: ...

class FindDuplicatesResponse(_message.Message):
    __slots__ = ("duplicate_candidates", "skipped_keys")
    DUPLICATE_CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_KEYS_FIELD_NUMBER: _ClassVar[int]
    duplicate_candidates: _containers.RepeatedCompositeFieldContainer[_matches_pb2.DuplicateMatch]
    skipped_keys: int
    def __init__(self, duplicate_candidates: _Optional[_Iterable[_Union[_matches_pb2.DuplicateMatch, _Mapping]]] = ..., skipped_keys: _Optional[int] = ...) -> None: ...
