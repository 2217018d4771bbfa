"""Erasing again whom receipts name, before contact serves: a backup from before an erasure brings the person back."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import structlog

from rapport_contact.crypto.receipts import Forged, fingerprint_of, outcome, read_receipts
from rapport_contact.handlers.erasure import erase, signer
from rapport_contact.settings import process_settings
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.bus.acting import service_principal
from rapport_kit.database import Database
from rapport_kit.errors import NotFound
from rapport_kit.settings import SettingsError, variable

log = structlog.get_logger(__name__)


async def reapply_receipts(database: Database) -> None:
    """Erase whom the receipts in the file of the settings name; who is gone stays so.

    Raises:
        SettingsError: the file cannot be read, or holds something else than receipts of this installation. Nobody is
            erased then.
    """
    file, name = process_settings().erasure_receipts, variable("contact", "erasure_receipts")
    if file is None:
        return
    try:
        lines = [line for line in file.read_text(errors="replace").splitlines() if line.strip()]
        receipts = read_receipts(lines, [fingerprint_of(each) for each in signer().public_keys()])
    except (OSError, Forged) as error:
        raise SettingsError(f"{name}: {error}") from error
    outcomes = Counter([await _again(token, claims, database) for token, claims in receipts])
    log.info("receipts of erasure were applied again", **{word.replace(" ", "_"): n for word, n in outcomes.items()})


async def _again(token: str, claims: dict[str, Any], database: Database) -> str:
    acting = service_principal("contact", UUID(claims["tenant_id"]), on_behalf_of=UUID(claims["erased_by"]))
    async with ContactUnitOfWork(database, acting) as uow:
        try:
            return outcome(token, await erase(UUID(claims["person_id"]), uow))
        except NotFound:
            return "not known"
