"""The formats that a field may declare (`rapport.api.v1.Format`), each with its list or grammar from its authority."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from rapport.api.v1 import annotations_pb2

_ZONE_DATA: Final = files("tzdata")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# RFC 5646, section 2.1: language, script, region, variants, extensions, private use.
_LOCALE: Final = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*"
    r"(?:-[a-wy-z\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?",
    re.IGNORECASE | re.ASCII,
)
_TIME_ZONES: Final = frozenset(_ZONE_DATA.joinpath("zones").read_text("utf-8").split())
_COUNTRIES: Final = frozenset(
    line.split("\t")[0]
    for line in _ZONE_DATA.joinpath("zoneinfo", "iso3166.tab").read_text("utf-8").splitlines()
    if not line.startswith("#")
)


@dataclass(frozen=True, slots=True)
class Form:
    """A format: its test, and what to tell who fails it."""

    matches: Callable[[str], object]
    reason: str
    message: str


FORMS: Final[dict[int, Form]] = {
    annotations_pb2.FORMAT_UUID: Form(_UUID.fullmatch, "INVALID_UUID", "must be a UUID"),
    annotations_pb2.FORMAT_LOCALE: Form(
        _LOCALE.fullmatch, "INVALID_LOCALE", "must be a BCP 47 language tag such as en-GB"
    ),
    annotations_pb2.FORMAT_TIME_ZONE: Form(
        _TIME_ZONES.__contains__, "INVALID_TIME_ZONE", "must be an IANA time zone such as Europe/Paris"
    ),
    annotations_pb2.FORMAT_COUNTRY: Form(
        _COUNTRIES.__contains__, "INVALID_COUNTRY", "must be an ISO 3166-1 alpha-2 country code such as FR"
    ),
}
