"""What contact's tests stand on beside the servers: keys of their own."""

from __future__ import annotations

import base64
import os
import secrets

for name in ("MATCH_KEY", "MASTER_KEYS", "RECEIPT_KEYS"):
    os.environ.setdefault(f"RAPPORT_CONTACT_{name}", base64.b64encode(secrets.token_bytes(32)).decode())
