"""The departments as the gateway's own RPCs reach them: with the token, the trace and the time of the call served."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import grpc
from google.protobuf.descriptor import ServiceDescriptor

from rapport_kit.errors import Unavailable
from rapport_kit.rpc.client import Client


class Peers:
    """What stands in the place of a unit of work: the gateway has no data, only others to ask."""

    def __init__(self, channels: Mapping[str, grpc.aio.Channel]) -> None:
        self._channels = channels
        self._clients: dict[tuple[str, ServiceDescriptor], Client] = {}

    @property
    def names(self) -> list[str]:
        """Every department that there is a way to."""
        return sorted(self._channels)

    def client(self, department: str, service: ServiceDescriptor) -> Any:
        """One proto service of a department.

        Raises:
            Unavailable: this gateway was given no way to the department.
        """
        if department not in self._channels:
            raise Unavailable("DEPARTMENT_UNKNOWN", f"there is no way to {department}", department=department)
        known = self._clients.get((department, service))
        if known is None:
            known = self._clients[department, service] = Client(self._channels[department], service)
        return known
