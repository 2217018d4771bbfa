"""Forgets what no longer matters: old failures, sessions, secrets and revocations."""

from __future__ import annotations

from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_identity.storage.secrets import forget_old
from rapport_kit.jobs import Tick

SWEEP = "identity.sweep"


async def sweep(tick: Tick, uow: IdentityUnitOfWork) -> None:
    """Runs every hour for each tenant."""
    await forget_old(uow)
