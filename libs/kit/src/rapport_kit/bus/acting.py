"""As whom a service acts on events and timers, when no caller is there."""

from __future__ import annotations

from uuid import NAMESPACE_DNS, UUID, uuid5

from rapport_kit.auth.principal import Principal, Scope


def service_principal(service: str, tenant: UUID, on_behalf_of: UUID | None = None) -> Principal:
    """The service itself, in one tenant; `on_behalf_of` is whose action it answers."""
    return Principal(
        tenant=tenant,
        subject=uuid5(NAMESPACE_DNS, f"{service}.rapport"),
        grants={"*": Scope.ALL},
        kind="service",
        on_behalf_of=on_behalf_of,
    )
