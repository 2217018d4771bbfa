"""The people and organisations of the demo tenant; all made up, with numbers and domains that belong to no one."""

from __future__ import annotations

from rapport.contact.v1 import channels_pb2, organisations_pb2, people_pb2

ORGANISATIONS = (
    ("Brightwater Ltd", "brightwater.example", "Utilities"),
    ("Kestrel & Söhne", "kestrel.example", "Machinery"),
    ("Orchard Analytics", "orchard.example", "Software"),
)
PEOPLE = (
    ("Ada", "Okafor", "Head of Operations", 0, "+442079460101"),
    ("Bruno", "Lindqvist", "Buyer", 0, "+442079460102"),
    ("Chiara", "Novak", "Managing Director", 1, "+4930901820103"),
    ("Dmitri", "Haddad", "Engineer", 1, "+4930901820104"),
    ("Elif", "Sørensen", "Data Scientist", 2, "+12025550105"),
    ("Farid", "Marchetti", "Product Manager", 2, "+12025550106"),
    ("Greta", "Mbeki", "Accountant", 0, "+442079460107"),
    ("Hugo", "Yamamoto", "Support Lead", 1, "+4930901820108"),
)


def organisations() -> list[organisations_pb2.Organisation]:
    """The companies, without ids."""
    return [
        organisations_pb2.Organisation(display_name=name, domains=[domain], industry=industry)
        for name, domain, industry in ORGANISATIONS
    ]


def people(organisation_ids: list[str]) -> list[people_pb2.Person]:
    """The people, each at one of the organisations."""
    return [
        people_pb2.Person(
            given_name=given,
            family_name=family,
            job_title=title,
            organisation_id=organisation_ids[place],
            lifecycle_stage=people_pb2.LIFECYCLE_STAGE_CUSTOMER if place == 0 else people_pb2.LIFECYCLE_STAGE_LEAD,
            channels=[
                channels_pb2.Channel(email=channels_pb2.EmailAddress(address=_mailbox(given, ORGANISATIONS[place][1]))),
                channels_pb2.Channel(phone=channels_pb2.PhoneNumber(number=number), label="work"),
            ],
        )
        for given, family, title, place, number in PEOPLE
    ]


def _mailbox(given: str, domain: str) -> str:
    return f"{given.lower()}@{domain}"
