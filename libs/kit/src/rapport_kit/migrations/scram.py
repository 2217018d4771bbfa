"""PostgreSQL's stored form of a password (SCRAM-SHA-256: RFC 5803, RFC 7677)."""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import b64encode

ITERATIONS = 4096
"""PostgreSQL's own default (scram_iterations)."""


def scram_verifier(password: str, *, salt: bytes | None = None) -> str:
    """What PostgreSQL keeps instead of `password`, so that the password itself never travels to the server.

    Raises:
        ValueError: the password is empty or not printable ASCII, for which SASLprep (RFC 4013) would be needed.
    """
    if not password or not password.isascii() or not password.isprintable():
        raise ValueError("password: must be printable ASCII and not empty")
    salt = os.urandom(16) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${ITERATIONS}:{_base64(salt)}${_base64(stored)}:{_base64(server)}"


def _base64(data: bytes) -> str:
    return b64encode(data).decode()
