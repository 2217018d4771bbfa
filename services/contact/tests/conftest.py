"""What contact's tests stand on beside the servers: its keys."""

from __future__ import annotations

import os

from rapport_contact.service import service
from rapport_kit.testing.stack import keys_of

os.environ |= keys_of(service)
