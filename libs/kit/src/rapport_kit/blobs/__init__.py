"""Bytes too large for a row: one port, a folder on a laptop, S3 in production."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from rapport_kit.blobs.local import LocalBlobs
from rapport_kit.blobs.port import Blobs, Missing, Stored, blob_key
from rapport_kit.blobs.s3 import S3Blobs

__all__ = ["Blobs", "LocalBlobs", "Missing", "S3Blobs", "Stored", "blob_key", "open_blobs"]


def open_blobs(url: str) -> Blobs:
    """The store at `file:///folder` or `s3://bucket?endpoint=https://…&region=…`; see `S3Blobs` for credentials.

    Raises:
        ValueError: the URL is neither.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and len(parts.path) > 1:
        return LocalBlobs(Path(unquote(parts.path)))
    options = {name: values[-1] for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
    if parts.scheme == "s3" and parts.netloc and not options.keys() - {"endpoint", "region"}:
        return S3Blobs(parts.netloc, prefix=parts.path.strip("/"), **options)
    raise ValueError("must look like file:///folder or s3://bucket?endpoint=https://host&region=name")
