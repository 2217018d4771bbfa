"""Receipts of erasure: signed by contact, and checked by anybody, offline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ALGORITHM: Final = "Ed25519"
TYPE: Final = "rapport-erasure"


class Forged(Exception):
    """A text that is no receipt, or not one of the key that it should be of."""


class ReceiptSigner:
    """Signs receipts with the first of some Ed25519 seeds."""

    def __init__(self, seeds: Sequence[bytes]) -> None:
        self._keys = [_private(seed) for seed in seeds]

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A JWS in compact form; the public key is in its header, by which the receipt can be checked alone."""
        key = self._keys[0]
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": key.thumbprint(), "jwk": key.as_dict(private=False)}
        content = orjson.dumps(claims, option=orjson.OPT_SORT_KEYS)
        return jws.serialize_compact(header, content, key, algorithms=[ALGORITHM])

    def public_keys(self) -> list[dict[str, Any]]:
        """The public halves as JWKs, the one in use first."""
        return [{**_public(key), "kid": key.thumbprint()} for key in self._keys]


def verify(token: str, fingerprints: Sequence[str]) -> dict[str, Any]:
    """What a receipt says.

    `fingerprints` are the thumbprints (RFC 7638) of the keys that may have signed it: the key in the receipt proves
    nothing by itself.

    Raises:
        Forged: it is no receipt, it was changed, or another key signed it.
    """
    try:
        header: Any = jws.extract_compact(token.strip().encode()).headers()
        if header.get("typ") != TYPE:
            raise Forged("this is no receipt of an erasure")
        key = OKPKey.import_key(_public(OKPKey.import_key(header["jwk"])))
        if key.thumbprint() not in fingerprints:
            raise Forged(f"it was signed by another key: {key.thumbprint()}")
        claims: dict[str, Any] = orjson.loads(jws.deserialize_compact(token.strip(), key, [ALGORITHM]).payload)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Forged("it was changed, or is no receipt") from error
    return claims


def read_receipts(texts: Sequence[str], fingerprints: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
    """The token of each receipt and what it says; a text is a token, or an answer of ErasePerson as JSON.

    Raises:
        Forged: one of them is not valid, and which.
    """
    found = []
    for place, text in enumerate(texts, 1):
        try:
            token = str(orjson.loads(text)["token"]) if text.lstrip().startswith("{") else text.strip()
            found.append((token, verify(token, fingerprints)))
        except (Forged, ValueError, KeyError, TypeError) as error:
            raise Forged(f"receipt {place}: {error}") from error
    return found


def outcome(token: str, answer: Any) -> str:
    """What came of erasing again whom a receipt names, by the receipt that this gave."""
    return "gone already" if answer.token == token else "held in part" if answer.refusals else "erased"


def fingerprint_of(jwk: Mapping[str, Any]) -> str:
    """The thumbprint of a public key; Forged when it is none."""
    try:
        return OKPKey.import_key({name: jwk[name] for name in ("kty", "crv", "x")}).thumbprint()
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Forged("this is no public key of receipts") from error


def _private(seed: bytes) -> OKPKey:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return OKPKey.import_key(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _public(key: OKPKey) -> dict[str, Any]:
    return {name: str(value) for name, value in key.as_dict(private=False).items() if name in ("kty", "crv", "x")}
