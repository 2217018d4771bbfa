"""New objects of mapped classes, made without SQLAlchemy's noting every field as it is set.

Until an aggregate is written nobody needs to know what changed in it. So its values go straight to where SQLAlchemy
looks for them, and `watch` has changes noted from when its rows are made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.orm.instrumentation import manager_of_class

from rapport_kit.codec.decode import MAKERS
from rapport_kit.schema.children import Child


def enter_maker(python: type, children: Iterable[Child]) -> None:
    """Have the codec make objects of a mapped dataclass here, unless it does something of its own when it is made."""
    if hasattr(python, "__post_init__") or any(sa.inspect(python).composites):
        return
    told = [field for field in fields(python) if field.init]
    plain = {field.name: field.default for field in told if field.default is not MISSING}
    made = [(field.name, field.default_factory) for field in told if field.default_factory is not MISSING]
    needed = {field.name for field in told} - plain.keys() - {name for name, _ in made}
    owned = [(child.field.name, child.adopt) for child in children]
    manager: Any = manager_of_class(python)

    def make(values: dict[str, Any]) -> Any:
        if not needed <= values.keys():
            return python(**values)  # says what is missing
        thing: Any = object.__new__(python)
        held = vars(thing)
        held.update(plain)
        for name, factory in made:
            if name not in values:
                held[name] = factory()
        held.update(values)
        manager.setup_instance(thing)
        for name, adopt in owned:
            parts = held.pop(name)
            for part in parts:
                adopt(part)
            set_committed_value(thing, name, parts)
        return thing

    MAKERS[python] = make


def watch(thing: Any) -> None:
    """Have a new object, whose row is made, be to SQLAlchemy as if it had been loaded."""
    make_transient_to_detached(thing)
    state = instance_state(thing)
    if state.manager.dispatch.load:
        state.manager.dispatch.load(state, None)
