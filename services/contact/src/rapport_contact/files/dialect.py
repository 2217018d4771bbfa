"""What separates the columns of a text file: whatever cuts its first rows most evenly."""

from __future__ import annotations

import csv
from collections import Counter

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_ROWS = 50


def delimiter_of(sample: str) -> str:
    """The delimiter of a text, given its beginning; a comma for a file of one column."""
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    """How many rows have the most frequent number of columns, if that is more than one, and that number."""
    rows = csv.reader(sample.splitlines()[:SAMPLE_ROWS], delimiter=delimiter, skipinitialspace=True)
    try:
        widths = Counter(len(row) for row in rows if row)
    except csv.Error:
        return 0.0, 0
    if not widths:
        return 0.0, 0
    width, rows_of_it = widths.most_common(1)[0]
    return (rows_of_it / widths.total(), width) if width > 1 else (0.0, 0)
