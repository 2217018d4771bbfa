"""The command `rapport`: every module of this package with a `register(app)` adds its commands, and services add
theirs through the entry points `rapport.commands`.

A command imports what it works with in its body: a service process must not hold the memory of all the others.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from importlib.metadata import entry_points

import typer

from rapport_kit.errors import DomainError, Unavailable
from rapport_kit.local.failure import PlatformError
from rapport_kit.settings import SettingsError


def build() -> typer.Typer:
    app = typer.Typer(
        name="rapport",
        help="Run and operate Rapport.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        register = getattr(importlib.import_module(module.name), "register", None)
        if register is not None:
            register(app)
    for point in sorted(entry_points(group="rapport.commands"), key=lambda point: point.name):
        point.load()(app)
    return app


def main() -> None:
    """Failures that a person can mend are one message; anything else keeps its traceback.

    Exit code 1 when this machine or a server under the services does not do its part, 2 for all else that was told.
    """
    try:
        build()()
    except PlatformError as error:
        typer.secho(str(error), fg="red", err=True)
        sys.exit(1)
    except (SettingsError, DomainError) as error:
        typer.secho(str(error), fg="red", err=True)
        if isinstance(error, Unavailable):
            typer.secho("`rapport status` shows what runs on this machine.", err=True)
        sys.exit(2)
    except OSError as error:
        if error.filename is None:
            raise
        typer.secho(f"{error.filename}: {error.strerror}", fg="red", err=True)
        sys.exit(2)
