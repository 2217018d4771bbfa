"""Tables for owned collections, such as `person_channel` for the channels of a person.

A domain class may be owned by several roots (a person's channel, an organisation's channel), each with a table. So
each root has a mapped subclass of the owned class, `PersonChannel`, which the domain never sees by name: what is put
into a mapped collection becomes one, and stays the same object.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import RelationshipProperty, Session, registry, relationship
from sqlalchemy.orm.attributes import instance_state, set_attribute
from sqlalchemy.orm.instrumentation import ClassManager, manager_of_class

from rapport_kit.schema.columns import columns_of, properties_of, tenant_column
from rapport_kit.shape import Field, Shape

POSITION: Final = "_position"
"""The mapped attribute for a child's place in its collection."""


class Child:
    """The table and the mapped class of one owned collection."""

    def __init__(self, mapper: registry, root: Shape, root_table: sa.Table, field: Field, singular: str) -> None:
        assert field.item is not None
        assert field.item.shape is not None
        self.field = field
        self.shape: Shape = field.item.shape
        if any(nested.holds_owned for nested in self.shape.fields):
            raise TypeError(f"{self.shape.name}: an owned entity owns no others")
        self.owner_column = f"{root_table.name}_id"
        self.table = self._table(root_table, f"{root_table.name}_{singular}")
        documentation = f"{self.shape.name} of a {root.name}, as it is stored."
        names = {"__doc__": documentation, "__module__": self.shape.python.__module__}
        self.python = type(f"{root.name}{self.shape.name}", (self.shape.python,), names)
        properties = properties_of(self.shape, self.table)
        properties |= {"_owner_id": self.table.c[self.owner_column], POSITION: self.table.c.position}
        mapper.map_imperatively(self.python, self.table, properties=properties)
        self._manager: ClassManager[Any] = manager_of_class(self.python)

    def _table(self, root: sa.Table, name: str) -> sa.Table:
        return sa.Table(
            name,
            root.metadata,
            tenant_column(),
            *columns_of(self.shape),
            sa.Column(self.owner_column, sa.Uuid(), nullable=False),
            sa.Column("position", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(["tenant", self.owner_column], [root.c.tenant, root.c.id], ondelete="CASCADE"),
            sa.Index(None, "tenant", self.owner_column, "position"),
        )

    def relationship(self, root: sa.Table) -> RelationshipProperty[Any]:
        """The collection on the root: loaded with it, and written with it."""
        owner = self.table.c[self.owner_column]
        return relationship(
            self.python,
            primaryjoin=sa.and_(self.table.c.tenant == root.c.tenant, owner == root.c.id),
            foreign_keys=[self.table.c.tenant, owner],
            order_by=self.table.c.position,
            lazy="selectin",
            cascade="all, delete-orphan",
            passive_deletes=True,
        )

    def adopt_into(self, root: type) -> None:
        """Make what joins the collection an instance of the mapped class, in place."""
        collection = getattr(root, self.field.name)
        event.listen(collection, "append", self._adopt, retval=True)

    def _adopt(self, owner: Any, child: Any, initiator: Any) -> Any:
        if type(child) is self.shape.python:
            values = dict(vars(child))
            vars(child).clear()
            child.__class__ = self.python
            self._manager.setup_instance(child)
            for name, value in values.items():
                setattr(child, name, value)
        return child

    def adopt(self, child: Any) -> None:
        """Make a child of a new owner an instance of the mapped class, without noting what it has."""
        if type(child) is self.shape.python:
            child.__class__ = self.python
            self._manager.setup_instance(child)

    def number(self, owner: Any) -> None:
        """Note the place of each child in its collection."""
        if self.field.name not in vars(owner):
            return
        for place, child in enumerate(getattr(owner, self.field.name)):
            if getattr(child, POSITION) != place:
                set_attribute(child, POSITION, place)

    def placed(self, owner: Any) -> list[Any]:
        """The children of a new owner, told whose they are and where."""
        children: list[Any] = vars(owner)[self.field.name]
        for place, child in enumerate(children):
            vars(child).update({"_tenant": vars(owner)["_tenant"], "_owner_id": owner.id, POSITION: place})
        return children

    def touched(self, owner: Any) -> bool:
        """Whether any child was changed or moved since it was loaded or written."""
        self.number(owner)
        children = vars(owner).get(self.field.name, ())
        return any(instance_state(child).modified for child in children)


def number_before_flush(children: dict[type, tuple[Child, ...]]) -> None:
    """Let every session write the order of the collections, however it came to be (`sort` tells nobody)."""

    @event.listens_for(Session, "before_flush")
    def number(session: Session, context: object, instances: object) -> None:
        for entity in (*session.new, *session.identity_map.values()):
            for child in children.get(type(entity), ()):
                child.number(entity)
