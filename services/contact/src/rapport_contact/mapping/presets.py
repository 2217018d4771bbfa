"""The exports of other programs, by the headers that their makers document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

ENOUGH: Final = 4
"""Headers that must be known before a file counts as another program's."""


def _address(prefix: str, label: str, country: str = "Country") -> dict[str, str]:
    return {
        f"{prefix} Street": f"postal[{label}].line1",
        f"{prefix} Street 2": f"postal[{label}].line2",
        f"{prefix} Street 3": f"postal[{label}].line3",
        f"{prefix} City": f"postal[{label}].city",
        f"{prefix} State": f"postal[{label}].region",
        f"{prefix} Postal Code": f"postal[{label}].postcode",
        f"{prefix} {country}": f"postal[{label}].country",
        f"{prefix} Country/Region": f"postal[{label}].country",
    }


# learn.microsoft.com, "Create or edit .csv files to import into Outlook"; older versions without "/Region".
_OUTLOOK: Final = {
    "Title": "name_prefix",
    "First Name": "given_name",
    "Middle Name": "middle_name",
    "Last Name": "family_name",
    "Suffix": "name_suffix",
    "Company": "organisation",
    "Department": "annotation[department]",
    "Job Title": "job_title",
    **_address("Business", "work"),
    **_address("Home", "home"),
    **_address("Other", "other"),
    "Business Fax": "phone[work fax]",
    "Business Phone": "phone[work]",
    "Business Phone 2": "phone[work]#2",
    "Company Main Phone": "phone[company]",
    "Home Fax": "phone[home fax]",
    "Home Phone": "phone[home]",
    "Home Phone 2": "phone[home]#2",
    "Mobile Phone": "phone[mobile]",
    "Other Phone": "phone[other]",
    "Primary Phone": "phone[primary]",
    "Birthday": "birth_date",
    "E-mail Address": "email",
    "E-mail 2 Address": "email#2",
    "E-mail 3 Address": "email#3",
    "Gender": "gender",
    "Notes": "annotation[note]",
    "Web Page": "website",
}

# help.salesforce.com, "Field Mapping for Other Data Sources", and the API names of Contact.
_SALESFORCE: Final = {
    "Contact ID": "external_id[salesforce]",
    "ContactId": "external_id[salesforce]",
    "Id": "external_id[salesforce]",
    "Salutation": "name_prefix",
    "FirstName": "given_name",
    "First Name": "given_name",
    "MiddleName": "middle_name",
    "LastName": "family_name",
    "Last Name": "family_name",
    "Suffix": "name_suffix",
    "Title": "job_title",
    "Account Name": "organisation",
    "Account.Name": "organisation",
    "AccountName": "organisation",
    "Department": "annotation[department]",
    "Birthdate": "birth_date",
    "Email": "email[work]",
    "Phone": "phone[work]",
    "Business Phone": "phone[work]",
    "MobilePhone": "phone[mobile]",
    "Mobile": "phone[mobile]",
    "HomePhone": "phone[home]",
    "Home Phone": "phone[home]",
    "OtherPhone": "phone[other]",
    "Fax": "phone[fax]",
    "Business Fax": "phone[fax]",
    "MailingStreet": "postal[mailing].lines",
    "Mailing Street": "postal[mailing].lines",
    "MailingCity": "postal[mailing].city",
    "Mailing City": "postal[mailing].city",
    "MailingState": "postal[mailing].region",
    "Mailing State/Province": "postal[mailing].region",
    "MailingPostalCode": "postal[mailing].postcode",
    "Mailing Zip/Postal Code": "postal[mailing].postcode",
    "MailingCountry": "postal[mailing].country",
    "Mailing Country": "postal[mailing].country",
    "LeadSource": "annotation[lead source]",
    "Lead Source": "annotation[lead source]",
    "Description": "annotation[note]",
    "Contact Description": "annotation[note]",
    "OwnerId": "annotation[owner]",
    "Contact Owner": "annotation[owner]",
}

# knowledge.hubspot.com, "HubSpot's default contact properties".
_HUBSPOT: Final = {
    "Record ID": "external_id[hubspot]",
    "Record ID - Contact": "external_id[hubspot]",
    "First Name": "given_name",
    "Last Name": "family_name",
    "Email": "email[work]",
    "Phone Number": "phone[work]",
    "Mobile Phone Number": "phone[mobile]",
    "Fax Number": "phone[fax]",
    "Job Title": "job_title",
    "Company Name": "organisation",
    "Associated Company": "organisation",
    "Lifecycle Stage": "lifecycle_stage",
    "Contact owner": "annotation[owner]",
    "Lead Status": "annotation[lead status]",
    "Website URL": "website",
    "Street Address": "postal[work].lines",
    "City": "postal[work].city",
    "State/Region": "postal[work].region",
    "Postal Code": "postal[work].postcode",
    "Country/Region": "postal[work].country",
    "Date of birth": "birth_date",
    "Salutation": "name_prefix",
    "LinkedIn Bio": "annotation[linkedin]",
    "Preferred language": "locale",
}


def _google() -> dict[str, str]:
    """contacts.google.com, Export, "Google CSV": the present headers, and those before 2024."""
    found = {
        "First Name": "given_name",
        "Given Name": "given_name",
        "Middle Name": "middle_name",
        "Additional Name": "middle_name",
        "Last Name": "family_name",
        "Family Name": "family_name",
        "Name Prefix": "name_prefix",
        "Name Suffix": "name_suffix",
        "Nickname": "annotation[nickname]",
        "File As": "annotation[file as]",
        "Organization Name": "organisation",
        "Organization 1 - Name": "organisation",
        "Organization Title": "job_title",
        "Organization 1 - Title": "job_title",
        "Organization Department": "annotation[department]",
        "Organization 1 - Department": "annotation[department]",
        "Birthday": "birth_date",
        "Notes": "annotation[note]",
        "Labels": "annotation[categories]",
        "Group Membership": "annotation[categories]",
    }
    parts = {"Street": "line1", "Extended Address": "line2", "PO Box": "line3", "City": "city", "Region": "region"}
    parts |= {"Postal Code": "postcode", "Country": "country"}
    for n in range(1, 6):
        for header, kind in (("E-mail", "email"), ("Phone", "phone"), ("Website", "website")):
            found[f"{header} {n} - Value"] = f"{kind}#{n}"
            found |= {f"{header} {n} - {said}": f"{kind}#{n}.label" for said in ("Label", "Type")}
        found |= {f"Address {n} - {said}": f"postal#{n}.label" for said in ("Label", "Type")}
        found |= {f"Address {n} - {said}": f"postal#{n}.{part}" for said, part in parts.items()}
    return found


PRESETS: Final[Mapping[str, Mapping[str, str]]] = {
    "google": _google(),
    "outlook": _OUTLOOK,
    "salesforce": _SALESFORCE,
    "hubspot": _HUBSPOT,
}


def recognised(columns: Sequence[str]) -> str:
    """The program whose export has these columns, or "" when none stands out."""
    counts = {name: sum(column in known for column in columns) for name, known in PRESETS.items()}
    best = max(counts, key=counts.__getitem__)
    rivals = [count for name, count in counts.items() if name != best]
    return best if counts[best] >= ENOUGH and counts[best] > max(rivals) else ""
