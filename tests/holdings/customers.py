"""The customers of a tenant."""

from __future__ import annotations

from collections.abc import AsyncIterator

from rapport.contact.v1 import channels_pb2, files_pb2, organisations_pb2, people_pb2
from tests.holdings.held import Holdings
from tests.holdings.jobs import fill_duplicates, fill_import, fill_merges
from tests.holdings.profiles import (
    fill_family,
    fill_groups,
    fill_interests,
    fill_privacy,
    fill_profile,
    fill_relations,
)
from tests.holdings.work import fill_hand_over, fill_lists, fill_work


async def fill_contact(held: Holdings) -> None:
    """People and organisations with all that is about them."""
    admin, mark = held.tenant.admin, held.mark
    for n in range(2):
        organisation = organisations_pb2.Organisation(
            display_name=f"Organisation {mark} {n}",
            domains=[f"{mark}.{n}.example"],
            external_ids=[channels_pb2.ExternalId(system="erp", value=f"{mark}-o{n}")],
        )
        made = await admin.organisation.create_organisation(
            organisations_pb2.CreateOrganisationRequest(organisation=organisation, request_id=held.request_id())
        )
        person = people_pb2.Person(
            given_name=f"Given{mark}",
            family_name=f"Family{mark}",
            organisation_id=made.id,
            channels=[
                channels_pb2.Channel(email=channels_pb2.EmailAddress(address=f"{mark}.{n}@people.example")),
                channels_pb2.Channel(phone=channels_pb2.PhoneNumber(number="+442079460100")),
            ],
            external_ids=[channels_pb2.ExternalId(system="erp", value=f"{mark}-p{n}")],
            annotations={"note": f"Annotation {mark}"},
        )
        known = await admin.person.create_person(
            people_pb2.CreatePersonRequest(person=person, request_id=held.request_id())
        )
        known.job_title = f"Title {mark}"
        await admin.person.update_person(people_pb2.UpdatePersonRequest(person=known))
        await admin.file.upload_file(_upload(f"File {mark} {n}.txt", known.id, held.request_id()))
        await fill_profile(held, known.id, n)
        await fill_interests(held, known.id, n)
        await fill_work(held, n, known.id)
        await fill_relations(held, known.id, made.id)
        await fill_lists(held, known.id, n)
        await fill_family(held, known.id)
        await fill_privacy(held, known.id)
        await fill_hand_over(held)
        if not n:
            await fill_groups(held, known.id)
    await admin.person.delete_person(people_pb2.DeletePersonRequest(id=known.id))
    await fill_duplicates(held)
    await fill_merges(held)
    for n in range(2):
        await fill_import(held, f"Given{mark}{n},{mark}.{n}")


async def _upload(name: str, person_id: str, request_id: str) -> AsyncIterator[files_pb2.UploadFileRequest]:
    request = files_pb2.UploadFileRequest(file_name=name, person_id=person_id, request_id=request_id)
    request.content.data, request.content.last = f"Content of {name}".encode(), True
    yield request
