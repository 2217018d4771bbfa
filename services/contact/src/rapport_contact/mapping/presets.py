"""The exports of other programs, by the headers that their makers document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

ENOUGH: Final = 4
"""Headers that must be known before a file counts as another program's."""
# Of the phones of somebody, those that do not ring there, such as faxes, have a second place: none of them is primary
# where there is another, in whichever order the columns are.


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
    "Assistant's Phone": "phone[assistant]#2",
    "Business Fax": "phone[work fax]#2",
    "Business Phone": "phone[work]",
    "Business Phone 2": "phone[work]#2",
    "Callback": "phone[callback]#2",
    "Car Phone": "phone[car]",
    "Company Main Phone": "phone[company]#2",
    "Home Fax": "phone[home fax]#2",
    "Home Phone": "phone[home]",
    "Home Phone 2": "phone[home]#2",
    "Mobile Phone": "phone[mobile]",
    "Other Fax": "phone[other fax]#2",
    "Other Phone": "phone[other]",
    "Pager": "phone[pager]#2",
    "Primary Phone": "phone[primary]",
    "Birthday": "birth_date",
    "E-mail Address": "email",
    "E-mail 2 Address": "email#2",
    "E-mail 3 Address": "email#3",
    "Categories": "annotation[categories]",
    "Gender": "gender",
    "Nickname": "annotation[nickname]",
    "Notes": "annotation[note]",
    "Web Page": "website",
    "Personal Web Page": "website[personal]",
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
    "Fax": "phone[fax]#2",
    "Business Fax": "phone[fax]#2",
    "AssistantPhone": "phone[assistant]#2",
    "Asst. Phone": "phone[assistant]#2",
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
    "OtherStreet": "postal[other].lines",
    "Other Street": "postal[other].lines",
    "OtherCity": "postal[other].city",
    "Other City": "postal[other].city",
    "OtherState": "postal[other].region",
    "Other State/Province": "postal[other].region",
    "OtherPostalCode": "postal[other].postcode",
    "Other Zip/Postal Code": "postal[other].postcode",
    "OtherCountry": "postal[other].country",
    "Other Country": "postal[other].country",
    "HasOptedOutOfEmail": "email[work].opted_out",
    "Email Opt Out": "email[work].opted_out",
    "HasOptedOutOfFax": "phone[fax]#2.opted_out",
    "Fax Opt Out": "phone[fax]#2.opted_out",
    "DoNotCall": "phone[work].opted_out",
    "Do Not Call": "phone[work].opted_out",
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
    "Additional email addresses": "email[other]",
    "Unsubscribed from all email": "email[work].opted_out",
    "Phone Number": "phone[work]",
    "WhatsApp Phone Number": "phone[whatsapp]",
    "Mobile Phone Number": "phone[mobile]",
    "Fax Number": "phone[fax]#2",
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
    "Message": "annotation[note]",
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
