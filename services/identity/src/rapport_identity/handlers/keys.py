"""The signing keys as they are now: a new one is made when the present one comes of age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_identity.crypto.signing import make_key
from rapport_identity.domain.signing_key import SigningKey, next_active_time, published
from rapport_identity.settings import identity_settings
from rapport_identity.storage import platform


async def settled_keys(connection: AsyncConnection, now: datetime) -> Sequence[SigningKey]:
    """The published keys, in a transaction of the nil tenant.

    Every verifier of every process asks every few seconds, so that a key is due is noticed here, without a timer.
    """
    keys = await platform.load_keys(connection)
    if next_active_time(keys, now) is None:
        return published(keys, now)
    await platform.lock_rotation(connection)
    keys = await platform.load_keys(connection)  # another replica may have been faster
    active_time = next_active_time(keys, now)
    if active_time is not None:
        key = make_key(active_time, identity_settings().encryption_keys)
        await platform.store_key(connection, key)
        keys = [*keys, key]
    kept = published(keys, now)
    await platform.forget_keys(connection, {key.kid for key in keys} - {key.kid for key in kept})
    return kept
