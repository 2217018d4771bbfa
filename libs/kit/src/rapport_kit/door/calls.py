"""What the resource commands do: find the RPC, fill the request, page through the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from google.api import resource_pb2
from google.protobuf.descriptor import Descriptor, MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from rapport_kit.contracts import proto_services
from rapport_kit.domain import uuid7
from rapport_kit.door.connection import Connection
from rapport_kit.naming import snake
from rapport_kit.settings import SettingsError

PAGE = 1_000


@dataclass(frozen=True)
class Door:
    """A resource that can be reached, by the names AIP-123 gives it."""

    service: ServiceDescriptor
    message: Descriptor
    singular: str
    plural: str

    @property
    def field(self) -> str:
        """The field of a request that holds the resource."""
        return snake(self.singular)

    def method(self, verb: str) -> MethodDescriptor:
        """The standard method for a verb: `create` → CreatePerson, `list` → ListPeople."""
        many = verb in ("list", "batchCreate")
        name = verb[0].upper() + verb[1:] + _camel(self.plural if many else self.singular)
        found: MethodDescriptor | None = self.service.methods_by_name.get(name)
        if found is None:
            raise SettingsError(f"{self.plural} cannot be asked to {snake(verb).replace('_', ' ')}")
        return found


def doors() -> dict[str, Door]:
    """Every resource with a List method, by its plural."""
    found: dict[str, Door] = {}
    for service in proto_services():
        for method in service.methods:
            if not method.name.startswith("List"):
                continue
            for field in method.output_type.fields:
                message = field.message_type
                if message is None:
                    continue
                options: Any = message.GetOptions()
                named = options.Extensions[resource_pb2.resource]
                if named.plural and method.name == f"List{_camel(named.plural)}":
                    found[named.plural] = Door(service, message, named.singular, named.plural)
    return found


def door(plural: str) -> Door:
    """The resource called `plural`; SettingsError names those that exist."""
    known = doors()
    if plural not in known:
        raise SettingsError(f"no such resource: {plural}; there are {', '.join(sorted(known))}")
    return known[plural]


async def call(plural: str, verb: str, /, **fields: Any) -> Message:
    """Call one standard method; `resource` among the fields is the resource itself.

    A request that can be told from its repeat gets an id of its own.
    """
    chosen = door(plural)
    method = chosen.method(verb)
    if "resource" in fields:
        fields[chosen.field] = fields.pop("resource")
    if "request_id" in method.input_type.fields_by_name:
        fields["request_id"] = str(uuid7())
    connection = Connection()
    async with connection.client(chosen.service, await connection.access_token()) as client:
        answer: Message = await getattr(client, snake(method.name))(_request(plural, method, fields))
        return answer


async def listed(plural: str, limit: int, /, **fields: Any) -> list[Message]:
    """The first `limit` resources of a list."""
    chosen = door(plural)
    method = chosen.method("list")
    request: Any = _request(plural, method, fields)
    connection = Connection()
    rows: list[Message] = []
    async with connection.client(chosen.service, await connection.access_token()) as client:
        while len(rows) < limit:
            request.page_size = min(limit - len(rows), PAGE)
            answer = await getattr(client, snake(method.name))(request)
            rows += getattr(answer, snake(plural))
            request.page_token = answer.next_page_token
            if not request.page_token:
                break
    return rows


def _request(plural: str, method: MethodDescriptor, fields: dict[str, Any]) -> Message:
    """The request with what was said of it; an option that was not used is empty."""
    used = {name: value for name, value in fields.items() if value}
    for name in used:
        if name not in method.input_type.fields_by_name:
            raise SettingsError(f"--{name.replace('_', '-')}: {plural} have no such option")
    return GetMessageClass(method.input_type)(**used)


def _camel(name: str) -> str:
    return name[:1].upper() + name[1:]
