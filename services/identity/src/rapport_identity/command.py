"""`rapport token`: an access token for a program or a person with a shell."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command; the entry point group `rapport.commands` leads here."""
    app.command()(token)


def token(
    operator: Annotated[
        bool, typer.Option(help="As operator of the platform; needs identity's database and key in the environment.")
    ] = False,
) -> None:
    """Print an access token, good for five minutes, for the API key in RAPPORT_API_KEY or of this machine."""
    from rapport_kit.door.connection import Connection

    typer.echo(asyncio.run(_operator() if operator else Connection().access_token()))


async def _operator() -> str:
    from rapport_identity.bootstrap import operator_token
    from rapport_identity.settings import identity_settings
    from rapport_kit.database import Database

    database = Database(identity_settings().required("database_url"), pool_size=1)
    try:
        return await operator_token(database)
    finally:
        await database.close()
