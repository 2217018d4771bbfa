"""What a column can be mapped to: a path such as `given_name`, `email[work]`, `postal[home]#2.city`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rapport_kit.errors import Invalid

LONGEST_LABEL: Final = 60
MOST_PLACES: Final = 50


class ImportedResource(StrEnum):
    """What the rows of a file are."""

    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Target:
    """A path in its parts; `place`, from 1, tells two values of one kind and label apart, and is their order."""

    field: str
    label: str = ""
    place: int = 1
    part: str = ""


_NAMES: Final = {"display_name", "given_name", "family_name", "middle_name", "name_prefix", "name_suffix"}
_TRAITS: Final = {"gender", "locale", "time_zone", "job_title", "owner_id"}
TEXTS: Final = {
    ImportedResource.PERSON: frozenset(_NAMES | _TRAITS),
    ImportedResource.ORGANISATION: frozenset({"display_name", "legal_name", "industry", "owner_id"}),
}
SPECIAL: Final = {
    ImportedResource.PERSON: frozenset({"birth_date", "kind", "lifecycle_stage", "organisation"}),
    ImportedResource.ORGANISATION: frozenset({"domain", "size_band", "annual_revenue", "tax_ids"}),
}
JSON: Final = frozenset({"channels", "external_ids", "annotations"})
LABELLED: Final = frozenset({"external_id", "annotation"})
"""Fields whose label is what tells their values apart."""
_OF_A_CHANNEL: Final = frozenset({"", "label", "primary", "opted_out"})
_STREET: Final = frozenset({"lines", "line1", "line2", "line3", "number"})
PARTS: Final = {
    "email": _OF_A_CHANNEL,
    "phone": _OF_A_CHANNEL | {"region"},
    "website": _OF_A_CHANNEL,
    "social": _OF_A_CHANNEL,
    "postal": _OF_A_CHANNEL - {""} | _STREET | {"city", "region", "postcode", "country"},
}
"""The kinds of channels, and what can be said of one."""

_PATH: Final = re.compile(r"([a-z_]+)(?:\[([^\[\]]*)\])?(?:#(\d{1,2}))?(?:\.([a-z_0-9]+))?")


def parse(path: str, resource: ImportedResource) -> Target:
    """The target that `path` names.

    Raises:
        Invalid: it names none of that resource.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise _unknown()
    target = Target(found[1], found[2] or "", int(found[3] or 1), found[4] or "")
    if len(target.label) > LONGEST_LABEL or not 1 <= target.place <= MOST_PLACES:
        raise _unknown()
    if target.field in PARTS:
        known = target.part in PARTS[target.field] and (target.field != "social" or bool(target.label))
    elif target.field in LABELLED:
        known = bool(target.label) and not target.part
    else:
        plain = TEXTS[resource] | SPECIAL[resource] | JSON
        known = target.field in plain and not target.label and not target.part
    if not known:
        raise _unknown()
    return target


def known(path: str, resource: ImportedResource) -> bool:
    """Whether `path` names a target of that resource."""
    try:
        parse(path, resource)
    except Invalid:
        return False
    return True


def _unknown() -> Invalid:
    return Invalid.field("target", "UNKNOWN_TARGET", "is no field to import into; such as given_name or email[work]")
