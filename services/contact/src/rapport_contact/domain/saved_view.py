"""Lists as users like to see them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from rapport_contact.domain.display_name import settle_name
from rapport_kit.domain import Entity, OwnedByUser
from rapport_kit.errors import Invalid

_TYPE = re.compile(r"[a-z]+\.rapport/[A-Z][A-Za-z]*")


class ViewSharing(StrEnum):
    """Who else sees a view."""

    NOBODY_ELSE = "nobody_else"
    TEAM = "team"
    EVERYBODY = "everybody"


@dataclass(kw_only=True, eq=False)
class SavedView(OwnedByUser, Entity):
    """What a list shows, and how (CON-23)."""

    display_name: str
    resource_type: str
    filter: str = ""
    order_by: str = ""
    columns: list[str] = field(default_factory=list)
    sharing: ViewSharing = ViewSharing.NOBODY_ELSE

    def settle(self) -> None:
        """Check name, type and columns; raises Invalid."""
        settle_name(self)
        if not _TYPE.fullmatch(self.resource_type):
            raise Invalid.field("resource_type", "WRONG_FORMAT", "must be a type such as contact.rapport/Person")
        if len(set(self.columns)) != len(self.columns):
            raise Invalid.field("columns", "DUPLICATE", "names a field twice")
