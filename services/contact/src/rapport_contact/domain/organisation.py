"""Organisations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

import idna

from rapport_contact.domain.record import ContactRecord
from rapport_kit.domain import Money
from rapport_kit.errors import Invalid, Refused

MAX_LEVELS = 20
"""How deep the tree of organisations may be, counting its root."""


class SizeBand(StrEnum):
    """How many people work there."""

    UP_TO_10 = "1_to_10"
    UP_TO_50 = "11_to_50"
    UP_TO_200 = "51_to_200"
    UP_TO_1000 = "201_to_1000"
    UP_TO_5000 = "1001_to_5000"
    OVER_5000 = "over_5000"


@dataclass(frozen=True, slots=True)
class TaxId:
    """A number under which a tax authority knows an organisation."""

    country: str
    value: str


@dataclass(kw_only=True, eq=False)
class Organisation(ContactRecord):
    """A company, authority, association or household (CON-01)."""

    legal_name: str = ""
    domains: list[str] = field(default_factory=list)
    industry: str = ""
    size_band: SizeBand | None = None
    annual_revenue: Money | None = None
    parent_id: UUID | None = None
    tax_ids: list[TaxId] = field(default_factory=list)

    def settle(self, default_region: str = "") -> None:
        """Like every contact record; domains become lower case and ASCII (IDNA), each once.

        Raises:
            Invalid: also when a domain is none, or the organisation is its own parent.
        """
        super().settle(default_region)
        domains = list(dict.fromkeys(_domain(text, index) for index, text in enumerate(self.domains)))
        if domains != self.domains:
            self.domains = domains
        if self.parent_id == self.id:
            raise Invalid.field("parent_id", "CYCLE", "an organisation cannot belong to itself")

    def check_place(self, above: Sequence[UUID], levels_below: int) -> None:
        """Whether the organisation may stand where `parent_id` puts it.

        Args:
            above: the parent and all above it, the root last; empty when there is no such parent; some of them again
                where they are in a cycle.
            levels_below: how many levels of organisations belong to this one.

        Raises:
            Invalid: the parent does not exist.
            Refused: the tree would have a cycle, or more than `MAX_LEVELS` levels.
        """
        if not above:
            raise Invalid.field("organisation.parent_id", "NOT_FOUND", "names no existing organisation")
        if len({self.id, *above}) <= len(above):
            raise Refused(
                "ORGANISATION_CYCLE", "an organisation cannot belong to one below it", parent_id=self.parent_id
            )
        if len(above) + 1 + levels_below > MAX_LEVELS:
            raise Refused("ORGANISATION_TOO_DEEP", f"the tree may have {MAX_LEVELS} levels", levels=MAX_LEVELS)


def _domain(text: str, index: int) -> str:
    try:
        name = idna.encode(text.strip().rstrip("."), uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        name = ""
    if "." not in name:
        raise Invalid.field(f"domains[{index}]", "INVALID_DOMAIN", "must be an internet domain such as example.org")
    return name
