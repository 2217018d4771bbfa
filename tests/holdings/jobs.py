"""What runs over many records of a tenant: duplicates, merges, imports."""

from __future__ import annotations

from collections.abc import AsyncIterator

from rapport.api.v1 import content_pb2
from rapport.contact.v1 import (
    channels_pb2,
    duplicates_pb2,
    imports_pb2,
    merges_pb2,
    organisation_merges_pb2,
    organisations_pb2,
    people_pb2,
)
from tests.eventually import eventually
from tests.holdings.held import Holdings


async def fill_duplicates(held: Holdings) -> None:
    """Three people who may be one, in three pairs, and as many organisations, as a scan of everybody finds them."""
    admin, mark = held.tenant.admin, held.mark
    channel = channels_pb2.Channel(email=channels_pb2.EmailAddress(address=f"{mark}@twins.example"))
    for n in range(3):
        twin = people_pb2.Person(given_name=f"Twin{mark}", family_name=f"Alike{mark}", channels=[channel])
        twin.annotations["note"] = f"Twin {mark} {n}"
        await admin.person.create_person(people_pb2.CreatePersonRequest(person=twin))
    for n in range(3):
        twin_company = organisations_pb2.Organisation(display_name=f"Twins {mark}", industry=f"Trade {mark} {n}")
        await admin.organisation.create_organisation(
            organisations_pb2.CreateOrganisationRequest(organisation=twin_company)
        )
    await admin.duplicate.scan_duplicates(duplicates_pb2.ScanDuplicatesRequest())

    async def ended() -> None:
        scan = await admin.duplicate.get_duplicate_scan(duplicates_pb2.GetDuplicateScanRequest())
        assert scan.HasField("end_time")

    await eventually(ended)


async def fill_merges(held: Holdings) -> None:
    """People and organisations that became others."""
    admin, mark = held.tenant.admin, held.mark
    for n in range(2):
        alike = [
            await admin.person.create_person(
                people_pb2.CreatePersonRequest(person=people_pb2.Person(given_name=f"Merged{mark}{n}{m}"))
            )
            for m in range(2)
        ]
        request = merges_pb2.MergePeopleRequest(
            survivor_id=alike[0].id, ids=[alike[1].id], request_id=held.request_id()
        )
        await admin.merge.merge_people(request)
        held.further_ids.add(alike[1].id)
        companies = [
            await admin.organisation.create_organisation(
                organisations_pb2.CreateOrganisationRequest(
                    organisation=organisations_pb2.Organisation(display_name=f"Merged{mark}{n}{m}")
                )
            )
            for m in range(2)
        ]
        await admin.organisation_merge.merge_organisations(
            organisation_merges_pb2.MergeOrganisationsRequest(
                survivor_id=companies[0].id, ids=[companies[1].id], request_id=held.request_id()
            )
        )
        held.further_ids.add(companies[1].id)


async def fill_import(held: Holdings, row: str) -> None:
    """A job with a file, and with a fault and a mapping that it tells of."""

    async def pieces() -> AsyncIterator[imports_pb2.UploadImportJobRequest]:
        yield imports_pb2.UploadImportJobRequest(
            file_name=f"{held.mark}.csv",
            content=content_pb2.Content(data=f"given_name,email,{held.mark}\n{row},\n".encode(), last=True),
        )

    await getattr(held.tenant.admin, "import").upload_import_job(pieces())
