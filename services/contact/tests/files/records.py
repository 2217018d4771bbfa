"""People and organisations of any kind as hypothesis makes them, and what of them a file is to bring back."""

from __future__ import annotations

from typing import Any

import phonenumbers
from google.protobuf import json_format
from hypothesis import strategies as st

from rapport.contact.v1 import channels_pb2, organisations_pb2, people_pb2

LETTERS = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufffe\uffff")
BEGINNINGS = st.sampled_from(
    ["", "=", "+", "-", "@", "'", "'=", "''", "_x000D_", "\\", ";", ",", '"', "=cmd|'/C calc'!A0"]
)


def _text(most: int = 12) -> st.SearchStrategy[str]:
    written = st.builds(str.__add__, BEGINNINGS, st.text(LETTERS, max_size=most))
    return written.map(lambda text: " ".join(text.split())).filter(bool)


LABELS = st.one_of(
    st.sampled_from(["", "work", "home", "mobile", "work fax"]),
    _text(8).map(lambda text: text.replace("[", "").replace("]", "").strip()),
)
TIMES = st.sampled_from(["", "", "2024-02-29T10:00:00Z", "1999-12-31T23:59:59.5Z"])
ADDRESSES = st.one_of(
    st.integers(0, 99).map(lambda n: {"email": {"address": f"Some.{n}@Example.org"}}),
    st.integers(0, 99).map(
        lambda n: {"phone": {"number": f"+44 20 7946 0{100 + n}"}, "normalized": f"+442079460{100 + n}"}
    ),
    st.integers(0, 99).map(
        lambda n: {"phone": {"number": f"020 7946 0{200 + n}"}, "normalized": f"+442079460{200 + n}"}
    ),
    st.builds(
        lambda lines, city, country: {"postal": {"lines": lines, "city": city, "country": country}},
        st.lists(_text(), min_size=1, max_size=3),
        st.one_of(st.just(""), _text()),
        st.sampled_from(["", "DE", "GB"]),
    ),
    st.integers(0, 99).map(lambda n: {"website": {"uri": f"https://example.org/a;b,{n}"}}),
    st.builds(
        lambda network, handle: {"social": {"network": network, "handle": handle}},
        st.sampled_from(["linkedin", "twitter", "mastodon"]),
        _text(),
    ),
)
DETAILS = st.fixed_dictionaries(
    {"label": LABELS, "opted_out": st.booleans(), "verified_time": TIMES, "valid_to": TIMES, "source": st.just("form")}
)


@st.composite
def _channels(draw: Any) -> list[Any]:
    drawn = draw(st.lists(st.tuples(ADDRESSES, DETAILS), max_size=9, unique_by=lambda pair: str(pair[0]).casefold()))
    found, leading = [], set[str]()
    for number, (address, details) in enumerate(drawn):
        channel = {"id": f"id{number}"} | address | {name: value for name, value in details.items() if value}
        made = json_format.ParseDict(channel, channels_pb2.Channel())
        kind = made.WhichOneof("address")
        if not made.HasField("valid_to") and kind not in leading and draw(st.booleans()):
            leading.add(kind)
            made.primary = True
        found.append(made)
    for made in found:  # of each kind one that is true is primary
        kind = made.WhichOneof("address")
        if not made.HasField("valid_to") and kind not in leading:
            leading.add(kind)
            made.primary = True
    return found


def _common() -> dict[str, st.SearchStrategy[Any]]:
    external = st.builds(lambda system, value: {"system": system, "value": value}, _text(), _text())
    return {
        "display_name": _text(),
        "channels": _channels(),
        "external_ids": st.lists(external, max_size=3, unique_by=lambda each: each["system"]),
        "annotations": st.dictionaries(_text(), st.text(LETTERS, min_size=1, max_size=20), max_size=3),
    }


def _made(message: type[Any], drawn: dict[str, Any]) -> Any:
    channels = drawn.pop("channels")
    made = json_format.ParseDict({name: value for name, value in drawn.items() if value}, message())
    made.channels.extend(channels)
    return made


MAYBE = st.one_of(st.just(""), _text())
PEOPLE = st.fixed_dictionaries(
    _common()
    | dict.fromkeys(("given_name", "middle_name", "family_name", "name_prefix", "name_suffix", "job_title"), MAYBE)
    | {
        "gender": MAYBE,
        "locale": st.sampled_from(["", "de-AT"]),
        "time_zone": st.sampled_from(["", "Europe/Vienna"]),
        "birth_date": st.sampled_from([None, {"year": 1980, "month": 2, "day": 29}, {"month": 2, "day": 29}]),
        "lifecycle_stage": st.sampled_from(["LIFECYCLE_STAGE_LEAD", "LIFECYCLE_STAGE_OTHER"]),
        "kind": st.sampled_from(["", "PERSON_KIND_PRESS", "PERSON_KIND_CUSTOMER"]),
    }
).map(lambda drawn: _made(people_pb2.Person, drawn))
ORGANISATIONS = st.fixed_dictionaries(
    _common()
    | {
        "legal_name": MAYBE,
        "industry": MAYBE,
        "domains": st.lists(st.sampled_from(["example.org", "example.com", "xn--bcher-kva.example"]), unique=True),
        "size_band": st.sampled_from(["", "SIZE_BAND_11_TO_50", "SIZE_BAND_OVER_5000"]),
        "annual_revenue": st.sampled_from(
            [
                None,
                {"units": 12, "nanos": 5, "currency_code": "EUR"},
                {"units": -3, "nanos": -10, "currency_code": "USD"},
            ]
        ),
        "tax_ids": st.lists(st.builds(lambda value: {"country": "DE", "value": value}, _text()), max_size=2),
    }
).map(lambda drawn: _made(organisations_pb2.Organisation, drawn))


def comparable(message: Any, *, international: bool = False) -> dict[str, Any]:
    """A record as an import makes it, put in order: where a channel came from is new, and what follows from the rest.

    `international`: phone numbers are compared in the form in which they have no region.
    """
    copy = type(message)()
    copy.CopyFrom(message)
    leading = set[str]()
    for channel in copy.channels:
        kind = channel.WhichOneof("address")
        if kind == "phone":
            if international:
                number = phonenumbers.parse(channel.phone.number, channel.phone.region or "GB")
                channel.phone.number = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            channel.phone.region = ""
        channel.ClearField("id")
        channel.ClearField("source")
        channel.ClearField("normalized")
    marked = {channel.WhichOneof("address") for channel in copy.channels if channel.primary}
    for channel in copy.channels:  # the first of a kind leads where none is marked, as the domain has it
        kind = channel.WhichOneof("address")
        if kind not in marked | leading and not channel.HasField("valid_to"):
            leading.add(kind)
            channel.primary = True
    said = json_format.MessageToDict(copy, preserving_proto_field_name=True)
    said["channels"] = sorted(said.get("channels", []), key=str)
    said["external_ids"] = sorted(said.get("external_ids", []), key=str)
    return said
