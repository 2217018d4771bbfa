"""Outlook: File, Export, comma separated values; and People on the web, Export contacts."""

from __future__ import annotations

import csv

from tests.programs.export import OVERWRITE, Export, headers_of

_OUTLOOK_ZOE = {
    "Title": "Dr.",
    "First Name": "Zoë",
    "Last Name": "Bär",
    "Company": "Engines",
    "Department": "Research",
    "Job Title": "Physicist",
    "Business Street": "Hauptstraße 3",
    "Business City": "Köln",
    "Business Postal Code": "50667",
    "Business Country/Region": "Germany",
    "Home Street": "1 High St\r\nFlat 2",
    "Home City": "Bath",
    "Home State": "Somerset",
    "Home Postal Code": "BA1 1AA",
    "Home Country/Region": "United Kingdom",
    "Business Fax": "+44 20 7946 0102",
    "Business Phone": "+44 20 7946 0100",
    "Business Phone 2": "+44 20 7946 0101",
    "Home Phone": "(01225) 496000",
    "Mobile Phone": "+44 7700 900123",
    "E-mail Address": "zoe@engines.example",
    "E-mail 2 Address": "zoe@home.example",
    "Notes": "Met at\r\nthe fair\r\n",
    "Web Page": "http://engines.example",
}
_OUTLOOK_DESCRIBED = {
    "namePrefix": "Dr.",
    "givenName": "Zoë",
    "familyName": "Bär",
    "jobTitle": "Physicist",
    "birthDate": "1980-2-29",
    "organisation": "Engines",
    "annotations": {"categories": "Clients;Friends", "department": "Research", "note": "Met at\r\nthe fair"},
    "channels": [
        "email  zoe@engines.example (primary)",
        "email  zoe@home.example",
        "phone home +441225496000",
        "phone mobile +447700900123",
        "phone work +442079460100 (primary)",
        "phone work +442079460101",
        "phone work fax +442079460102",
        "postal home 1 High St, Flat 2, Bath, Somerset, BA1 1AA, GB",
        "postal work Hauptstraße 3, Köln, 50667, DE (primary)",
        "website  http://engines.example (primary)",
    ],
}
_UNSAID = {"Anniversary": "0/0/00", "Birthday": "0/0/00", "Gender": "Unspecified", "Priority": "Normal"} | {
    "Private": "False",
    "Sensitivity": "Normal",
}
"""What Outlook writes of everybody of whom it knows nothing there."""
OUTLOOK = Export(
    preset="outlook",
    headers=headers_of(
        """Title, First Name, Middle Name, Last Name, Suffix, Company, Department, Job Title, Business Street,
        Business Street 2, Business Street 3, Business City, Business State, Business Postal Code,
        Business Country/Region, Home Street, Home Street 2, Home Street 3, Home City, Home State, Home Postal Code,
        Home Country/Region, Other Street, Other Street 2, Other Street 3, Other City, Other State, Other Postal Code,
        Other Country/Region, Assistant's Phone, Business Fax, Business Phone, Business Phone 2, Callback, Car Phone,
        Company Main Phone, Home Fax, Home Phone, Home Phone 2, ISDN, Mobile Phone, Other Fax, Other Phone, Pager,
        Primary Phone, Radio Phone, TTY/TDD Phone, Telex, Account, Anniversary, Assistant's Name, Billing Information,
        Birthday, Business Address PO Box, Categories, Children, Directory Server, E-mail Address, E-mail Type,
        E-mail Display Name, E-mail 2 Address, E-mail 2 Type, E-mail 2 Display Name, E-mail 3 Address, E-mail 3 Type,
        E-mail 3 Display Name, Gender, Government ID Number, Hobby, Home Address PO Box, Initials, Internet Free Busy,
        Keywords, Language, Location, Manager's Name, Mileage, Notes, Office Location, Organizational ID Number,
        Other Address PO Box, Priority, Private, Profession, Referred By, Sensitivity, Spouse, User 1, User 2, User 3,
        User 4, Web Page"""
    ),
    zoe=_UNSAID
    | _OUTLOOK_ZOE
    | {
        "Birthday": "2/29/1980",
        "Categories": "Clients;Friends",
        "E-mail Type": "SMTP",
        "E-mail Display Name": "Zoë Bär (zoe@engines.example)",
        "Initials": "Z.B.",
    },
    emile=_UNSAID | {"First Name": "Émile", "E-mail Address": "emile@engines.example", "E-mail Type": "SMTP"},
    third=_UNSAID | {"First Name": "Søren", "Car Phone": "+45 33 12 34 56"},
    news={"Job Title": "Director", "Birthday": "3/1/1980"},
    described=_OUTLOOK_DESCRIBED,
    described_later={"jobTitle": "Director", "birthDate": "1980-3-1"},
    encoding="cp1252",
    policy=OVERWRITE,
    options={"dateOrder": "DATE_ORDER_MDY"},
)
OUTLOOK_ON_THE_WEB = Export(
    preset="outlook",
    headers=headers_of(
        """First Name, Middle Name, Last Name, Title, Suffix, Nickname, Given Yomi, Surname Yomi, E-mail Address,
        E-mail 2 Address, E-mail 3 Address, Home Phone, Home Phone 2, Business Phone, Business Phone 2, Mobile Phone,
        Car Phone, Other Phone, Primary Phone, Pager, Business Fax, Home Fax, Other Fax, Company Main Phone, Callback,
        Radio Phone, Telex, TTY/TDD Phone, IMAddress, Job Title, Department, Company, Office Location, Manager's Name,
        Assistant's Name, Assistant's Phone, Company Yomi, Business Street, Business City, Business State,
        Business Postal Code, Business Country/Region, Home Street, Home City, Home State, Home Postal Code,
        Home Country/Region, Other Street, Other City, Other State, Other Postal Code, Other Country/Region,
        Personal Web Page, Spouse, Schools, Hobby, Location, Web Page, Birthday, Anniversary, Notes"""
    ),
    zoe=_OUTLOOK_ZOE | {"Birthday": "1980-02-29", "Nickname": "Zo", "Personal Web Page": "https://zoe.example"},
    emile={"First Name": "Émile", "E-mail Address": "emile@engines.example"},
    third={"First Name": "Søren", "Car Phone": "+45 33 12 34 56"},
    news={"Job Title": "Director"},
    described=_OUTLOOK_DESCRIBED
    | {
        "annotations": {"department": "Research", "nickname": "Zo", "note": "Met at\r\nthe fair"},
        "channels": [
            "email  zoe@engines.example (primary)",
            "email  zoe@home.example",
            "phone home +441225496000 (primary)",
            "phone mobile +447700900123",
            "phone work +442079460100",
            "phone work +442079460101",
            "phone work fax +442079460102",
            "postal home 1 High St, Flat 2, Bath, Somerset, BA1 1AA, GB",
            "postal work Hauptstraße 3, Köln, 50667, DE (primary)",
            "website  http://engines.example",
            "website personal https://zoe.example (primary)",
        ],
    },
    described_later={"jobTitle": "Director"},
    encoding="utf-8-sig",
    quoting=csv.QUOTE_MINIMAL,
    policy=OVERWRITE,
)
