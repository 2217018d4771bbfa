"""A tenant's records, as a test remembers them to tell when somebody else gets to see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from rapport_kit.domain import uuid7
from tests.callers import METHODS, Caller, Tenant

USE = re.compile(r"last_use_time \{[^}]*\}")
"""When a key was last used: it is, to take the snapshot."""


@dataclass
class Holdings:
    """A tenant full of records whose every free text holds `mark`, which nobody else could know."""

    tenant: Tenant
    mark: str
    callers: list[Caller]
    ids: dict[str, list[str]] = field(default_factory=dict)
    """By the name of the proto service that serves them; none of a caller or a caller's key, which must stay good."""
    further_ids: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    page_tokens: dict[str, str] = field(default_factory=dict)
    request_ids: list[str] = field(default_factory=list)

    @property
    def every_id(self) -> frozenset[str]:
        """The ids of everything in the tenant, its callers and the tenant itself."""
        return frozenset(each for ids in self.ids.values() for each in ids) | self.further_ids

    def request_id(self) -> str:
        """A new one, which others may try."""
        self.request_ids.append(str(uuid7()))
        return self.request_ids[-1]

    async def snapshot(self) -> dict[str, str]:
        """Everything that the lists of the tenant's administrator show, as text."""
        await self.tenant.admin.renew()
        return {
            method.name: USE.sub("", str(await self.tenant.admin.call(method, list_request(method))))
            for method in listing_methods()
        }


def listing_methods() -> Iterator[MethodDescriptor]:
    """Every RPC that lists a tenant's resources."""
    for method in METHODS.values():
        if "filter" in method.input_type.fields_by_name and "page_token" in method.input_type.fields_by_name:
            yield method


def list_request(method: MethodDescriptor, page_size: int = 1000) -> Message:
    """Everything that the caller may list, the trash included."""
    trash = {"show_deleted": True} if "show_deleted" in method.input_type.fields_by_name else {}
    return GetMessageClass(method.input_type)(page_size=page_size, **trash)


def items_field(answer: Any) -> FieldDescriptor:
    """The field of a list's answer that holds the resources."""
    found: FieldDescriptor = next(each for each in answer.fields if each.is_repeated and each.message_type)
    return found


def strings(message: Message) -> Iterator[str]:
    """Every text in a message, however deep."""
    for wire, value in message.ListFields():
        parts = list(value) if wire.is_repeated else [value]
        if wire.message_type and wire.message_type.GetOptions().map_entry:
            parts = [text for key in value for text in (key, value[key])]
        for part in parts:
            if isinstance(part, Message):
                yield from strings(part)
            elif isinstance(part, str):
                yield part
