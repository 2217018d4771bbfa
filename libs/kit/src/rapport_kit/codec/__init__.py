"""Derives the converters between a domain dataclass and its message, and the checks that the message promises.

    codec = Codec(Person, people_pb2.Person)   # a TypeError here means that the two drifted apart
    codec.to_message(person)                   # Person -> message, with its etag
    codec.row_to_message(row)                  # a row of `schema.read(Person)` -> message, without a Person
    codec.from_message(message, "person")      # message -> new Person, or Invalid with every violation
    codec.restore(message, "person")           # message -> the Person of whom it was made
    codec.apply(message, person, ["locale"])   # update by mask -> the names of the fields that changed

A message of a value travels as such: dataclass and message agree field by field, in name and in kind. Known only
to the message is `etag`; known only to the dataclass are `version`, `sequence` and what is marked
`field(metadata={"hidden": True})`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from google.protobuf.message import Message

from rapport_kit.codec.decode import ABSENT, Decoder, placed, reader
from rapport_kit.codec.difference import diff, populated
from rapport_kit.codec.encode import Writer
from rapport_kit.codec.link import link
from rapport_kit.codec.merge import Merger, empty
from rapport_kit.codec.rules import check, refused, rules_for
from rapport_kit.errors import Invalid, Violation
from rapport_kit.privacy.classified import sensitive_fields
from rapport_kit.shape import shape_of

__all__ = ["Codec", "check", "diff", "populated", "rules_for"]

T = TypeVar("T")


class Codec(Generic[T]):
    """The converters between one aggregate and its message.

    A domain class may have a method `settle(**context)` that puts a new or changed aggregate in order and raises
    `Invalid` when an invariant is broken, with paths inside the aggregate; `context` is handed on to it.
    """

    def __init__(self, entity: type[T], message: type[Message], *, computed: Collection[str] = ()) -> None:
        """`computed` names fields of the message, beside `etag`, that a handler fills in.

        Raises:
            TypeError: the two differ; it names both and every field in question.
        """
        descriptor: Any = message.DESCRIPTOR
        linked = link(shape_of(entity), descriptor, frozenset(computed))
        self._linked = linked
        self._computed = tuple(computed)
        self.entity = entity
        self.message = message
        self._to_message = Writer().encoder(linked, message)
        self._row_to_message = Writer().row_encoder(linked, message, sensitive_fields(descriptor))
        self._rules = rules_for(message.DESCRIPTOR)
        self._decode = Decoder(linked)
        self._merger: Merger[T] = Merger(linked, self._to_message)

    def values(self, message: Message, names: Collection[str]) -> dict[str, Any]:
        """Some fields of the aggregate as a stored message has them; defaults for what it does not say."""
        found: dict[str, Any] = {}
        for pair in self._linked.pairs:
            if pair.field.name in names:
                value = reader(pair)(message, "", [])
                found[pair.field.name] = empty(pair) if value is ABSENT else value
        return found

    def to_message(self, entity: T) -> Message:
        """The aggregate as others see it."""
        return self._to_message(entity)

    def row_to_message(self, row: Sequence[Any]) -> Message:
        """The same from a row of `Schema.read`, which may have further columns behind; without what is sensitive."""
        return self._row_to_message(row)

    def from_message(self, message: Message, path: str = "", **context: Any) -> T:
        """A new aggregate; `path` says where in the request the message is. OUTPUT_ONLY fields are ignored.

        Raises:
            Invalid: with every violation of the contract, or else of the domain.
        """
        prefix = f"{path}." if path else ""
        out: list[Violation] = []
        self._rules(message, prefix, out)
        if out:
            raise refused(out)
        return self.decode(message, path, **context)

    def decode(self, message: Message, path: str = "", **context: Any) -> T:
        """`from_message` for what has passed the rules of its contract, as the resource of every request has.

        Raises:
            Invalid: with every violation of the domain.
        """
        prefix = f"{path}." if path else ""
        out: list[Violation] = []
        entity: T = self._decode(message, prefix, out)
        if out:
            raise refused(out)
        self._settle(entity, prefix, context)
        return entity

    def restore(self, message: Message, path: str = "") -> T:
        """The aggregate that `to_message` was given, but for its version.

        It is not settled: that would read it by what holds now, such as a phone number in another country.

        Raises:
            Invalid: with every violation of the contract, or of the domain's values, or each field that no stored
                aggregate has like that.
        """
        prefix = f"{path}." if path else ""
        out: list[Violation] = []
        rules_for(self.message.DESCRIPTOR, whole=True)(message, prefix, out)
        if out:
            raise refused(out)
        entity: T = self._restore(message, prefix, out)
        if out:
            raise refused(out)
        lost = self._lost(message, entity)
        if lost:
            raise refused([Violation(prefix + name, "NOT_AS_STORED", "is not as it is stored") for name in lost])
        return entity

    def _lost(self, message: Message, entity: T) -> list[str]:
        """The fields that are not in the aggregate as in the message."""
        given = type(message)()
        given.CopyFrom(message)
        for name in self._computed:
            given.ClearField(name)
        return diff(given, self.to_message(entity))

    @cached_property
    def _restore(self) -> Decoder:
        """Made where it is needed: few processes ever restore anything."""
        return Decoder(self._linked, whole=True)

    def apply(
        self, message: Message, entity: T, paths: Sequence[str] | None, path: str = "", **context: Any
    ) -> set[str]:
        """Update the aggregate from the message by a field mask; see `Merger`. The names of the fields that changed.

        Raises:
            Invalid: the mask, the message or the outcome breaks a rule; the aggregate is then in no defined state
                only when the domain itself refused the outcome.
        """
        prefix = f"{path}." if path else ""
        changed = self._merger.apply(message, entity, paths, prefix)
        if changed:
            self._settle(entity, prefix, context)
        return changed

    def _settle(self, entity: T, prefix: str, context: dict[str, Any]) -> None:
        settle = getattr(entity, "settle", None)
        if settle is None:
            return
        try:
            settle(**context)
        except Invalid as error:
            raise refused(placed(error, prefix)) from error
