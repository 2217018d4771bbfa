"""How identity itself learns keys and revocations: from its own database."""

from __future__ import annotations

from rapport_identity.handlers.keys import settled_keys
from rapport_identity.settings import identity_settings
from rapport_identity.storage import platform
from rapport_kit.auth.keyring import Fetch, Snapshot, digest, public_key
from rapport_kit.auth.principal import NOBODY
from rapport_kit.database import Database


def fetch_from_database(database: Database) -> Fetch:
    """The `fetch` of identity's own keyring.

    Raises:
        SettingsError: there is no key to encrypt signing keys with; better now than at the first sign-in.
    """
    identity_settings().required("key_encryption_keys")

    async def fetch() -> Snapshot:
        async with database.transaction(NOBODY) as connection:
            keys = await settled_keys(connection, await platform.database_time(connection))
            revoked = await platform.revoked_lately(connection)
        return Snapshot(
            keys={key.kid: public_key(key.kid, key.x, key.y) for key in keys},
            subjects={digest(each.id): each.time.timestamp() for each in revoked if each.kind == "subject"},
            sessions=frozenset(digest(each.id) for each in revoked if each.kind == "session"),
        )

    return fetch
