"""Writes a file anew as UTF-8 text, from which reading can go on anywhere."""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import AsyncIterator
from tempfile import TemporaryFile

from rapport_contact.files.inspection import Findings
from rapport_contact.files.records import FileFormat, UnreadableFile
from rapport_contact.files.workbook import as_text

PIECE = 256 * 1024


def recoded(chunks: AsyncIterator[bytes], found: Findings) -> AsyncIterator[bytes]:
    """The text of a workbook, of a Parquet file, or of a file in an encoding of more than one byte.

    Raises (when read):
        UnreadableFile: see `as_text`.
    """
    if found.format in (FileFormat.XLSX, FileFormat.PARQUET):
        return _unpacked(chunks, found.format)
    return _decoded(chunks, found.encoding)


async def _unpacked(chunks: AsyncIterator[bytes], file_format: FileFormat) -> AsyncIterator[bytes]:
    """By way of two files without a name: nothing of them is left behind, however this process ends."""
    with TemporaryFile() as source, TemporaryFile() as target:
        async for chunk in chunks:
            await asyncio.to_thread(source.write, chunk)
        source.flush()
        await as_text(source, target, file_format)
        target.seek(0)
        while piece := await asyncio.to_thread(target.read, PIECE):
            yield piece


async def _decoded(chunks: AsyncIterator[bytes], encoding: str) -> AsyncIterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        async for chunk in chunks:
            yield decoder.decode(chunk).encode("utf-8", "replace")
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")
    except UnicodeDecodeError as error:
        raise UnreadableFile("WRONG_ENCODING", f"has bytes that are no {encoding}") from error
