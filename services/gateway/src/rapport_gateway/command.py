"""`rapport openapi`: the document of the REST surface, for generators and reviews."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer


def register(app: typer.Typer) -> None:
    """Adds the command; the entry point group `rapport.commands` leads here."""
    app.command()(openapi)


def openapi(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
) -> None:
    """Print the OpenAPI 3.1 document of every published RPC."""
    from rapport_gateway.openapi.document import published

    text = orjson.dumps(published(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    if output is None:
        sys.stdout.buffer.write(text)
    else:
        output.write_bytes(text)
