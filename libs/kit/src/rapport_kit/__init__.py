"""The frame every Rapport service stands in: everything between a socket, a database, a broker and a use case."""

from __future__ import annotations

import os

# Read when gRPC is imported. Nobody here goes on as a fork, and it says each time that it is not ready for one.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
