"""Makes signing keys, and keeps their private halves encrypted at rest."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from joserfc.jwk import ECKey

from rapport_identity.crypto.sealing import seal, unseal
from rapport_identity.domain.signing_key import SigningKey
from rapport_kit.settings import SettingsError


def make_key(active_time: datetime, encryption_keys: tuple[bytes, ...]) -> SigningKey:
    """A new P-256 key, named by its thumbprint (RFC 7638), its private half encrypted with the first AES-256 key."""
    key = ECKey.generate_key("P-256")
    public = key.as_dict(private=False)
    kid = key.thumbprint()
    # The key id is bound in: a row cannot be given another row's private half.
    sealed = seal(encryption_keys, key.as_der(private=True), kid.encode())
    return SigningKey(kid=kid, x=str(public["x"]), y=str(public["y"]), private=sealed, active_time=active_time)


@lru_cache(maxsize=8)
def private_key(key: SigningKey, encryption_keys: tuple[bytes, ...]) -> ECKey:
    """The key to sign with.

    Raises:
        SettingsError: it was encrypted with none of these keys.
    """
    private = unseal(encryption_keys, key.private, key.kid.encode())
    if private is None:
        raise SettingsError("RAPPORT_IDENTITY_KEY_ENCRYPTION_KEYS: none of them opens the present signing key")
    return ECKey.import_key(private)
