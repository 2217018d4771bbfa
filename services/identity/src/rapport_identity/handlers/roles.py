"""Own roles beside the built-in ones."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from rapport.identity.v1 import roles_pb2 as pb
from rapport_identity.domain.built_in_roles import ROLES
from rapport_identity.domain.role import Role, check_may_hand_out, combined
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import AlreadyExists, Refused


class Roles(Resource[Role]):
    """RoleService."""

    serves = pb.DESCRIPTOR.services_by_name["RoleService"]
    entity = Role
    message = pb.Role

    async def admit(self, entity: Role, uow: IdentityUnitOfWork, changed: Collection[str]) -> None:
        """A role allows no more than its maker may; whoever has it gets new tokens when it changes."""
        if entity.key in ROLES:
            raise AlreadyExists("ROLE_BUILT_IN", "key: taken by a built-in role", fields="key")
        check_may_hand_out(uow.principal, *combined([entity]))
        if entity.create_time is not None and not {"grants", "denials"}.isdisjoint(changed):
            await uow.revoke_subjects(*await uow.roles.holders(entity.key))

    async def list_built_in_roles(
        self, request: pb.ListBuiltInRolesRequest, uow: IdentityUnitOfWork
    ) -> pb.ListBuiltInRolesResponse:
        """The roles that every tenant has."""
        return pb.ListBuiltInRolesResponse(
            roles=[cast(pb.Role, self.resource.codec.to_message(role)) for role in ROLES.values()]
        )

    async def release(self, entity: Role, uow: IdentityUnitOfWork) -> None:
        """Nobody may have it."""
        if await uow.roles.holders(entity.key):
            raise Refused("ROLE_IN_USE", "users or service accounts have this role", id=entity.id)
