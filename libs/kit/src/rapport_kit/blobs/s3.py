"""Blobs in a bucket of anything that speaks S3."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from datetime import timedelta

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from rapport_kit.blobs.port import CHUNK, Measured, Missing, Stored, checked, reached

PART = 8 * 1024 * 1024
"""Bytes of one part of a multipart upload; S3 takes at most 10,000 parts, so a blob may have 80 GB."""
RETRY_TIMEOUT = timedelta(seconds=10)
PARTS_AT_ONCE = 2
"""Parts on their way at a time: what one upload holds in memory."""


class S3Blobs:
    """The objects under `prefix` of `bucket`; credentials come from AWS_… variables, web identity or the instance.

    A part of an upload that was broken off stays until a lifecycle rule of the bucket
    (AbortIncompleteMultipartUpload) clears it: it is under no key.
    """

    def __init__(self, bucket: str, *, prefix: str = "", endpoint: str = "", region: str = "us-east-1") -> None:
        own = {"endpoint": endpoint, "virtual_hosted_style_request": False} if endpoint else {}
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            region=region,
            client_options={"allow_http": endpoint.startswith("http://")},
            retry_config={"max_retries": 3, "retry_timeout": RETRY_TIMEOUT},
            **own,  # type: ignore[arg-type]
        )

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> Stored:
        """See `Blobs`: a multipart upload, which S3 makes visible when it is complete."""
        measured = Measured(chunks)
        pieces = aiter(measured)
        with reached(BaseError):
            await obstore.put_async(self._store, checked(key), pieces, chunk_size=PART, max_concurrency=PARTS_AT_ONCE)
        return measured.stored

    async def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
        """See `Blobs`."""
        try:
            with reached(BaseError):
                part = None
                if start or end is not None:  # S3 refuses a range that begins behind the last byte
                    size = (await obstore.head_async(self._store, checked(key)))["size"]
                    part = (start, size if end is None else min(end, size))
                    if part[1] <= start:
                        return
                found = await obstore.get_async(self._store, checked(key), options={"range": part} if part else {})
                async for chunk in found.stream(min_chunk_size=CHUNK):
                    yield bytes(chunk)
        except FileNotFoundError:
            raise Missing(key) from None

    async def delete(self, key: str) -> None:
        """See `Blobs`."""
        with suppress(FileNotFoundError), reached(BaseError):
            await obstore.delete_async(self._store, checked(key))
