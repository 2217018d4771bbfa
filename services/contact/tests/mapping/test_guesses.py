"""What columns are taken for, and what becomes of their values."""

from __future__ import annotations

import pytest

from rapport_contact.mapping.draft import Draft
from rapport_contact.mapping.headers import guess
from rapport_contact.mapping.rows import Mapper
from rapport_contact.mapping.targets import ImportedResource, parse
from rapport_contact.mapping.values import DateOrder, Unreadable, country, day, is_no_day, stage
from rapport_kit.errors import Invalid

PERSON = ImportedResource.PERSON

EXPORTS = {
    "hubspot": {
        "Record ID": "51",
        "First Name": "Zoë",
        "Last Name": "Bär",
        "Email": "zoe@example.org",
        "Phone Number": "+442079460100",
        "Lifecycle Stage": "Marketing Qualified Lead",
        "Company Name": "Engines",
        "Contact owner": "Somebody",
        "City": "Bath",
    },
    "salesforce": {
        "Id": "003xx",
        "FirstName": "Zoë",
        "LastName": "Bär",
        "Email": "zoe@example.org",
        "Phone": "+442079460100",
        "Account.Name": "Engines",
        "MailingCity": "Bath",
        "Title": "Physicist",
    },
    "google": {
        "First Name": "Zoë",
        "Last Name": "Bär",
        "Organization Name": "Engines",
        "E-mail 1 - Label": "* Work",
        "E-mail 1 - Value": "zoe@example.org ::: z@example.org",
        "Phone 1 - Label": "Mobile",
        "Phone 1 - Value": "+442079460100",
        "Address 1 - City": "Bath",
        "Address 1 - Country": "Vereinigtes Königreich",
    },
    "outlook": {
        "Title": "Dr.",
        "First Name": "Zoë",
        "Last Name": "Bär",
        "Company": "Engines",
        "E-mail Address": "zoe@example.org",
        "Business Phone": "+442079460100",
        "Home City": "Bath",
        "Web Page": "example.org",
    },
}


def drafted(cells: dict[str, str], **options: DateOrder) -> Draft:
    _, targets = guess(list(cells), PERSON)
    return Mapper(PERSON, targets, **options).draft(cells)


@pytest.mark.parametrize("program", EXPORTS)
def test_plt_16_the_exports_of_other_programs_are_recognised_and_mapped(program: str) -> None:
    cells = EXPORTS[program]
    preset, _ = guess(list(cells), PERSON)
    draft = drafted(cells)
    person, kinds = draft.message, {channel.WhichOneof("address") for channel in draft.message.channels}
    assert preset == program
    assert (person.given_name, person.family_name, draft.organisation) == ("Zoë", "Bär", "Engines")
    assert kinds >= {"email", "phone", "postal"}
    assert not draft.faults


@pytest.mark.parametrize(("program", "column"), [("salesforce", "OwnerId"), ("hubspot", "Contact owner")])
def test_plt_16_who_owned_somebody_in_another_program_is_kept_as_a_note(program: str, column: str) -> None:
    draft = drafted(EXPORTS[program] | {column: "0055g00000ABCDEAA4"})
    assert (draft.message.owner_id, dict(draft.message.annotations)["owner"]) == ("", "0055g00000ABCDEAA4")
    assert not draft.faults


def test_plt_16_ids_of_other_programs_are_kept() -> None:
    ids = drafted(EXPORTS["hubspot"]).message.external_ids
    assert [(each.system, each.value) for each in ids] == [("hubspot", "51")]


def test_plt_16_labels_come_from_their_own_columns_and_cells_may_hold_several_values() -> None:
    channels = drafted(EXPORTS["google"]).message.channels
    mails = [(channel.email.address, channel.label) for channel in channels if channel.HasField("email")]
    assert mails == [("zoe@example.org", "work"), ("z@example.org", "work")]
    assert next(each.postal.country for each in channels if each.HasField("postal")) == "GB"


