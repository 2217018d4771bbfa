"""What the resource commands do: find the RPC, fill the request, page through the answers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from google.api import resource_pb2
from google.protobuf import descriptor_pool, json_format
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from rapport_kit.contracts import proto_services
from rapport_kit.door.connection import Connection
from rapport_kit.errors import Invalid
from rapport_kit.naming import snake
from rapport_kit.settings import SettingsError

PAGE = 1_000
_ENUM = re.compile(r"for enum type ([\w.]+)")


@dataclass(frozen=True)
class Door:
    """A resource that can be reached, by the names AIP-123 gives it."""

    service: ServiceDescriptor
    singular: str
    plural: str

    def method(self, verb: str) -> MethodDescriptor:
        """The standard method for a verb: `create` → CreatePerson, `list` → ListPeople."""
        many = verb in ("list", "batchCreate")
        name = verb[0].upper() + verb[1:] + _camel(self.plural if many else self.singular)
        found: MethodDescriptor | None = self.service.methods_by_name.get(name)
        if found is None:
            raise SettingsError(f"{self.plural} cannot be asked to {verb}")
        return found


def doors() -> dict[str, Door]:
    """Every resource with a List method, by its plural."""
    found: dict[str, Door] = {}
    for service in proto_services():
        for method in service.methods:
            if not method.name.startswith("List"):
                continue
            for field in method.output_type.fields:
                options: Any = field.message_type.GetOptions() if field.message_type else None
                named = options.Extensions[resource_pb2.resource] if options else None
                if named and method.name == f"List{_camel(named.plural)}":
                    found[named.plural] = Door(service, named.singular, named.plural)
    return found


def door(plural: str) -> Door:
    """The resource called `plural`; SettingsError names those that exist."""
    known = doors()
    if plural not in known:
        raise SettingsError(f"no such resource: {plural}; there are {', '.join(sorted(known))}")
    return known[plural]


async def call(plural: str, verb: str, /, **fields: Any) -> Message:
    """Call one standard method; `resource` among the fields is the resource itself."""
    chosen = door(plural)
    method = chosen.method(verb)
    if "resource" in fields:
        fields[snake(chosen.singular)] = fields.pop("resource")
    connection = Connection()
    async with connection.client(chosen.service, await connection.access_token()) as client:
        answer: Message = await getattr(client, snake(method.name))(_request(method, fields))
        return answer


async def listed(plural: str, limit: int, /, **fields: Any) -> list[Message]:
    """The first `limit` resources of a list."""
    chosen = door(plural)
    method = chosen.method("list")
    connection = Connection()
    rows: list[Message] = []
    async with connection.client(chosen.service, await connection.access_token()) as client:
        request: Any = _request(method, {key: value for key, value in fields.items() if value})
        while len(rows) < limit:
            request.page_size = min(limit - len(rows), PAGE)
            answer = await getattr(client, snake(method.name))(request)
            rows += getattr(answer, snake(plural))
            request.page_token = answer.next_page_token
            if not request.page_token:
                break
    return rows


async def create_batch(plural: str, lines: Sequence[tuple[int, bytes]]) -> None:
    """Create what the lines hold, all or none.

    The request id is made of the lines themselves: a file that is sent again after a failure doubles nothing.
    """
    chosen = door(plural)
    method = chosen.method("batchCreate")
    request: Any = GetMessageClass(method.input_type)()
    for number, line in lines:
        try:
            json_format.Parse(line, getattr(request.requests.add(), snake(chosen.singular)))
        except json_format.ParseError as error:
            raise Invalid.field(f"line {number}", "INVALID_JSON", str(error)) from error
    digest = hashlib.sha256(plural.encode() + b"".join(line for _, line in lines)).digest()
    request.request_id = str(uuid5(NAMESPACE_OID, digest.hex()))
    connection = Connection()
    async with connection.client(chosen.service, await connection.access_token()) as client:
        await getattr(client, snake(method.name))(request, timeout=60.0)


def _request(method: MethodDescriptor, fields: dict[str, Any]) -> Message:
    request = GetMessageClass(method.input_type)()
    try:
        return json_format.ParseDict(fields, request)
    except json_format.ParseError as error:
        raise SettingsError(_told(str(error))) from error


def _told(fault: str) -> str:
    """What json_format says of a wrong value; of an enum, which ones there are as well."""
    if not (found := _ENUM.search(fault)):
        return fault
    values = descriptor_pool.Default().FindEnumTypeByName(found[1]).values_by_name
    return f"{fault.rstrip('.')}; there are {', '.join(values)}"


def _camel(name: str) -> str:
    return name[:1].upper() + name[1:]
