"""The keys that one unit of work needs, and what it does with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from google.protobuf.message import Message

from rapport_kit.domain import Entity
from rapport_kit.errors import Unavailable
from rapport_kit.privacy.at_rest import BOX, subject_of_row
from rapport_kit.privacy.cipher import Key
from rapport_kit.privacy.classified import subject_of
from rapport_kit.privacy.events import is_sealable, open_event, sealed_event, sealed_for
from rapport_kit.privacy.rows import load, reveal, store_changed, store_new
from rapport_kit.privacy.unattributed import without_unattributed
from rapport_kit.resources import ResourceType, resource_of
from rapport_kit.turns import turn

if TYPE_CHECKING:
    from rapport_kit.uow import UnitOfWork


class Privacy:
    """The keys of the people that a unit of work reads and writes about."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._keys: dict[UUID, Key | None] = {}  # None for one who has none, and was asked for to be written about
        self._made: dict[UUID, Key] = {}

    async def welcome(self, entities: Iterable[Entity]) -> None:
        """Have the keys at hand that new aggregates are written with: a new person's is made."""
        made, named = set[UUID](), set[UUID]()
        for entity in entities:
            resource = resource_of(type(entity))
            if resource is not None and resource.subject == "id":
                made.add(entity.id)
            named |= _subjects(entity, vars(entity).get("_facts", ()))
        if made:
            self._made |= await self._uow.subject_keys.make(self._uow, made)
            self._keys |= self._made
        await self.fetch(named, to_write=True)

    async def prepare(self, entity: Entity, facts: Sequence[Message]) -> None:
        """Have the keys at hand that the events of a changed aggregate are sealed with."""
        await self.fetch(_subjects(entity, facts), to_write=True)

    async def ready(self, facts: Iterable[Message]) -> None:
        """Have the keys at hand that facts of no aggregate are sealed with; without, only their public part is told."""
        await self.fetch(_of_facts(facts), to_write=True)

    async def fetch(self, subjects: Collection[UUID], *, to_write: bool = False) -> None:
        """Have the keys of `subjects` at hand, of those who have one."""
        unknown = [subject for subject in subjects if self._keys.get(subject) is None]
        if unknown:
            found = await self._uow.subject_keys.find(self._uow, unknown, to_write=to_write)
            self._keys |= {**dict.fromkeys(unknown), **found} if to_write else found

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Around what may be rolled back by itself: a key that was made in it is then not there any more."""
        before = dict(self._keys), dict(self._made)
        try:
            yield
        except BaseException:
            self._keys, self._made = before
            raise

    def committed(self) -> None:
        """Have the keys that were made known to this process: they are there now."""
        self._uow.subject_keys.remember(self._uow.tenant, self._made)

    async def load(self, *entities: Entity) -> None:
        """Give aggregates that were loaded their sensitive fields."""
        await self.fetch({subject_of_row(box) for each in entities if (box := vars(each).get(BOX)) is not None})
        for entity in entities:
            await load(entity, self._uow)

    async def store_new(self, entity: Entity, state: Message | None) -> None:
        """Give a new aggregate, which is `state` to others, what stores its sensitive fields."""
        if state is not None:
            await store_new(entity, state, self._uow)

    async def store_changed(self, entities: Iterable[Entity]) -> None:
        """Give aggregates whose sensitive fields were changed what stores them now."""
        for entity in entities:
            await store_changed(entity, self._uow)

    async def reveal(self, resource: ResourceType[Any], found: Sequence[tuple[Message, bytes]]) -> None:
        """Put the sensitive fields into messages that were read, each from the box in its row."""
        await reveal(resource, found, self._uow)

    def key(self, subject: UUID) -> Key | None:
        """The key of a person that was fetched before; None for one who has none."""
        return self._keys.get(subject)

    def payload(self, fact: Message) -> bytes:
        """A fact as it is stored and published, without what nobody's key could seal.

        What is private about somebody who was erased is left out, too.

        Raises:
            Unavailable: nobody asked for the key, so that whoever it is about may well have one.
        """
        fact = without_unattributed(fact)
        if not is_sealable(fact.DESCRIPTOR) or (subject := subject_of(fact)) is None:
            return fact.SerializeToString()
        if subject not in self._keys:
            raise Unavailable("SUBJECT_KEY_NOT_SOUGHT", "the key of whom an event is about was not asked for")
        return sealed_event(fact, subject, self._keys.get(subject), self._uow.tenant).SerializeToString()

    async def open(self, *events: Any) -> None:
        """Open events in place. Of who has been erased the public part is what there is."""
        sealed = [(event, subject) for event in events if (subject := sealed_for(event)) is not None]
        if not sealed:
            return
        await self.fetch({subject for _, subject in sealed})
        for event, subject in sealed:
            key = self._keys.get(subject)
            if key is not None:
                open_event(event, key, self._uow.tenant)
            await turn()


def _subjects(entity: Entity, facts: Iterable[Message]) -> set[UUID]:
    """Whom the events of an aggregate are about: its own subject, and those of its facts."""
    resource = resource_of(type(entity))
    found: set[UUID | None] = {*_of_facts(facts)}
    if resource is not None and resource.subject:
        found.add(getattr(entity, resource.subject))
    return {subject for subject in found if subject is not None}


def _of_facts(facts: Iterable[Message]) -> set[UUID]:
    """Whom facts are about."""
    found = {subject_of(fact) for fact in facts if is_sealable(fact.DESCRIPTOR)}
    return {subject for subject in found if subject is not None}
