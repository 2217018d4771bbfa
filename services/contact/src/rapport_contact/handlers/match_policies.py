"""What can be done with the policy for duplicates."""

from __future__ import annotations

from rapport.contact.v1 import match_policies_pb2 as pb
from rapport_contact.domain.match_policy import MatchPolicy
from rapport_contact.storage.match_policies import forget_policy
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.singleton import Singleton


class MatchPolicies(Singleton[MatchPolicy]):
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
        return await self.read(uow)  # type: ignore[no-any-return]

    async def update_match_policy(self, request: pb.UpdateMatchPolicyRequest, uow: ContactUnitOfWork) -> pb.MatchPolicy:
        """Change it; the first change makes it the tenant's own."""
        policy, _ = await self.change(request, uow)
        await uow.settle()
        forget_policy(uow.tenant)
        return uow.message(policy)  # type: ignore[return-value]
