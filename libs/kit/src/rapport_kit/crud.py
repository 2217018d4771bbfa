"""The standard methods (AIP-131…135, 162, 164, 231, 233), once for all resources.

A handler class names its service, entity and message; every RPC whose name the AIPs define is then served from here:

    class People(Resource[Person]):
        serves = people_pb2.DESCRIPTOR.services_by_name["PersonService"]
        entity = Person
        message = people_pb2.Person
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from sqlalchemy import ColumnElement

from rapport_kit.domain import Entity, OwnedByUser
from rapport_kit.errors import AlreadyExists, DomainError, Invalid, Refused
from rapport_kit.naming import snake
from rapport_kit.reads import Reader, reader_of
from rapport_kit.resources import ResourceType, declare
from rapport_kit.revisions import revisions
from rapport_kit.turns import turn
from rapport_kit.uow import Repository, UnitOfWork

E = TypeVar("E", bound=Entity)

Standard = Callable[[Any, Any, UnitOfWork], Awaitable[Message]]


class Resource(Generic[E]):
    """The use cases of one resource. Override a method, or `admit`, where the domain wants more than the standard."""

    serves: ClassVar[ServiceDescriptor]
    entity: ClassVar[type[Any]]
    message: ClassVar[type[Message]]
    resource: ClassVar[ResourceType[Any]]
    computed: ClassVar[Collection[str]] = ()
    """Fields of the message that no stored aggregate has, and `answer` may fill in."""
    default_order: ClassVar[str] = ""
    """How lists are ordered that do not say; the newest first when empty."""

    def __init_subclass__(cls) -> None:
        if not hasattr(cls, "entity"):  # what several resources have in common
            return
        cls.resource = declare(cls.entity, cls.message, computed=cls.computed)
        for method in cls.serves.methods:
            name = snake(method.name)
            if not hasattr(cls, name):
                setattr(cls, name, _standard(cls.resource, method))

    async def context(self, message: Any, uow: Any) -> dict[str, Any]:
        """What the domain must be told to settle an aggregate made or changed by `message` (its `settle` takes it)."""
        return {}

    async def admit(self, entity: E, uow: Any, changed: Collection[str]) -> None:
        """Check what only the database knows, before an aggregate is written; raises a `DomainError` to refuse it.

        `changed` names the fields that differ from what is stored: all of them for a new aggregate.
        """

    async def admit_new(self, entities: Sequence[E], requests: Sequence[Any], uow: Any) -> None:
        """Check new aggregates together, each of which `admit` has let in; `requests` are what asked for them."""

    async def enter(self, entity: E, uow: Any) -> None:
        """Take in a new aggregate that was let in, and what follows from it."""
        self.repository(uow).add(entity)

    async def restore(self, entity: E, uow: Any) -> None:
        """Take in an aggregate as it was taken out (`Records`), with the timers that it would have set."""
        self.repository(uow).restore(entity)

    def answer(self, entity: E, uow: Any) -> Message:
        """What whoever made or changed an aggregate is told of it."""
        return uow.message(entity)  # type: ignore[no-any-return]

    async def foresee(self, messages: Sequence[Any], uow: Any) -> None:
        """Load at once what `context` and `admit` will ask for when all of `messages` become aggregates."""

    async def admitted(
        self,
        messages: Sequence[Message],
        uow: UnitOfWork,
        owner: tuple[UUID, UUID | None] | None = None,
        made: Sequence[E | DomainError] = (),
    ) -> list[E | DomainError]:
        """New aggregates of `messages`, each checked like any other, or why there cannot be one; none is added yet.

        This is the one way in: a single create is a list of one, an import one of thousands. `owner`, a user and the
        team, is whose they are when a message names nobody: the caller's, unless somebody else is meant. `made` are the
        aggregates of the messages where whoever asks has made them, in the `context` that they would be given here.
        """
        if owner is None and uow.principal.kind == "user":
            owner = uow.principal.subject, uow.principal.team_id
        await self.foresee(messages, uow)
        found: list[E | DomainError] = []
        for place, message in enumerate(messages):
            try:
                entity = made[place] if made else await self._made(message, uow)
                if not isinstance(entity, DomainError):
                    await self._admit(entity, uow, owner)
                found.append(entity)
            except DomainError as refusal:
                found.append(refusal)
            await turn()
        return found

    async def _made(self, message: Message, uow: UnitOfWork) -> E:
        context = await self.context(message, uow)
        entity: E = self.resource.codec.decode(message, self.resource.field, **context)
        return entity

    async def _admit(self, entity: E, uow: UnitOfWork, owner: tuple[UUID, UUID | None] | None) -> None:
        checked = set(self.message.DESCRIPTOR.fields_by_name)
        if isinstance(entity, OwnedByUser) and entity.owner_id is None and owner is not None:
            entity.owner_id, entity.team_id = owner
            if owner[0] != uow.principal.subject:  # is known, and who it is was checked
                checked.discard("owner_id")
        await self.admit(entity, uow, checked)

    async def release(self, entity: E, uow: Any) -> None:
        """Check that nothing needs an aggregate any more, before it goes to the trash; raises to keep it."""

    async def page(self, request: Any, uow: UnitOfWork, *conditions: ColumnElement[bool]) -> Message:
        """The answer to a List request, narrowed by `conditions` beyond what its filter says."""
        if self.default_order and not request.order_by:
            request.order_by = self.default_order
        page = await self.reader(uow).list(uow, request, self.serves.full_name, *conditions)
        answer = _answer(
            self, "List", **{self.resource.plural_field: page.items, "next_page_token": page.next_page_token}
        )
        if page.total is not None:
            answer.total_size, answer.total_size_capped = page.total.size, page.total.capped  # type: ignore[attr-defined]
        return answer

    def check_live(self, entity: E) -> None:
        """Refuse what is in the trash: it is neither changed nor deleted again."""
        if entity.delete_time is not None:
            message = f"the {self.resource.words} is in the trash"
            raise Refused(f"{self.resource.reason}_DELETED", message, id=entity.id)

    def reader(self, uow: UnitOfWork) -> Reader:
        """The reads of this resource from the tables of `uow`'s service."""
        return reader_of(uow.schema, self.resource)

    def repository(self, uow: UnitOfWork) -> Repository[E]:
        """The aggregates, in the transaction of `uow`."""
        return uow.repository(self.entity)


