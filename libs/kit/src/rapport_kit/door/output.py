"""What resource commands print for people."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from google.protobuf.message import Message
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Column, Table

from rapport_kit.naming import snake

COLUMNS = 5
WIDTH = 140
"""Columns of text where there is no terminal that has a width."""
WIDEST = 10_000


def table(title: str, rows: Sequence[Message]) -> None:
    """The id and the first fields that any of the rows has a plain value in, as many as there is room for."""
    if not rows:
        Console().print(f"no {title}")
        return
    plain = [
        field.name
        for field in rows[0].DESCRIPTOR.fields
        if field.message_type is None and not field.is_repeated and field.name not in ("id", "etag")
    ]
    filled = [name for name in plain if any(getattr(row, name) for row in rows)]
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    for columns in range(COLUMNS, 0, -1):  # fewer that can be read are better than many that are cut
        printed = _table(rows, ["id", *filled[:columns]])
        if console.measure(printed, options=console.options.update_width(WIDEST)).maximum <= console.width:
            break
    console.print(printed)


def _table(rows: Sequence[Message], shown: Sequence[str]) -> Table:
    printed = Table(Column("id", no_wrap=True), *shown[1:])
    for row in rows:
        printed.add_row(*(_text(row, name) for name in shown))
    return printed


@contextmanager
def progress(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error that the block moves on."""
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=total)
        yield lambda count: bar.advance(task, count)


@contextmanager
def share(title: str, total: int) -> Iterator[Callable[[int, str], None]]:
    """A bar on standard error that the block sets to a part of `total`, with a word on what that is."""
    columns = (TextColumn(title), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[word]}"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=total, word="")
        yield lambda done, word: bar.update(task, completed=done, word=word)


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that is there when the block has ended well, and for its owner alone; what was broken off leaves none."""
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
            yield written
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _text(row: Message, name: str) -> str:
    field = row.DESCRIPTOR.fields_by_name[name]
    value = getattr(row, name)
    if field.enum_type is not None:
        prefix = f"{snake(field.enum_type.name).upper()}_"
        return str(field.enum_type.values_by_number[value].name).removeprefix(prefix).lower()
    return str(value)
