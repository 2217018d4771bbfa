"""How commands reach the services, and as whom: by the environment, or by what `rapport up` left on this machine."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

from google.protobuf.descriptor import ServiceDescriptor

from rapport.identity.v1 import tokens_pb2
from rapport_kit.contracts import department
from rapport_kit.local.state import State
from rapport_kit.rpc.client import Client, open_channel
from rapport_kit.rpc.tls import channel_credentials
from rapport_kit.settings import PlatformSettings, ServiceSettings, SettingsError, variable

API_KEY = "RAPPORT_API_KEY"
KEPT_KEY = "cli-api-key"
"""Under which name the state folder of `rapport up` keeps this machine's API key."""


class Connection:
    """Channels to the services of one installation, with tokens of one API key."""

    def __init__(self) -> None:
        self._settings = PlatformSettings.load()
        self._state = State.locate(self._settings.state_dir)

    @asynccontextmanager
    async def client(self, service: ServiceDescriptor, token: str) -> AsyncIterator[Client]:
        """Calls to one proto service; an empty token for its public methods."""
        async with open_channel(self.target(department(service)), channel_credentials(self._settings)) as channel:
            yield Client(channel, service, token=lambda: token)

    async def access_token(self) -> str:
        """A fresh access token for the API key.

        Raises:
            SettingsError: there is no key.
            Unauthenticated: the key is not, or no longer, good.
        """
        service = tokens_pb2.DESCRIPTOR.services_by_name["TokenService"]
        async with self.client(service, "") as tokens:
            issued = await tokens.issue_token(tokens_pb2.IssueTokenRequest(api_key=self.api_key))
        return str(issued.access_token)

    @property
    def api_key(self) -> str:
        """The key in the environment, or this machine's."""
        key = os.environ.get(API_KEY) or self._state.kept(KEPT_KEY)
        if not key:
            raise SettingsError(f"{API_KEY}: is not set, and `rapport up` has not made a key on this machine")
        return key

    def target(self, service: str) -> str:
        """Where a service listens."""
        target = ServiceSettings.of(service).target or self._running.get(service)
        if not target:
            here = (
                f"`rapport up` runs only {', '.join(self._running)}" if self._running else "`rapport up` does not run"
            )
            raise SettingsError(f"{variable(service, 'target')}: is not set, and {here} here")
        return target

    @cached_property
    def _running(self) -> dict[str, str]:
        try:
            note = json.loads(self._state.services.read_text())
        except FileNotFoundError:
            return {}
        return {row["name"]: row["listen"] for row in note}
