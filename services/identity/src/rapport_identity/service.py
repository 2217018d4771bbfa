"""Identity's manifest."""

from __future__ import annotations

from rapport.contact.v1 import events_pb2 as contact
from rapport_identity.crypto.passwords import Passwords
from rapport_identity.handlers.api_keys import ApiKeys
from rapport_identity.handlers.erasure import person_erased
from rapport_identity.handlers.handover import task_changed
from rapport_identity.handlers.identity_providers import IdentityProviders
from rapport_identity.handlers.keyring import fetch_from_database
from rapport_identity.handlers.provisioning import Provisioning
from rapport_identity.handlers.roles import Roles
from rapport_identity.handlers.service_accounts import ServiceAccounts
from rapport_identity.handlers.sessions import Sessions
from rapport_identity.handlers.sign_in import SignIn
from rapport_identity.handlers.sweep import SWEEP, sweep
from rapport_identity.handlers.teams import BusinessUnits, Teams
from rapport_identity.handlers.tenants import Tenants
from rapport_identity.handlers.tokens import Tokens
from rapport_identity.handlers.users import Users
from rapport_identity.settings import IdentitySettings
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.service import Service

passwords = Passwords()

service = Service(
    "identity",
    IdentityUnitOfWork,
    handlers=(
        Tenants(passwords),
        BusinessUnits(),
        Teams(),
        Users(passwords),
        Roles(),
        ApiKeys(),
        ServiceAccounts(),
        IdentityProviders(),
        Provisioning(),
        Sessions(passwords),
        SignIn(),
        Tokens(),
    ),
    subscribers={contact.TaskChanged: task_changed, contact.PersonErased: person_erased},
    jobs={SWEEP: sweep},
    migrations="rapport_identity.migrations",
    fetch_keys=fetch_from_database,
    settings=IdentitySettings,
    secrets=("key_encryption_keys",),
)
