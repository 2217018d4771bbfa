"""Path templates of google.api.http, and the tree that finds the one a request means.

A tree instead of one Starlette route per RPC: finding a route costs the depth of the path, not the number of
RPCs, and custom verbs (`/v1/people/{id}:undelete`) and escaped slashes mean what the specification says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote

T = TypeVar("T")

_VARIABLE = re.compile(r"\{([a-z][a-z0-9_.]*)(?:=([^}]*))?\}|([^/{}]+)")
REST = "**"
ANY = "*"


@dataclass(frozen=True, slots=True)
class Template:
    """`/v1/people/{person.id}:undelete`, taken apart."""

    segments: tuple[str, ...]
    """Literals, `*` for one segment, `**` for all that follow."""
    variables: tuple[tuple[str, int, int | None], ...]
    """Field path, first segment, and the segment after the last (None: to the end)."""
    verb: str

    @classmethod
    def parse(cls, path: str) -> Template:
        """Reads a template; raises ValueError for one that the grammar of google.api.http does not allow."""
        pattern, _, verb = path.rpartition(":") if ":" in path.rsplit("}", 1)[-1] else (path, "", "")
        segments: list[str] = []
        variables: list[tuple[str, int, int | None]] = []
        position = 0
        while position < len(pattern):
            found = _VARIABLE.match(pattern, position + 1)
            if pattern[position] != "/" or not found:
                raise ValueError(f"not a path template: {path}")
            name, inner, literal = found.groups()
            first = len(segments)
            segments += (inner or ANY).split("/") if name else [literal]
            if name:
                variables.append((name, first, None if segments[-1] == REST else len(segments)))
            position = found.end()
        if REST in segments[:-1]:
            raise ValueError(f"** must be the last segment: {path}")
        return cls(tuple(segments), tuple(variables), verb)

    def values(self, actual: list[str]) -> list[tuple[str, str]]:
        """Field path and decoded value of each variable, from the raw segments of a matching path."""
        return [(name, "/".join(map(unquote, actual[first:end]))) for name, first, end in self.variables]


@dataclass(slots=True)
class _Node(Generic[T]):
    literals: dict[str, _Node[T]] = field(default_factory=dict)
    any: _Node[T] | None = None
    rest: dict[str, dict[str, T]] = field(default_factory=dict)
    leaves: dict[str, dict[str, T]] = field(default_factory=dict)


class PathTree(Generic[T]):
    """What is published where: path and HTTP method → T."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, template: Template, method: str, target: T) -> None:
        """Publishes `target`; raises ValueError when its path and method are taken."""
        node = self._root
        for segment in template.segments:
            if segment == REST:
                break
            if segment == ANY:
                node.any = node.any or _Node()
                node = node.any
            else:
                node = node.literals.setdefault(segment, _Node())
        leaves = node.rest if template.segments[-1] == REST else node.leaves
        methods = leaves.setdefault(template.verb, {})
        if method in methods:
            raise ValueError(f"two RPCs share {method} {'/'.join(template.segments)}:{template.verb}")
        methods[method] = target

    def find(self, raw_path: str) -> tuple[dict[str, T], list[str]] | None:
        """The targets of a path by HTTP method, and its segments without the verb; None when nothing is there.

        A colon in the last segment always begins a verb; one that belongs to a value comes escaped.
        """
        segments = raw_path.split("/")[1:]
        if not segments or segments[-1].endswith(":"):
            return None
        head, colon, verb = segments[-1].rpartition(":")
        if colon:
            segments[-1] = head
        methods = _walk(self._root, segments, 0, verb if colon else "")
        return (methods, segments) if methods else None


def _walk(node: _Node[T], segments: list[str], index: int, verb: str) -> dict[str, T] | None:
    if index == len(segments):
        return node.leaves.get(verb)
    segment = segments[index]
    found = None
    if literal := node.literals.get(segment):
        found = _walk(literal, segments, index + 1, verb)
    if found is None and segment and node.any:
        found = _walk(node.any, segments, index + 1, verb)
    return found if found is not None else node.rest.get(verb) if segment else None
