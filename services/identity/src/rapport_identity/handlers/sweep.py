"""Forgets what no longer matters, such as old failures and sessions, and keeps secrets under the newest key."""

from __future__ import annotations

from rapport_identity.handlers.identity_providers import reseal_secrets
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_identity.storage.secrets import forget_old
from rapport_kit.jobs import Tick

SWEEP = "identity.sweep"


async def sweep(tick: Tick, uow: IdentityUnitOfWork) -> None:
    """Runs every hour for each tenant."""
    await forget_old(uow)
    await reseal_secrets(uow)
