"""Writes a file anew as UTF-8 text, from which reading can go on anywhere."""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from rapport_contact.files.inspection import Findings
from rapport_contact.files.records import FileFormat, UnreadableFile
from rapport_contact.files.workbook import as_text

PIECE = 256 * 1024


async def recoded(chunks: AsyncIterator[bytes], found: Findings, folder: Path) -> AsyncIterator[bytes]:
    """The text of a workbook, of a Parquet file, or of a file in an encoding of more than one byte.

    `folder` is for what is in between.

    Raises:
        UnreadableFile: see `as_text`.
    """
    if found.format not in (FileFormat.XLSX, FileFormat.PARQUET):
        return _decoded(chunks, found.encoding)
    source, target = folder / f"file.{found.format}", folder / "file.csv"
    with source.open("wb") as written:
        async for chunk in chunks:
            await asyncio.to_thread(written.write, chunk)
    await as_text(source, target)
    return _pieces(target)


async def _decoded(chunks: AsyncIterator[bytes], encoding: str) -> AsyncIterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        async for chunk in chunks:
            yield decoder.decode(chunk).encode("utf-8", "replace")
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")
    except UnicodeDecodeError as error:
        raise UnreadableFile("WRONG_ENCODING", f"has bytes that are no {encoding}") from error


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    def read() -> Iterator[bytes]:
        with path.open("rb") as stream:
            while piece := stream.read(PIECE):
                yield piece

    for piece in read():
        yield piece
