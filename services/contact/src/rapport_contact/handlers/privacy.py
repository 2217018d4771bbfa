"""The keys of people: rotation, and what receipts are checked with."""

from __future__ import annotations

from rapport.contact.v1 import privacy_pb2 as pb
from rapport_contact.handlers.erasure import signer
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_contact.storage.rotation import KEPT
from rapport_kit.jobs import Tick, carry_on, schedule

REWRAP = "contact.rewrap_subject_keys"
"""The timer that wraps the keys of a tenant's people anew, a batch at a time."""


class Privacy:
    """PrivacyService."""

    serves = pb.DESCRIPTOR.services_by_name["PrivacyService"]

    async def get_receipt_keys(self, request: pb.GetReceiptKeysRequest, uow: ContactUnitOfWork) -> pb.ReceiptKeys:
        """The public keys, which depend on no tenant."""
        return pb.ReceiptKeys(keys=[pb.ReceiptKey(**key) for key in signer().public_keys()])

    async def rotate_subject_keys(
        self, request: pb.RotateSubjectKeysRequest, uow: ContactUnitOfWork
    ) -> pb.RotateSubjectKeysResponse:
        """Begin a rotation; `rewrap` goes on with it."""
        await uow.rotation.begin()
        await schedule(uow, REWRAP, "", uow.now)
        return pb.RotateSubjectKeysResponse()


async def rewrap(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Wrap a batch, and come back: soon while there is more, later to delete the old key when nobody uses it."""
    if await uow.rotation.step() or await uow.rotation.remaining():
        await carry_on(tick, uow)
    elif await uow.rotation.drop_unused():
        await schedule(uow, REWRAP, tick.key, uow.now + KEPT)
