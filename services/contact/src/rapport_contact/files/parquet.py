"""Tables of texts as Apache Parquet.

`pyarrow` is loaded when the first such file is written: it takes 56 MB of memory, and most processes never need it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rapport_contact.files.neutral import neutral
from rapport_contact.files.records import MOST_COLUMNS, UnreadableFile

BATCH = 1_000


class ParquetWriter:
    """Every column a text, null where it is empty; one row group for each call of `rows`."""

    def __init__(self, columns: Sequence[str]) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        self._arrow = pa
        self._sink = Sink()
        self._schema = pa.schema([(name, pa.string()) for name in columns])
        self._writer: Any = parquet.ParquetWriter(self._sink, self._schema, compression="zstd")

    def begin(self) -> bytes:
        """What the file begins with."""
        return self._sink.take()

    def rows(self, rows: Sequence[Sequence[str]]) -> bytes:
        """Some rows."""
        text = self._arrow.string()
        cells = [
            self._arrow.array([row[place] or None for row in rows], text) for place in range(len(self._schema.names))
        ]
        self._writer.write_table(self._arrow.Table.from_arrays(cells, schema=self._schema))
        return self._sink.take()

    def end(self) -> bytes:
        """What it ends with."""
        self.close()
        return self._sink.take()

    def close(self) -> None:
        """Write no more."""
        self._writer.close()


class Sink(io.RawIOBase):
    """A file that is taken away while it is written."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """How much was written."""
        return self._size

    def write(self, data: Any) -> int:
        """Keep some bytes."""
        self._waiting.append(bytes(data))
        self._size += len(self._waiting[-1])
        return len(self._waiting[-1])

    def take(self) -> bytes:
        """What was written since the last call."""
        taken, self._waiting = b"".join(self._waiting), []
        return taken


def rows(file: Path, most: int) -> Iterator[list[str]]:
    """The names of the columns, then the rows, as texts that reading delimited text gives back; of `most` letters.

    Raises:
        UnreadableFile: it is larger, or has too many columns.
    """
    from pyarrow import parquet

    from rapport_contact.files.workbook import text

    source = parquet.ParquetFile(file, memory_map=False)
    names = source.schema_arrow.names
    if len(names) > MOST_COLUMNS:
        raise UnreadableFile("TOO_MANY_COLUMNS", f"has {len(names)} columns, at most {MOST_COLUMNS} are read")
    yield names
    size = 0
    for batch in source.iter_batches(BATCH, use_threads=False):
        columns = [column.to_pylist() for column in batch.columns]
        for row in zip(*columns, strict=True):
            cells = ["" if cell is None else neutral(text(cell)) for cell in row]
            size += sum(map(len, cells))
            if size > most:
                raise UnreadableFile("FILE_TOO_LARGE", "grows too much when it is unpacked")
            yield cells
