"""Resources of which there is one for each tenant, under the tenant's own id (AIP-156)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from rapport_kit.auth.permissions import require_all
from rapport_kit.crud import Resource
from rapport_kit.domain import Entity
from rapport_kit.repository import SingletonRepository
from rapport_kit.rpc.access import access_of
from rapport_kit.uow import UnitOfWork

E = TypeVar("E", bound=Entity)


class Singleton(Resource[E]):
    """The use cases of such a resource: a Get and an Update, which changes it for everybody."""

    def repository(self, uow: UnitOfWork) -> SingletonRepository[E]:
        """The tenant's one, in the transaction of `uow`."""
        made: SingletonRepository[E] = SingletonRepository(uow)
        made.entity = self.entity  # type: ignore[misc]
        return made

    async def read(self, uow: UnitOfWork) -> Any:
        """The answer to a Get."""
        return self.resource.codec.to_message(await self.repository(uow).current())

    async def change(self, request: Any, uow: UnitOfWork) -> tuple[E, Collection[str]]:
        """Do what an Update asks for, and name the fields that it changed; the first one makes it the tenant's own.

        Raises:
            Denied: the caller's permission does not reach the whole tenant.
            Stale: it was changed since.
        """
        (update,) = (each for each in self.serves.methods if each.name.startswith("Update"))
        require_all(uow.scope, access_of(update).permission)
        wanted = getattr(request, self.resource.field)
        entity = await self.repository(uow).take(wanted.etag)
        paths = list(request.update_mask.paths) if request.HasField("update_mask") else None
        return entity, self.resource.codec.apply(wanted, entity, paths, self.resource.field)
