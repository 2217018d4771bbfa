"""Certificate files, looked at before anybody listens with them: what is wrong else shows as a peer without a word."""

from __future__ import annotations

import ssl
from pathlib import Path

ROUNDS = 4
"""Turns of each side after which a handshake is over, with some to spare."""


def fit_together(cert: Path, key: Path, ca: Path) -> None:
    """Return when the files hold a certificate, its key and authorities.

    Raises:
        ValueError: they do not; with the variable and the file to look at.
    """
    try:
        _showing(cert, key)
    except OSError as error:
        if getattr(error, "reason", None) == "KEY_VALUES_MISMATCH":
            raise ValueError(f"RAPPORT_TLS_KEY: {key} is not the key of the certificate in {cert}") from None
        raise ValueError(f"RAPPORT_TLS_CERT, RAPPORT_TLS_KEY: {cert} and {key}: {_why(error)}") from None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(ca)
    except OSError as error:
        raise ValueError(f"RAPPORT_TLS_CA: {ca}: {_why(error)}") from None


def why_unbelieved(cert: Path, key: Path, ca: Path, host: str) -> str | None:
    """Why two peers that show `cert` and believe `ca` do not believe one another at `host`; None when they do.

    The two shake hands in memory.
    """
    listener, caller = _showing(cert, key), ssl.create_default_context(cafile=ca)
    caller.load_cert_chain(cert, key)
    caller.hostname_checks_common_name = False  # as in gRPC
    listener.load_verify_locations(ca)
    listener.verify_mode = ssl.CERT_REQUIRED
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = (
        caller.wrap_bio(back, there, server_hostname=host),
        listener.wrap_bio(there, back, server_side=True),
    )
    for side in sides * ROUNDS:
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLCertVerificationError as error:
            return error.verify_message.rstrip(".")
    return None


def _showing(cert: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key, password="")
    return context


def _why(error: OSError) -> str:
    if not isinstance(error, ssl.SSLError):
        return str(error.strerror)
    if not error.reason:
        return "cannot be read: no PEM, or a key with a passphrase"
    return f"cannot be read as PEM ({error.reason.lower().replace('_', ' ')})"
