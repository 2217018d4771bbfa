"""Puts cells into the fields of a draft, but for its channels."""

from __future__ import annotations

import re
from typing import Final

import orjson

from rapport.contact.v1 import organisations_pb2, people_pb2
from rapport_contact.mapping.draft import Draft, Put
from rapport_contact.mapping.values import Unreadable, money, person_kind, several, size_band, stage
from rapport_kit.protojson import Decoders, Malformed

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DECODERS: Final = Decoders()


def text_put(name: str) -> Put:
    """Puts a text as it is written into a field."""
    return lambda draft, value, column: _put_text(draft, name, value, column)


def external_id_put(system: str) -> Put:
    """Adds an id of another system."""

    def put(draft: Draft, value: str, column: str) -> None:
        draft.columns[f"external_ids[{len(draft.message.external_ids)}]"] = column
        draft.message.external_ids.add(system=system, value=value.strip())

    return put


def annotation_put(key: str) -> Put:
    """Keeps a text under a key of its own."""

    def put(draft: Draft, value: str, column: str) -> None:
        draft.columns.setdefault("annotations", column)
        draft.message.annotations[key] = value.strip()

    return put


def json_put(name: str) -> Put:
    """Puts JSON into a field, as an export writes it."""

    def put(draft: Draft, value: str, column: str) -> None:
        try:
            _DECODERS.field(draft.message.DESCRIPTOR.fields_by_name[name])(draft.message, orjson.loads(value))
        except (orjson.JSONDecodeError, Malformed) as error:
            raise Unreadable("INVALID_JSON", f"must be the JSON of {name}") from error
        draft.columns[name] = column

    return put


def _put_text(draft: Draft, name: str, value: str, column: str) -> None:
    if not getattr(draft.message, name):
        written = value.strip()
        setattr(draft.message, name, written.replace("_", "-") if name == "locale" else written)
        draft.columns[name] = column


def put_gender(draft: Draft, value: str, column: str) -> None:
    """A gender as it is written."""
    if value.strip().casefold() != "unspecified":  # which Outlook writes of everybody of whom it knows none
        _put_text(draft, "gender", value, column)


def put_stage(draft: Draft, value: str, column: str) -> None:
    """A stage of the lifecycle, by any of its names."""
    name = f"LIFECYCLE_STAGE_{stage(value).upper()}"
    draft.message.lifecycle_stage = people_pb2.LifecycleStage.Value(name)
    draft.columns["lifecycle_stage"] = column


def put_kind(draft: Draft, value: str, column: str) -> None:
    """What kind of person somebody is."""
    draft.message.kind = people_pb2.PersonKind.Value(f"PERSON_KIND_{person_kind(value).upper()}")
    draft.columns["kind"] = column


def put_size_band(draft: Draft, value: str, column: str) -> None:
    """A size, or the number of people that stands for one."""
    draft.message.size_band = organisations_pb2.SizeBand.Value(f"SIZE_BAND_{size_band(value).upper()}")
    draft.columns["size_band"] = column


def put_annual_revenue(draft: Draft, value: str, column: str) -> None:
    """An amount with its currency."""
    revenue = draft.message.annual_revenue
    revenue.units, revenue.nanos, revenue.currency_code = money(value)
    draft.columns["annual_revenue"] = column


def put_organisation(draft: Draft, value: str, column: str) -> None:
    """The name of the company that somebody works for."""
    name = " ".join(value.split())[:300]
    if _CONTROL.search(name):
        raise Unreadable("CONTROL_CHARACTER", "must not hold control characters")
    draft.organisation = draft.organisation or name
    draft.columns["organisation_id"] = column


def put_domains(draft: Draft, value: str, column: str) -> None:
    """Domains of mail, several in one cell."""
    draft.message.domains.extend(part for one in several(value) for part in one.split(",") if part)
    draft.columns["domains"] = column
