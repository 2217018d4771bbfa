"""Opens the demo tenant through the doors that anybody has, and fills it."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.descriptor import ServiceDescriptor

from rapport.contact.v1 import organisations_pb2, people_pb2
from rapport.identity.v1 import api_keys_pb2, sessions_pb2, tenants_pb2, tokens_pb2
from rapport_demo.people import organisations, people
from rapport_kit.domain import uuid7
from rapport_kit.door.connection import KEPT_KEY
from rapport_kit.errors import AlreadyExists
from rapport_kit.local.demo import Demo, Installation
from rapport_kit.local.failure import PlatformError
from rapport_kit.rpc.client import Client, open_channel
from rapport_kit.rpc.tls import channel_credentials

HOSTS = ("localhost", "127.0.0.1")
EMAIL = "admin@demo.example"


async def seed(installation: Installation) -> Demo:
    """Open the tenant and create its records, unless that is done."""
    state = installation.platform.state
    password = state.secret("demo-admin")
    settings = installation.platform.settings
    credentials = channel_credentials(settings)
    curl = f"curl --cacert {settings.tls_ca}" if settings.tls else "curl"
    async with AsyncExitStack() as open_:
        channels = {
            name: await open_.enter_async_context(open_channel(installation.targets[name], credentials))
            for name in ("identity", "contact")
        }
        if state.kept(KEPT_KEY) is None:
            await Opening(installation, channels, password).run()
    return Demo(
        user=EMAIL,
        password=password,
        to_try=(
            f"open {installation.address}/docs in a browser",
            "rapport list people --filter 'lifecycle_stage = LIFECYCLE_STAGE_CUSTOMER'",
            f'{curl} -H "Authorization: Bearer $(rapport token)" "{installation.address}/v1/people:search?query=ada"',
        ),
    )


@dataclass
class Opening:
    """The first start. It keeps the API key last, so that a start which was cut off is done again."""

    installation: Installation
    channels: dict[str, grpc.aio.Channel]
    password: str
    token: str = ""

    async def run(self) -> None:
        """From an empty installation to a tenant with people in it."""
        await self._open_tenant()
        await self._sign_in()
        await self._fill()
        await self._make_key()

    async def _open_tenant(self) -> None:
        operator = await _operator_token(self.installation)
        tenants = Client(self.channels["identity"], _service(tenants_pb2, "TenantService"), token=lambda: operator)
        request = tenants_pb2.CreateTenantRequest(
            tenant=tenants_pb2.Tenant(display_name="Demo", hosts=HOSTS, locale="en-GB", time_zone="Europe/London"),
            admin_email=EMAIL,
            admin_display_name="Demo Admin",
            admin_password=self.password,
        )
        try:
            await tenants.create_tenant(request)
        except AlreadyExists:
            return

    async def _sign_in(self) -> None:
        sessions = Client(self.channels["identity"], _service(sessions_pb2, "SessionService"), token=str)
        session = await sessions.create_session(
            sessions_pb2.CreateSessionRequest(email=EMAIL, password=self.password, host=HOSTS[0])
        )
        tokens = Client(self.channels["identity"], _service(tokens_pb2, "TokenService"), token=str)
        issued = await tokens.issue_token(tokens_pb2.IssueTokenRequest(session_secret=session.secret))
        self.token = issued.access_token

    async def _fill(self) -> None:
        of_organisations = self._contact(organisations_pb2, "OrganisationService")
        found = await of_organisations.list_organisations(organisations_pb2.ListOrganisationsRequest(page_size=1))
        if found.organisations:
            return
        made = await of_organisations.batch_create_organisations(
            organisations_pb2.BatchCreateOrganisationsRequest(
                requests=[organisations_pb2.CreateOrganisationRequest(organisation=each) for each in organisations()],
                request_id=str(uuid7()),
            )
        )
        await self._contact(people_pb2, "PersonService").batch_create_people(
            people_pb2.BatchCreatePeopleRequest(
                requests=[
                    people_pb2.CreatePersonRequest(person=each)
                    for each in people([organisation.id for organisation in made.organisations])
                ],
                request_id=str(uuid7()),
            )
        )

    async def _make_key(self) -> None:
        keys = Client(self.channels["identity"], _service(api_keys_pb2, "ApiKeyService"), token=lambda: self.token)
        made = await keys.create_api_key(
            api_keys_pb2.CreateApiKeyRequest(api_key=api_keys_pb2.ApiKey(display_name="rapport on this machine"))
        )
        self.installation.platform.state.keep(KEPT_KEY, made.secret)

    def _contact(self, module: Any, service: str) -> Client:
        return Client(self.channels["contact"], _service(module, service), token=lambda: self.token)


async def _operator_token(installation: Installation) -> str:
    """What `rapport token --operator` prints to whoever holds identity's database and key.

    Raises:
        PlatformError: it prints none, as when the database was made with keys that are not in this state folder.
    """
    environments = installation.environments
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rapport_kit.cli", "token", "--operator"),
        env={**os.environ, **environments.get("identity", environments.get("all", {}))},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, told = await process.communicate()
    if process.returncode:
        raise PlatformError(
            f"No demo tenant could be opened: {told.decode().strip()}. Databases that are in use already need the "
            "state folder which they were made with: set RAPPORT_STATE_DIR to it."
        )
    return printed.decode().strip()


def _service(module: Any, name: str) -> ServiceDescriptor:
    found: ServiceDescriptor = module.DESCRIPTOR.services_by_name[name]
    return found
