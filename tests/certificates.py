"""Certificate files for TLS between the services of a test."""

from __future__ import annotations

from pathlib import Path

import trustme

from rapport_kit.settings import PlatformSettings


def certified(authority: trustme.CA, directory: Path, *names: str) -> PlatformSettings:
    """Files with a certificate of `authority` for `names`, for this machine when there are none."""
    issued = authority.issue_cert(*names or ("localhost", "127.0.0.1"))
    cert, key, ca = directory / "cert.pem", directory / "key.pem", directory / "ca.pem"
    cert.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(str(key))
    authority.cert_pem.write_to_path(str(ca))
    return PlatformSettings(tls_cert=cert, tls_key=key, tls_ca=ca)


def variables(settings: PlatformSettings) -> dict[str, str]:
    """What the environment of a process says of these files."""
    return {f"RAPPORT_TLS_{file.upper()}": str(getattr(settings, f"tls_{file}")) for file in ("cert", "key", "ca")}
