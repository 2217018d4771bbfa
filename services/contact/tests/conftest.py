"""What contact's own tests are told from outside."""

from __future__ import annotations

import base64
import os
import secrets

os.environ.setdefault("RAPPORT_CONTACT_MATCH_KEY", base64.b64encode(secrets.token_bytes(32)).decode())
