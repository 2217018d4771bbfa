"""Machines whose every rule is a unit of work: what they do in any order is told apart by a model of theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from rapport_kit.database import Database

from .units import anybody

PLACES = st.integers(0, 99)
# Fourteen steps can be read as they are; making them fewer would take minutes.
SHORT = settings(max_examples=12, stateful_step_count=14, phases=[Phase.reuse, Phase.generate])


class Machine(RuleBasedStateMachine):
    """Works in a tenant of its own; whoever was merged there is known by whom they became."""

    database: Database
    run: Callable[[Coroutine[Any, Any, Any]], Any]
    compared: ClassVar[int] = 0
    """How often what is stored was compared with the model."""

    def __init__(self) -> None:
        super().__init__()
        self.principal = anybody()
        self.became: dict[UUID, UUID] = {}

    def root(self, id_: UUID) -> UUID:
        """Who answers to an id."""
        return self.root(self.became[id_]) if id_ in self.became else id_


M = TypeVar("M", bound=Machine)


@contextmanager
def connected(machine: type[M], url: str) -> Iterator[type[M]]:
    """The machine with one connection, outside the loop of the tests."""
    with asyncio.Runner() as runner:
        database = Database(url, pool_size=1)
        try:
            yield type(machine.__name__, (machine,), {"database": database, "run": staticmethod(runner.run)})
        finally:
            runner.run(database.close())
