"""The catalogue of a resource holds what its descriptor allows, and refuses tables that would mean something else."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from rapport.api.v1 import annotations_pb2
from rapport.contact.v1 import people_pb2
from rapport_kit.query import Columns, Fields

PEOPLE = Fields.of(people_pb2.Person)


def test_the_catalogue_is_built_once() -> None:
    assert Fields.of(people_pb2.Person) is PEOPLE


def test_only_declared_fields_may_be_named() -> None:
    assert PEOPLE.filterable("given_name") is not None
    assert PEOPLE.filterable("channels.normalized") is not None
    assert PEOPLE.sortable("given_name") is not None
    assert PEOPLE.sortable("job_title") is None
    for path in ("name_prefix", "etag", "channels", "channels.label", "channels.email.address", "nothing", ""):
        assert PEOPLE.filterable(path) is None
        assert PEOPLE.sortable(path) is None


_PROTO = descriptor_pb2.FieldDescriptorProto
TEXT, BYTES, MESSAGE = _PROTO.TYPE_STRING, _PROTO.TYPE_BYTES, _PROTO.TYPE_MESSAGE
ID = ("id", TEXT, False)


def message(
    name: str, *fields: tuple[str, descriptor_pb2.FieldDescriptorProto.Type.ValueType, bool], **options: Any
) -> Any:
    """A message type with an id and `fields` (name, type, repeated), each with the same rules."""
    file = descriptor_pb2.FileDescriptorProto(name=f"{name}.proto", package=name, syntax="proto3")
    file.dependency.append(annotations_pb2.DESCRIPTOR.name)
    declared = file.message_type.add(name="Thing")
    for number, (field, kind, repeated) in enumerate(fields, start=1):
        label = _PROTO.LABEL_REPEATED if repeated else _PROTO.LABEL_OPTIONAL
        added = declared.field.add(name=field, number=number, type=kind, label=label)
        rules: Any = added.options.Extensions
        if field == "id":
            rules[annotations_pb2.field].format = annotations_pb2.FORMAT_UUID
        else:
            rules[annotations_pb2.field].MergeFrom(annotations_pb2.Field(**options))
        if kind == MESSAGE:
            added.type_name = f".{name}.Thing"
    built = descriptor_pool.Default().AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(built.message_types_by_name["Thing"])


def test_a_declaration_that_cannot_be_kept_is_an_error_at_import() -> None:
    with pytest.raises(TypeError, match=r"bytes_filtered\.Thing\.photo"):
        Fields.of(message("bytes_filtered", ID, ("photo", BYTES, False), filterable=True))
    with pytest.raises(TypeError, match=r"list_sorted\.Thing\.tags"):
        Fields.of(message("list_sorted", ID, ("tags", TEXT, True), sortable=True))
    with pytest.raises(TypeError, match="no id to list it by"):
        Fields.of(message("without_id", ("name", TEXT, False), filterable=True))


def test_a_type_that_contains_itself_is_walked_once() -> None:
    declared = message("recursive", ID, ("parent", MESSAGE, False), ("name", TEXT, False))
    assert not Fields.of(declared).by_path


NAMED = message("named", ID, ("name", TEXT, False), filterable=True, sortable=True)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ([], "no column to filter or sort by for name"),
        ([sa.Column("name", sa.Text(collation="C"))], "can be null, but name cannot be absent"),
        ([sa.Column("name", sa.Text, nullable=False)], "cannot be filtered or sorted by as TEXT"),
        ([sa.Column("name", sa.JSON, nullable=False)], "cannot be filtered or sorted by as TEXT"),
    ],
)
def test_a_column_that_would_mean_something_else_is_an_error_at_import(columns: list[sa.Column[Any]], why: str) -> None:
    table = sa.Table("thing", sa.MetaData(), sa.Column("id", sa.Uuid, primary_key=True), *columns)
    with pytest.raises(TypeError, match=why):
        Columns.of(Fields.of(NAMED), dict(table.c.items()), table)


def test_entries_without_a_way_to_their_owner_are_an_error_at_import() -> None:
    metadata = sa.MetaData()
    thing = sa.Table("thing", metadata, sa.Column("id", sa.Uuid, primary_key=True))
    stray = sa.Table("stray", metadata, sa.Column("name", sa.Text(collation="C"), nullable=False))
    with pytest.raises(TypeError, match="stray has no foreign key to thing"):
        Columns.of(Fields.of(NAMED), {"id": thing.c.id, "name": stray.c.name}, thing)
