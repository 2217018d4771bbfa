"""`rapport check`: what can be known to be wrong without touching a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rapport_kit.service import Service

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME…]", help="Services; all when none is named.")]
Complete = Annotated[bool, typer.Option(help="Also demand every variable that `rapport serve` would need.")]


def register(app: typer.Typer) -> None:
    app.command()(check)


def check(names: Names = None, complete: Complete = False) -> None:
    """Load the services and read their settings, as `rapport serve` would; exit code 1 and a list if one is wrong."""
    from rapport_kit.service import chosen

    problems = [problem for service in chosen(names or ["all"]) for problem in _problems(service, complete)]
    for problem in dict.fromkeys(problems):  # what is shared by all services is said once
        typer.secho(problem, fg="red", err=True)
    raise typer.Exit(1 if problems else 0)


def _problems(service: Service, complete: bool) -> list[str]:
    from rapport_kit.rpc.use_cases import use_case_of
    from rapport_kit.settings import SettingsError

    problems = []
    for handler in service.handlers:
        for method in handler.serves.methods:  # type: ignore[attr-defined]
            try:
                use_case_of(handler, method)
            except TypeError as error:
                problems.append(f"{service.name}: {error}")
    try:
        settings = service.settings.of(service.name)
    except SettingsError as error:
        return [*problems, *str(error).splitlines()]
    if complete:
        try:
            service.configured()
        except SettingsError as error:
            problems += str(error).splitlines()
        if settings.platform.nats_url is None and service.unit_of_work is not None:
            problems.append("RAPPORT_NATS_URL: is not set")
    return problems
