"""What can be done with the policy for duplicates."""

from __future__ import annotations

from rapport.contact.v1 import match_policies_pb2 as pb
from rapport_contact.domain.match_policy import MatchPolicy
from rapport_contact.storage.match_policies import forget_policy
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import Stale


class MatchPolicies(Resource[MatchPolicy]):
    """MatchPolicyService."""

    serves = pb.DESCRIPTOR.services_by_name["MatchPolicyService"]
    entity = MatchPolicy
    message = pb.MatchPolicy

    async def restore(self, entity: MatchPolicy, uow: ContactUnitOfWork) -> None:
        """It holds from now on."""
        await super().restore(entity, uow)
        forget_policy(uow.tenant)

    async def get_match_policy(self, request: pb.GetMatchPolicyRequest, uow: ContactUnitOfWork) -> pb.MatchPolicy:
        """The tenant's, or the shipped one."""
        found = await self.repository(uow).find(uow.tenant)
        return self.resource.codec.to_message(found or MatchPolicy(id=uow.tenant))  # type: ignore[return-value]

    async def update_match_policy(self, request: pb.UpdateMatchPolicyRequest, uow: ContactUnitOfWork) -> pb.MatchPolicy:
        """Change it; the first change makes it the tenant's own."""
        wanted = request.match_policy
        policy = await self.repository(uow).find(uow.tenant)
        shipped = MatchPolicy(id=uow.tenant) if policy is None else policy
        if wanted.etag and wanted.etag != f'"{shipped.version}"':
            raise Stale("ETAG_MISMATCH", "the resource changed since it was read", etag=wanted.etag)
        paths = list(request.update_mask.paths) if request.HasField("update_mask") else None
        self.resource.codec.apply(wanted, shipped, paths, "match_policy")
        if policy is None:
            self.repository(uow).add(shipped)
        await uow.settle()
        forget_policy(uow.tenant)
        return uow.message(shipped)  # type: ignore[return-value]
