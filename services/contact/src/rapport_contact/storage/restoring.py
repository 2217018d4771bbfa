"""What restoring records asks of the database, beyond inserting them."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_kit.uow import UnitOfWork


async def keep_as_given(uow: UnitOfWork) -> None:
    """Let no row that this transaction writes follow who became another (`following`): it followed where it was."""
    await uow.connection.execute(sa.select(sa.func.set_config("rapport.restoring", "on", True)))
