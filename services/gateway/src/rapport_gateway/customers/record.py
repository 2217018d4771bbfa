"""The record of a customer, of whom the page's address does not say whether it is a person or an organisation."""

from __future__ import annotations

from typing import Any

from rapport.contact.v1 import organisations_pb2, people_pb2
from rapport_gateway.peers import Peers
from rapport_kit.errors import Denied, DomainError, NotFound

CONTACT = "contact"
PEOPLE = people_pb2.DESCRIPTOR.services_by_name["PersonService"]
ORGANISATIONS = organisations_pb2.DESCRIPTOR.services_by_name["OrganisationService"]


async def record_of(id: str, peers: Peers) -> Any:  # noqa: A002 - the request's field
    """The Person, or else the Organisation: most customers that are looked at are people.

    Raises:
        NotFound: it is neither, as far as the caller may know.
        Denied: it may be what the caller must not read at all.
    """
    denied: DomainError | None = None
    try:
        return await peers.client(CONTACT, PEOPLE).get_person(people_pb2.GetPersonRequest(id=id))
    except NotFound:
        pass
    except Denied as refusal:
        denied = refusal
    try:
        return await peers.client(CONTACT, ORGANISATIONS).get_organisation(
            organisations_pb2.GetOrganisationRequest(id=id)
        )
    except NotFound:
        raise denied or NotFound("CUSTOMER_NOT_FOUND", "no such person or organisation", id=id) from None