@pytest.mark.parametrize(
    ("header", "path"),
    [
        ("Vorname", "given_name"),
        ("E-Mail-Adresse", "email"),
        ("PRÉNOM", "given_name"),
        ("Fecha de nacimiento", "birth_date"),
        ("Codice postale", ""),
        ("Handy", "phone[mobile]"),
        ("email[work]", "email[work]"),
        ("Rec_ID", "external_id[import]"),
        ("Shoe size", ""),
    ],
)
def test_plt_14_headers_of_several_languages_are_understood(header: str, path: str) -> None:
    _, targets = guess([header], PERSON)
    assert targets.get(header, "") == path


@pytest.mark.parametrize(
    "path", ["", "nonsense", "email[a]b", "external_id", "postal[home]", "given_name[x]", "email#99"]
)
def test_plt_14_a_target_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(Invalid):
        parse(path, PERSON)


def test_plt_14_an_address_in_several_columns_is_one_address() -> None:
    draft = drafted({"Street number": "6", "Street": "Tullaroop Street", "Address 2": "Willaroo", "City": "St James"})
    (channel,) = draft.message.channels
    assert list(channel.postal.lines) == ["6 Tullaroop Street", "Willaroo"]
    assert draft.column_of("channels[0].postal.lines") == "Street number"


def test_plt_14_a_value_that_is_none_is_a_fault_of_its_column_and_does_not_repeat_it() -> None:
    draft = drafted({"Name": "Ada", "Birthday": "31.02.1990", "Status": "secret"})
    assert [(fault.column, fault.reason) for fault in draft.faults] == [
        ("Birthday", "INVALID_DATE"),
        ("Status", "UNKNOWN_STAGE"),
    ]
    assert not any("secret" in fault.message or "31.02" in fault.message for fault in draft.faults)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("1980-02-29", DateOrder.DMY, (1980, 2, 29)),
        ("19800229", DateOrder.MDY, (1980, 2, 29)),
        ("--0203", DateOrder.DMY, (0, 2, 3)),
        ("3.2.1980", DateOrder.MDY, (1980, 2, 3)),
        ("3/2/1980", DateOrder.DMY, (1980, 2, 3)),
        ("3/2/1980", DateOrder.MDY, (1980, 3, 2)),
    ],
)
def test_plt_14_days_are_read_as_they_are_written(text: str, order: DateOrder, expected: tuple[int, int, int]) -> None:
    assert day(text, order) == expected


def test_plt_14_countries_and_stages_go_by_many_names() -> None:
    assert [country(name) for name in ("de", "U.S.A.", "Deutschland", "Côte d’Ivoire", "Espagne")] == [
        "DE",
        "US",
        "DE",
        "CI",
        "ES",
    ]
    assert [stage(name) for name in ("Customer", "SQL", "LIFECYCLE_STAGE_LEAD")] == [
        "customer",
        "sales_qualified",
        "lead",
    ]
    with pytest.raises(Unreadable):
        country("Atlantis")


def test_plt_16_what_outlook_writes_of_everybody_it_knows_nothing_of_is_not_taken_for_something() -> None:
    said = drafted(EXPORTS["outlook"] | {"Birthday": "0/0/00", "Gender": "Unspecified"})
    unsaid = drafted(EXPORTS["outlook"])
    assert (said.message, said.faults) == (unsaid.message, [])
    assert [is_no_day(text) for text in ("0000-00-00", "00.00.0000", "1/0/00", "0/0")] == [True, True, False, False]


@pytest.mark.parametrize("headers", [("Business Fax", "Mobile Phone"), ("Mobile Phone", "Business Fax")])
def test_plt_16_a_fax_is_not_the_first_number_of_somebody_who_has_a_phone(headers: tuple[str, str]) -> None:
    numbers = dict(zip(headers, ("+442079460100", "+447700900123"), strict=True))
    channels = drafted({"E-mail Address": "zoe@example.org", "Last Name": "Bär", "Home City": "Bath"} | numbers)
    labels = [channel.label for channel in channels.message.channels if channel.HasField("phone")]
    assert labels == ["mobile", "work fax"]
