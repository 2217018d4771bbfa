"""Everything the contracts declare, found in the generated package: no list to keep up to date."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from google.protobuf.descriptor import ServiceDescriptor

import rapport


@cache
def contracts() -> tuple[ModuleType, ...]:
    """The generated modules of every `rapport.<service>.v<n>` package, by name."""
    # `rapport` is a namespace package, which pkgutil does not descend into.
    roots = [Path(root) for root in rapport.__path__]
    files = {file.relative_to(root).with_suffix("") for root in roots for file in root.rglob("*_pb2.py")}
    return tuple(importlib.import_module(".".join(("rapport", *file.parts))) for file in sorted(files))


def proto_services() -> Iterator[ServiceDescriptor]:
    """Every proto service, in the order of the contracts."""
    for module in contracts():
        yield from module.DESCRIPTOR.services_by_name.values()


def department(service: ServiceDescriptor) -> str:
    """The service of ours that serves it: `contact` for `rapport.contact.v1.PersonService`."""
    return str(service.full_name.split(".")[1])
