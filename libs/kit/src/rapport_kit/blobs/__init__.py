"""Bytes too large for a row: one port, a folder on a laptop, S3 in production."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from rapport_kit.blobs.local import LocalBlobs
from rapport_kit.blobs.port import Blobs, Missing, Stored, blob_key

__all__ = ["Blobs", "LocalBlobs", "Missing", "Stored", "blob_key", "store_at"]


def store_at(url: str) -> Callable[[], Blobs]:
    """What opens the store at `file:///folder` or `s3://bucket?endpoint=https://…&region=…`; see `S3Blobs`.

    Raises:
        ValueError: the URL is neither.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path.strip("/"):
        return partial(LocalBlobs, Path(unquote(parts.path)))
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme == "s3" and parts.netloc and not options.keys() - {"endpoint", "region"}:
        return partial(_s3, parts.netloc, parts.path.strip("/"), options)
    raise ValueError("must look like file:///folder or s3://bucket?endpoint=https://host&region=name")


def _s3(bucket: str, prefix: str, options: dict[str, str]) -> Blobs:
    from rapport_kit.blobs.s3 import S3Blobs  # its client is large, and of no use beside a folder

    return S3Blobs(bucket, prefix=prefix, **options)
