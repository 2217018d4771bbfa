"""What the kit's tests share."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import grpc_tools  # type: ignore[import-untyped]
import pytest
from google.api import field_behavior_pb2
from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    duration_pb2,
    field_mask_pb2,
    message_factory,
    timestamp_pb2,
)
from google.protobuf.message import Message
from google.type import date_pb2, decimal_pb2, money_pb2
from grpc_tools import protoc

from rapport.api.v1 import annotations_pb2

PROTO = Path(__file__).parents[3] / "proto"
PUBLISHED = Path(field_behavior_pb2.__file__).parents[2]
"""Where Google's own contracts are installed."""

IMPORTED: tuple[Any, ...] = (
    annotations_pb2,
    date_pb2,
    decimal_pb2,
    duration_pb2,
    field_behavior_pb2,
    field_mask_pb2,
    money_pb2,
    timestamp_pb2,
)
"""What every sample contract imports."""

Contract = Callable[[str], Mapping[str, type[Message]]]

_count = itertools.count(1)


@pytest.fixture(scope="session")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """`contract(text)`: the message types of a contract, by name; `text` is what follows the imports."""

    def compiled(text: str) -> Mapping[str, type[Message]]:
        directory = tmp_path_factory.mktemp("contract")
        name = f"sample{next(_count)}"
        imports = "".join(f'import "{imported.DESCRIPTOR.name}";\n' for imported in IMPORTED)
        head = f'syntax = "proto3";\npackage rapport.{name}.v1;\n{imports}'
        (directory / f"{name}.proto").write_text(head + text, "utf-8")
        paths = [f"-I{path}" for path in (directory, PROTO, PUBLISHED, Path(grpc_tools.__file__).parent / "_proto")]
        output = directory / "set.pb"
        assert protoc.main(["protoc", *paths, f"--descriptor_set_out={output}", f"{name}.proto"]) == 0
        (file,) = descriptor_pb2.FileDescriptorSet.FromString(output.read_bytes()).file
        pool = descriptor_pool.Default()
        pool.Add(file)
        described = pool.FindFileByName(file.name).message_types_by_name
        return {name: message_factory.GetMessageClass(message) for name, message in described.items()}

    return compiled
