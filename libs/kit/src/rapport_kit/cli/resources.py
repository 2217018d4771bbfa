"""The resource door: `rapport list people`, and every other standard method of every resource, from the contracts."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

Plural = Annotated[str, typer.Argument(metavar="RESOURCE", help="Such as `people` or `organisations`.")]
Id = Annotated[str, typer.Argument(metavar="ID")]
Fields = Annotated[list[str], typer.Argument(metavar="FIELD=VALUE…", help="A value is JSON, or else a text.")]
Etag = Annotated[str, typer.Option(help="Refuse when the resource has changed since.")]


def register(app: typer.Typer) -> None:
    for command in (get, list_, create, update, delete, undelete):
        app.command(command.__name__.rstrip("_"), rich_help_panel="Resources")(command)
    app.command(rich_help_panel="Resources")(target)


def get(resource: Plural, id: Id) -> None:  # noqa: A002 - the field's name
    """Show one resource."""
    _show(_run(resource, "get", id=id))


def list_(
    resource: Plural,
    filter: Annotated[str, typer.Option(help="AIP-160, such as 'family_name = \"Okafor\"'.")] = "",  # noqa: A002
    order_by: Annotated[str, typer.Option(help="Such as 'family_name, create_time desc'.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    show_deleted: Annotated[bool, typer.Option(help="Also what is in the trash.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line instead of a table.")] = False,
) -> None:
    """List resources, the newest first."""
    from rapport_kit.door.calls import listed
    from rapport_kit.door.output import table

    rows = asyncio.run(listed(resource, limit, filter=filter, order_by=order_by, show_deleted=show_deleted))
    if json:
        _show(*rows, indent=None)
    else:
        table(resource, rows)


def create(
    resource: Plural,
    fields: Fields = [],  # noqa: B006 - typer reads the default, nobody changes it
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="JSON objects, one a line; - is a pipe.", allow_dash=True)
    ] = None,
    run: Annotated[str, typer.Option(metavar="ID", help="Go on with a run that failed, within three days.")] = "",
) -> None:
    """Create one resource from fields, or many from a file, in batches that are done whole or not at all."""
    from rapport_kit.door.calls import call, door
    from rapport_kit.door.values import typed

    if file is not None:
        if fields:
            raise typer.BadParameter("give fields or a file, not both")
        _create_all(resource, file, run)
        return
    if run:
        raise typer.BadParameter("only a file is sent again", param_hint="--run")
    _show(asyncio.run(call(resource, "create", resource=typed(door(resource).message, _values(fields)))))


def update(resource: Plural, id: Id, fields: Fields, etag: Etag = "") -> None:  # noqa: A002
    """Change the named fields of one resource."""
    from google.protobuf.field_mask_pb2 import FieldMask

    from rapport_kit.door.calls import call, door
    from rapport_kit.door.values import typed
    from rapport_kit.naming import snake

    values = _values(fields)
    changed: Any = typed(door(resource).message, values)
    changed.id, changed.etag = id, etag
    mask = FieldMask(paths=[snake(name) for name, _ in values])  # fields may be written either way
    _show(asyncio.run(call(resource, "update", resource=changed, update_mask=mask)))


def delete(resource: Plural, id: Id, etag: Etag = "") -> None:  # noqa: A002
    """Move one resource to the trash."""
    _show(_run(resource, "delete", id=id, etag=etag))


def undelete(resource: Plural, id: Id, etag: Etag = "") -> None:  # noqa: A002
    """Bring one resource back from the trash."""
    _show(_run(resource, "undelete", id=id, etag=etag))


def target(service: Annotated[str, typer.Argument(metavar="SERVICE", help="Such as `contact`.")]) -> None:
    """Print where a service listens, for other gRPC clients."""
    from rapport_kit.door.connection import Connection

    typer.echo(Connection().target(service))


def _run(plural: str, verb: str, /, **fields: Any) -> Any:
    from rapport_kit.door.calls import call

    return asyncio.run(call(plural, verb, **fields))


def _show(*messages: Any, indent: int | None = 2) -> None:
    """Print messages as JSON, each on one line without an `indent`."""
    from google.protobuf import json_format

    for message in messages:
        typer.echo(
            json_format.MessageToJson(message, preserving_proto_field_name=True, indent=indent, ensure_ascii=False)
        )


def _create_all(resource: str, file: Path, id_of_run: str) -> None:
    from rapport_kit.door.output import progress
    from rapport_kit.door.run import Run, batches

    run = Run(resource, id_of_run)
    lines = list(_lines(file))
    try:
        with progress(f"Creating {resource}", len(lines)) as advance:
            for batch in batches(lines):
                asyncio.run(run.create(batch))
                advance(len(batch))
    except BaseException:
        typer.echo(run.how_to_go_on(), err=True)
        raise


def _values(fields: list[str]) -> list[tuple[str, str]]:
    values: dict[str, str] = {}
    for field in fields:
        name, equals, text = field.partition("=")
        if not name or not equals:
            raise typer.BadParameter(f"{field!r} is not FIELD=VALUE")
        if name in values:
            raise typer.BadParameter(f"{name} is given twice")
        values[name] = text
    return list(values.items())


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty, with their numbers from 1."""
    if str(file) != "-" and not file.is_file():
        raise typer.BadParameter(f"there is no file {file}", param_hint="--file")
    with sys.stdin.buffer if str(file) == "-" else file.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield number, line.strip()