def _standard(resource: ResourceType[Any], method: MethodDescriptor) -> Standard:
    """The implementation of an RPC that the AIPs define.

    Raises:
        TypeError: they do not define it, so the handler class must.
    """
    one, many = _camel(resource.singular), _camel(resource.plural)
    implementations: dict[str, Standard] = {
        f"Get{one}": _get,
        f"BatchGet{many}": _batch_get,
        f"List{many}": _list,
        f"Create{one}": _create,
        f"BatchCreate{many}": _batch_create,
        f"Update{one}": _update,
        f"Delete{one}": _delete,
        f"Undelete{one}": _undelete,
        f"List{one}Revisions": _list_revisions,
    }
    if method.name not in implementations:
        raise TypeError(f"{method.full_name} is no standard method: its handler must define {snake(method.name)}")
    return implementations[method.name]


async def _get(self: Resource[Any], request: Any, uow: UnitOfWork) -> Message:
    return await self.reader(uow).get(uow, request.id)


async def _batch_get(self: Resource[Any], request: Any, uow: UnitOfWork) -> Message:
    found = await self.reader(uow).batch_get(uow, request.ids)
    return _answer(self, "BatchGet", **{self.resource.plural_field: found})


async def _list(self: Resource[Any], request: Any, uow: UnitOfWork) -> Message:
    return await self.page(request, uow)


async def _create(self: Resource[Any], request: Any, uow: UnitOfWork) -> Message:
    (entity,) = await self.admitted([getattr(request, self.resource.field)], uow)
    if isinstance(entity, DomainError):
        raise entity
    await self.admit_new([entity], [request], uow)
    await self.enter(entity, uow)
    await uow.settle()
    return self.answer(entity, uow)


async def _batch_create(self: Resource[Any], request: Any, uow: UnitOfWork) -> Message:
    for index, item in enumerate(request.requests):
        if item.request_id or item.validate_only:
            raise Invalid.field(f"requests[{index}]", "NOT_ALLOWED", "request_id and validate_only belong to the batch")
    messages = [getattr(item, self.resource.field) for item in request.requests]
    entities = []
    for index, entity in enumerate(await self.admitted(messages, uow)):
        if isinstance(entity, DomainError):
            raise entity.within(f"requests[{index}]") if isinstance(entity, Invalid) else entity
        entities.append(entity)
    await self.admit_new(entities, request.requests, uow)
    for entity in entities:
        await self.enter(entity, uow)
    await uow.settle()
    made = [self.answer(entity, uow) for entity in entities]
    return _answer(self, "BatchCreate", **{self.resource.plural_field: made})


async def _update(self: Resource[Any], request: Any, uow: UnitOfWork) -> Message:
    wanted = getattr(request, self.resource.field)
    entity = await self.repository(uow).get(wanted.id, etag=wanted.etag)
    self.check_live(entity)
    paths = list(request.update_mask.paths) if request.HasField("update_mask") else None
    context = await self.context(wanted, uow)
    changed = self.resource.codec.apply(wanted, entity, paths, self.resource.field, **context)
    await self.admit(entity, uow, changed)
    await uow.settle()
    return uow.message(entity)


async def _delete(self: Resource[Any], request: Any, uow: UnitOfWork) -> Message:
    entity = await self.repository(uow).get(request.id, etag=request.etag)
    self.check_live(entity)
    await self.release(entity, uow)
    entity.delete_time = uow.now
    await uow.settle()
    return uow.message(entity)


async def _undelete(self: Resource[Any], request: Any, uow: UnitOfWork) -> Message:
    entity = await self.repository(uow).get(request.id, etag=request.etag)
    if entity.delete_time is None:
        raise AlreadyExists(
            f"{self.resource.reason}_NOT_DELETED", f"the {self.resource.words} is not in the trash", id=request.id
        )
    entity.delete_time = None
    await self.admit(entity, uow, {"delete_time"})
    await uow.settle()
    return uow.message(entity)


async def _list_revisions(self: Resource[Any], request: Any, uow: UnitOfWork) -> Message:
    await self.reader(uow).get(uow, request.id)  # who may not see the record may not see its past
    method = self.serves.methods_by_name[f"List{_camel(self.resource.singular)}Revisions"]
    answer = method.output_type
    kept = answer.fields_by_name["revisions"].message_type
    assert kept is not None, f"{answer.full_name}.revisions holds no messages"
    revision = GetMessageClass(kept)
    items, token = await revisions(self.resource, request, revision, uow)
    return GetMessageClass(answer)(revisions=items, next_page_token=token)


def _answer(self: Resource[Any], verb: str, **fields: Any) -> Message:
    method = self.serves.methods_by_name[f"{verb}{_camel(self.resource.plural)}"]
    return GetMessageClass(method.output_type)(**fields)


def _camel(name: str) -> str:
    return name[:1].upper() + name[1:]
