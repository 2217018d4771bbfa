"""The hook that fills a new installation with something to look at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points

from rapport_kit.local.platform import Platform


@dataclass(frozen=True)
class Installation:
    """A platform whose services all serve.

    `address` is the gateway's URL; `targets` are gRPC targets, `environments` the variables of each process.
    """

    platform: Platform
    address: str
    targets: Mapping[str, str]
    environments: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Demo:
    """What a newcomer is told: how to sign in, and commands or addresses to try."""

    user: str
    password: str
    to_try: tuple[str, ...]


Seed = Callable[[Installation], Awaitable[Demo]]


async def seed(installation: Installation) -> Demo | None:
    """Call the installed `rapport.demo` entry point; it must change nothing when its data is already there."""
    for point in entry_points(group="rapport.demo"):
        create: Seed = point.load()
        return await create(installation)
    return None
