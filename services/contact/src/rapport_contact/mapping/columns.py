"""Which columns an export can have: what an import takes back, by the same paths, and what only the system says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rapport_contact.files.records import MOST_COLUMNS, FileFormat
from rapport_contact.mapping.targets import ImportedResource, Target, known, parse
from rapport_kit.errors import Invalid, Violation

OWN: Final = {
    ImportedResource.PERSON: frozenset({"id", "organisation_id", "team_id", "create_time", "update_time"}),
    ImportedResource.ORGANISATION: frozenset({"id", "parent_id", "team_id", "create_time", "update_time"}),
}
"""Fields that no file can set."""
_REST: Final = ("channels", "external_ids", "annotations")
_PERSON: Final = (
    *("display_name", "name_prefix", "given_name", "middle_name", "family_name", "name_suffix"),
    *("job_title", "organisation", "kind", "lifecycle_stage", "gender", "birth_date", "locale", "time_zone"),
)
_ORGANISATION: Final = (
    *("display_name", "legal_name", "domain", "industry", "size_band", "annual_revenue", "tax_ids"),
)
_PLACES: Final = {"email": 3, "phone": 3, "postal": 2, "website": 1}
"""How many of a kind have columns of their own, as in the files of other programs; `channels` has all the others."""
_PARTS: Final = {
    "email": ("", ".label", ".opted_out"),
    "phone": ("", ".region", ".label", ".opted_out"),
    "postal": (".lines", ".postcode", ".city", ".region", ".country", ".label"),
    "website": ("", ".label"),
}
_NETWORKS: Final = ("social[linkedin]", "social[twitter]")
_NOT_ON_CARDS: Final = (".region", ".opted_out")
"""Of e-mail addresses and phones; cards have them where nothing else has a place either."""


def default_columns(resource: ImportedResource, file_format: FileFormat) -> tuple[str, ...]:
    """All that an import takes back without loss."""
    own = _PERSON if resource is ImportedResource.PERSON else _ORGANISATION
    channels = [
        f"{kind}{f'#{place}' if place > 1 else ''}{part}"
        for kind, places in _PLACES.items()
        for place in range(1, places + 1)
        for part in _PARTS[kind]
        if file_format is not FileFormat.VCARD or kind == "postal" or part not in _NOT_ON_CARDS
    ]
    return (*own, *channels, *_NETWORKS, *_REST)


def checked_columns(columns: Sequence[str], resource: ImportedResource) -> tuple[Target, ...]:
    """The columns in their parts.

    Raises:
        Invalid: with a violation for each that there is none of, or that is there twice.
    """
    faults = [
        Violation(f"columns[{place}]", "DUPLICATE", "is there twice")
        if column in columns[:place]
        else Violation(f"columns[{place}]", "UNKNOWN_COLUMN", "is no column; such as given_name, email[work] or id")
        for place, column in enumerate(columns)
        if column in columns[:place] or not (column in OWN[resource] or known(column, resource))
    ]
    if len(columns) > MOST_COLUMNS:
        faults.append(Violation("columns", "TOO_MANY", f"at most {MOST_COLUMNS}"))
    if faults:
        raise Invalid(faults[0].reason, f"{faults[0].field}: {faults[0].message}", violations=faults)
    return tuple(Target(column) if column in OWN[resource] else parse(column, resource) for column in columns)
