"""`rapport migrate` and `rapport revision`: the databases' shape, and the files that change it."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote, urlsplit

import typer
from rich.console import Console

if TYPE_CHECKING:
    from rapport_kit.migrations import Chain

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME…]", help="Services; all when none is named.")]
Check = Annotated[bool, typer.Option("--check", help="Only see whether the revisions are complete, elsewhere.")]
Sql = Annotated[bool, typer.Option("--sql", help="Only print what would be executed on an empty database.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(migrate)
    app.command()(revision)


def migrate(names: Names = None, check: Check = False, sql: Sql = False) -> None:
    """Bring the services' databases, and the roles in them, up to date on the server of RAPPORT_DATABASE_URL."""
    from rapport_kit.migrations import Chain, MigrationError
    from rapport_kit.migrations.runner import offline_sql
    from rapport_kit.service import chosen

    chains = [Chain.of(service) for service in chosen(names or ["all"]) if service.migrations]
    try:
        if sql:
            print(*map(offline_sql, chains), sep="\n")  # noqa: T201 - goes into a file or a linter
        elif check:
            _check(chains)
        else:
            for chain in chains:
                asyncio.run(_migrate(chain))
    except MigrationError as error:
        _fail(str(error))


def revision(
    service: Annotated[str, typer.Argument(help="The service whose tables changed.")],
    message: Annotated[str, typer.Argument(help="What the revision does, such as `add a birthday`.")],
) -> None:
    """Write a service's next revision from what its tables lack, on RAPPORT_DATABASE_URL or a server of its own."""
    from rapport_kit.migrations import Chain
    from rapport_kit.migrations.authoring import write_revision
    from rapport_kit.service import chosen

    chain = Chain.of(chosen([service])[0])
    with _any_server() as admin_url:
        path = asyncio.run(write_revision(admin_url, chain, message))
    Console().print(f"Wrote {path}; read it before you keep it.", highlight=False, soft_wrap=True)


async def _migrate(chain: Chain) -> None:
    """Databases and passwords are those of the service's own URLs, so that it can sign in afterwards."""
    from rapport_kit.migrations import migrate_service
    from rapport_kit.settings import PlatformSettings, ServiceSettings, SettingsError

    admin_url = PlatformSettings.load().database_url
    if admin_url is None:
        raise SettingsError("RAPPORT_DATABASE_URL: is not set")
    settings = ServiceSettings.of(chain.service)
    given = [urlsplit(url) for url in (settings.database_url, settings.system_database_url) if url]
    passwords = {unquote(url.username): unquote(url.password) for url in given if url.username and url.password}
    database = given[0].path.strip("/") if given else None
    await migrate_service(admin_url, chain, database=database, passwords=passwords)
    Console().print(f"[green]✓[/green] {chain.service}", highlight=False)


def _check(chains: list[Chain]) -> None:
    from rapport_kit.migrations.completeness import incompleteness

    with _any_server() as admin_url:
        problems = [problem for chain in chains for problem in asyncio.run(incompleteness(admin_url, chain))]
    if problems:
        _fail("\n".join(problems))


@contextmanager
def _any_server() -> Iterator[str]:
    """Administrator's URL of the server that is configured, else of one that lives as long as the block."""
    from rapport_kit.local.ports import free_port
    from rapport_kit.local.postgres import PostgresServer
    from rapport_kit.settings import PlatformSettings

    given = PlatformSettings.load().database_url
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="rapport-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL may run as another user
        server = PostgresServer(Path(folder) / "postgres", free_port(), secrets.token_urlsafe(16), durable=False)
        server.start()
        try:
            yield server.url
        finally:
            server.stop()


def _fail(message: str) -> None:
    Console(stderr=True).print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)
