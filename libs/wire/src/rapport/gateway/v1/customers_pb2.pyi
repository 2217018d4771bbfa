import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.api.v1 import annotations_pb2 as _annotations_pb2_1
from rapport.api.v1 import customer_panels_pb2 as _customer_panels_pb2
from rapport.contact.v1 import contacting_pb2 as _contacting_pb2
from rapport.contact.v1 import organisations_pb2 as _organisations_pb2
from rapport.contact.v1 import people_pb2 as _people_pb2
from rapport.contact.v1 import relations_pb2 as _relations_pb2
from rapport.contact.v1 import tasks_pb2 as _tasks_pb2
from rapport.contact.v1 import timeline_pb2 as _timeline_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PanelState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PANEL_STATE_UNSPECIFIED: _ClassVar[PanelState]
    PANEL_STATE_OK: _ClassVar[PanelState]
    PANEL_STATE_LATE: _ClassVar[PanelState]
    PANEL_STATE_UNAVAILABLE: _ClassVar[PanelState]
    PANEL_STATE_DENIED: _ClassVar[PanelState]
    PANEL_STATE_ABSENT: _ClassVar[PanelState]
PANEL_STATE_UNSPECIFIED: PanelState
PANEL_STATE_OK: PanelState
PANEL_STATE_LATE: PanelState
PANEL_STATE_UNAVAILABLE: PanelState
PANEL_STATE_DENIED: PanelState
PANEL_STATE_ABSENT: PanelState

class GetCustomerViewRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class CustomerView(_message.Message):
    __slots__ = ("id", "header", "timeline", "open_tasks", "contactability", "relations", "departments")
    ID_FIELD_NUMBER: _ClassVar[int]
    HEADER_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    OPEN_TASKS_FIELD_NUMBER: _ClassVar[int]
    CONTACTABILITY_FIELD_NUMBER: _ClassVar[int]
    RELATIONS_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENTS_FIELD_NUMBER: _ClassVar[int]
    id: str
    header: CustomerHeader
    timeline: TimelinePanel
    open_tasks: OpenTasksPanel
    contactability: ContactabilityPanel
    relations: RelationsPanel
    departments: _containers.RepeatedCompositeFieldContainer[DepartmentPanel]
    def __init__(self, id: _Optional[str] = ..., header: _Optional[_Union[CustomerHeader, _Mapping]] = ..., timeline: _Optional[_Union[TimelinePanel, _Mapping]] = ..., open_tasks: _Optional[_Union[OpenTasksPanel, _Mapping]] = ..., contactability: _Optional[_Union[ContactabilityPanel, _Mapping]] = ..., relations: _Optional[_Union[RelationsPanel, _Mapping]] = ..., departments: _Optional[_Iterable[_Union[DepartmentPanel, _Mapping]]] = ...) -> None: ...

class PanelStatus(_message.Message):
    __slots__ = ("state", "reason", "read_time", "age")
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    READ_TIME_FIELD_NUMBER: _ClassVar[int]
    AGE_FIELD_NUMBER: _ClassVar[int]
    state: PanelState
    reason: str
    read_time: _timestamp_pb2.Timestamp
    age: _duration_pb2.Duration
    def __init__(self, state: _Optional[_Union[PanelState, str]] = ..., reason: _Optional[str] = ..., read_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., age: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class CustomerHeader(_message.Message):
    __slots__ = ("status", "person", "organisation")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    status: PanelStatus
    person: _people_pb2.Person
    organisation: _organisations_pb2.Organisation
    def __init__(self, status: _Optional[_Union[PanelStatus, _Mapping]] = ..., person: _Optional[_Union[_people_pb2.Person, _Mapping]] = ..., organisation: _Optional[_Union[_organisations_pb2.Organisation, _Mapping]] = ...) -> None: ...

class TimelinePanel(_message.Message):
    __slots__ = ("status", "timeline_entries", "next_page_token")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    status: PanelStatus
    timeline_entries: _containers.RepeatedCompositeFieldContainer[_timeline_pb2.TimelineEntry]
    next_page_token: str
    def __init__(self, status: _Optional[_Union[PanelStatus, _Mapping]] = ..., timeline_entries: _Optional[_Iterable[_Union[_timeline_pb2.TimelineEntry, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class OpenTasksPanel(_message.Message):
    __slots__ = ("status", "tasks", "more")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    MORE_FIELD_NUMBER: _ClassVar[int]
    status: PanelStatus
    tasks: _containers.RepeatedCompositeFieldContainer[_tasks_pb2.Task]
    more: bool
    def __init__(self, status: _Optional[_Union[PanelStatus, _Mapping]] = ..., tasks: _Optional[_Iterable[_Union[_tasks_pb2.Task, _Mapping]]] = ..., more: _Optional[bool] = ...) -> None: ...

class ContactabilityPanel(_message.Message):
    __slots__ = ("status", "verdicts")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    VERDICTS_FIELD_NUMBER: _ClassVar[int]
    status: PanelStatus
    verdicts: _containers.RepeatedCompositeFieldContainer[_contacting_pb2.ContactVerdict]
    def __init__(self, status: _Optional[_Union[PanelStatus, _Mapping]] = ..., verdicts: _Optional[_Iterable[_Union[_contacting_pb2.ContactVerdict, _Mapping]]] = ...) -> None: ...

class RelationsPanel(_message.Message):
    __slots__ = ("status", "relationships", "more")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    RELATIONSHIPS_FIELD_NUMBER: _ClassVar[int]
    MORE_FIELD_NUMBER: _ClassVar[int]
    status: PanelStatus
    relationships: _containers.RepeatedCompositeFieldContainer[_relations_pb2.Relationship]
    more: bool
    def __init__(self, status: _Optional[_Union[PanelStatus, _Mapping]] = ..., relationships: _Optional[_Iterable[_Union[_relations_pb2.Relationship, _Mapping]]] = ..., more: _Optional[bool] = ...) -> None: ...

class DepartmentPanel(_message.Message):
    __slots__ = ("department", "status", "panel")
    DEPARTMENT_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    PANEL_FIELD_NUMBER: _ClassVar[int]
    department: str
    status: PanelStatus
    panel: _customer_panels_pb2.CustomerPanel
    def __init__(self, department: _Optional[str] = ..., status: _Optional[_Union[PanelStatus, _Mapping]] = ..., panel: _Optional[_Union[_customer_panels_pb2.CustomerPanel, _Mapping]] = ...) -> None: ...
