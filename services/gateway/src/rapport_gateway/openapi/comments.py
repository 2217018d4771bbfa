"""The comments of the contracts, by the full name of what they stand above."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

CONTRACTS = "contracts.binpb"
"""Every contract with its source information, written beside the generated modules by `make proto`."""


@cache
def comments() -> Mapping[str, str]:
    """Full name → comment, paragraphs kept, lines joined.

    Raises:
        FileNotFoundError: the wire package was generated without its descriptor set.
    """
    text = (resources.files("rapport") / CONTRACTS).read_bytes()
    return dict(entry for file in FileDescriptorSet.FromString(text).file for entry in _of_file(file))


def _of_file(file: FileDescriptorProto) -> Iterator[tuple[str, str]]:
    for location in file.source_code_info.location:
        said = _joined(location.leading_comments or location.trailing_comments)
        if said and (name := _named(file, list(location.path))):
            yield name, said


def _joined(comment: str) -> str:
    paragraphs = "\n".join(line.strip() for line in comment.splitlines()).split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs).strip()


def _named(file: FileDescriptorProto, path: list[int]) -> str:
    """The full name of the element at a location: pairs of field number and index (descriptor.proto)."""
    element: Any = file
    names = [file.package]
    if len(path) % 2:
        return ""
    for number, index in zip(path[::2], path[1::2], strict=True):
        field = element.DESCRIPTOR.fields_by_number.get(number)
        if field is None or not field.is_repeated or field.message_type is None:
            return ""
        element = getattr(element, field.name)[index]
        if not hasattr(element, "name"):
            return ""
        names.append(element.name)
    return ".".join(names) if len(names) > 1 else ""
