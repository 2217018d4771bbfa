"""Applies an update to an aggregate by its field mask (AIP-134, AIP-161)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from rapport_kit.codec.decode import ABSENT, Decoder, reader
from rapport_kit.codec.link import Link, Pair
from rapport_kit.codec.rules import refused, rules_for
from rapport_kit.errors import Violation
from rapport_kit.shape import NO_DEFAULT

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mask:
    """What an update may touch: fields as a whole, and paths into value objects."""

    pairs: dict[str, Pair]
    nested: tuple[str, ...] = ()


class Merger(Generic[T]):
    """Updates objects of one class from its message.

    Without a mask every populated field is taken; `*` replaces all that may be set; otherwise the paths say. A path
    may lead into a single value object (`address.city`), never into a collection. OUTPUT_ONLY fields are refused
    when a mask names them and ignored otherwise. IMMUTABLE ones may be sent, but not changed. Owned entities are
    matched by their id: known ones keep their identity and are changed, those without an id are new, those that are
    missing are removed.
    """

    def __init__(self, link: Link, to_message: Callable[[T], Message]) -> None:
        self._link = link
        self._to_message = to_message
        self._rules = rules_for(link.descriptor)
        self._settable = {wire.name: pair for pair in link.pairs if not pair.output_only for wire in pair.wires}
        self._reads = {pair: reader(pair) for pair in link.pairs}
        self._owned = {pair: Owner(pair.links[0]) for pair in link.pairs if pair.field.holds_owned}

    def apply(self, message: Message, target: T, paths: Sequence[str] | None, path: str) -> set[str]:
        """Change `target`; the names of the fields that now differ. Nothing is changed when anything is refused.

        Raises:
            Invalid: naming a path of the mask, or a field of the request under `path`.
        """
        mask = self._mask(message, list(paths or ()))
        merged = self._merged(message, target, mask.nested)
        out: list[Violation] = []
        self._rules(merged, path, out, only=mask.pairs)
        if out:
            raise refused(out)
        changes = self._changes(merged, target, mask, path, out)
        if out:
            raise refused(out)
        for name, value in changes.items():
            setattr(target, name, value)
        return set(changes)

    def _changes(self, message: Message, target: T, mask: Mask, path: str, out: list[Violation]) -> dict[str, Any]:
        """The new value of each field that changes."""
        changes: dict[str, Any] = {}
        for pair in set(mask.pairs.values()):
            name = pair.field.name
            current = getattr(target, name)
            if (owner := self._owned.get(pair)) is not None:
                if (children := owner.merge(getattr(message, name), current, f"{path}{name}", out)) is not None:
                    changes[name] = children
                continue
            value = self._reads[pair](message, path, out)
            value = empty(pair) if value is ABSENT else value
            if value == current or (value is None and not _clears(pair, mask, current)):
                continue
            if pair.immutable:
                out.append(Violation(path + pair.wire.name, "IMMUTABLE", "cannot be changed after creation"))
            changes[name] = value
        return changes

    def _mask(self, message: Message, paths: list[str]) -> Mask:
        populated = [wire.name for wire, _ in message.ListFields() if wire.name in self._settable]
        if not paths:
            return Mask({name: self._settable[name] for name in populated})
        if paths == ["*"]:
            kept = {name for name, pair in self._settable.items() if pair.immutable and name not in populated}
            return Mask({name: pair for name, pair in self._settable.items() if name not in kept})
        faults = [fault for path in paths if (fault := self._fault(path)) is not None]
        if faults:
            raise refused(faults)
        tops = {path.partition(".")[0] for path in paths}
        return Mask({name: self._settable[name] for name in tops}, tuple(path for path in paths if "." in path))

    def _fault(self, path: str) -> Violation | None:
        """What is wrong with one path of a mask."""
        descriptor: Descriptor | None = self._link.descriptor
        parts = path.split(".")
        for depth, name in enumerate(parts):
            wire = descriptor.fields_by_name.get(name) if descriptor is not None else None
            if wire is None:
                return Violation("update_mask", "UNKNOWN_FIELD", f"{path[:100]!r} names no field that can be set")
            if depth == 0 and name not in self._settable:
                return Violation("update_mask", "OUTPUT_ONLY", f"{path[:100]!r} is set by the service alone")
            if wire.is_repeated and depth + 1 < len(parts):
                return Violation("update_mask", "PATH_INTO_COLLECTION", f"{path[:100]!r}: name {name!r} as a whole")
            descriptor = wire.message_type
        return None

    def _merged(self, message: Message, target: T, nested: Sequence[str]) -> Message:
        """The message, completed with what `target` holds around each nested path."""
        if not nested:
            return message
        current = self._to_message(target)
        merged = type(message)()
        merged.CopyFrom(message)
        for top in {path.partition(".")[0] for path in nested}:
            merged.ClearField(top)
            if current.HasField(top):
                getattr(merged, top).CopyFrom(getattr(current, top))
        for path in nested:
            _copy_path(message, merged, path.split("."))
        return merged


class Owner:
    """Matches the owned entities of an aggregate with those of an update."""

    def __init__(self, link: Link) -> None:
        self._decoder = Decoder(link)
        self._pairs = {pair.field.name: pair for pair in link.pairs if not pair.output_only}

    def merge(self, messages: Sequence[Any], current: list[Any], path: str, out: list[Violation]) -> list[Any] | None:
        """The new list, its known members changed in place; None when nothing changes. Nothing changes on a fault."""
        known = {str(child.id): child for child in current}
        merged: list[Any] = []
        edits: list[tuple[Any, str, Any]] = []
        for index, message in enumerate(messages):
            place = f"{path}[{index}]."
            if not message.id:
                merged.append(self._decoder(message, place, out))
            elif (child := known.pop(_canonical(message.id), None)) is None:
                out.append(Violation(f"{place}id", "NOT_FOUND", "names no entry of this record, or one twice"))
            else:
                merged.append(child)
                edits += self._edits(child, message, place, out)
        if out:
            return None
        for child, name, value in edits:
            setattr(child, name, value)
        return merged if edits or merged != list(current) else None

    def _edits(self, child: Any, message: Message, place: str, out: list[Violation]) -> list[tuple[Any, str, Any]]:
        wanted = self._decoder(message, place, out)
        if wanted is ABSENT:
            return []
        edits = []
        for name, pair in self._pairs.items():
            if (value := getattr(wanted, name)) != getattr(child, name):
                edits.append((child, name, value))
                if pair.immutable:
                    out.append(Violation(f"{place}{pair.wire.name}", "IMMUTABLE", "cannot be changed after creation"))
        return edits


def empty(pair: Pair) -> Any:
    """What a field is when an update clears it."""
    default = pair.field.default
    if pair.field.optional or default is NO_DEFAULT:
        return None
    return default() if callable(default) else default


def _clears(pair: Pair, mask: Mask, current: Any) -> bool:
    """Whether the mask names what is there: a member of a oneof that is not set cannot be cleared."""
    members = zip(pair.field.members, pair.wires, strict=False)
    return not any(type(current) is member.python and wire.name not in mask.pairs for member, wire in members)


def _canonical(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return text


def _copy_path(source: Message, target: Message, names: list[str]) -> None:
    """Set the field at the end of `names` in `target` as it is in `source`."""
    *parents, last = names
    for name in parents:
        source, target = getattr(source, name), getattr(target, name)
    wire = source.DESCRIPTOR.fields_by_name[last]
    target.ClearField(last)
    if wire.is_repeated:
        getattr(target, last).MergeFrom(getattr(source, last))
    elif wire.message_type is None:
        setattr(target, last, getattr(source, last))
    elif source.HasField(last):
        getattr(target, last).CopyFrom(getattr(source, last))
    else:
        target.SetInParent()
