"""Exports as other programs write them today, with people made up."""

from __future__ import annotations

from tests.programs.google import GOOGLE
from tests.programs.hubspot import HUBSPOT
from tests.programs.outlook import OUTLOOK, OUTLOOK_ON_THE_WEB
from tests.programs.salesforce import SALESFORCE

EXPORTS = {
    "HubSpot": HUBSPOT,
    "Salesforce": SALESFORCE,
    "Google Contacts": GOOGLE,
    "Outlook": OUTLOOK,
    "Outlook on the web": OUTLOOK_ON_THE_WEB,
}
