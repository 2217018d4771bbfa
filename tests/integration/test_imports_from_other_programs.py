"""What other programs export goes in whole, and a later export changes what changed (PLT-16)."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.callers import Suite
from tests.imports import counts, faults, imported, people, run, upload
from tests.people import got, listed
from tests.programs import EXPORTS

PLAIN = ("displayName", "namePrefix", "givenName", "middleName", "familyName", "nameSuffix", "gender", "jobTitle")
OF_LINES = ("city", "region", "postcode", "country")


@pytest.mark.parametrize("program", EXPORTS)
async def test_plt_16_an_export_of_another_program_goes_in_whole_and_a_later_one_changes_what_changed(
    suite: Suite, program: str
) -> None:
    export = EXPORTS[program]
    tenant = await suite.open_tenant("moved")
    async with tenant.admin.rest() as rest:
        job = await upload(rest, export.first, file_name=f"{program}.csv")
        assert (job["preset"], job["encoding"]) == (export.preset, export.encoding.removesuffix("-sig"))
        await rest.patch(f"/v1/importJobs/{job['id']}", json=export.options)
        done = await run(rest, job)
        assert (counts(done), await faults(rest, job)) == ([2, 2, 0, 0, 0], [])
        zoe, emile = await called(rest, "zoe"), await called(rest, "emile")
        first = await described(rest, zoe)
        assert first == {"displayName": zoe["displayName"]} | export.described
        firms = [each["displayName"] for each in await listed(rest, "organisations")]
        assert firms == [export.described["organisation"]], "the organisation is made once"

        again = await imported(rest, export.later, export.options | {"policy": export.policy})
        assert (counts(again), await faults(rest, again)) == ([3, 1, 1, 1, 0], [])
        assert len(await people(rest)) == 3
        assert len(await listed(rest, "organisations")) == 1
        zoe_later = await called(rest, "zoe")
        assert zoe_later["id"] == zoe["id"]
        names = {"displayName": zoe_later["displayName"]}
        assert await described(rest, zoe_later) == first | names | export.described_later
        assert await called(rest, "emile") == emile, "who did not change was not written"


async def called(rest: httpx2.AsyncClient, mailbox: str) -> dict[str, Any]:
    (found,) = [each for each in await people(rest) if f"{mailbox}@engines.example" in addresses(each)]
    return found


def addresses(person: dict[str, Any]) -> list[str]:
    return [each["normalized"] for each in person.get("channels", [])]


async def described(rest: httpx2.AsyncClient, person: dict[str, Any]) -> dict[str, Any]:
    """All that a file can say of a person, to be compared at a glance."""
    organisation = await got(rest, f"organisations/{person['organisationId']}")
    channels = person["channels"]
    found = {name: person[name] for name in PLAIN if name in person} | {
        "birthDate": "{year}-{month}-{day}".format(**person["birthDate"]),
        "lifecycleStage": person["lifecycleStage"].removeprefix("LIFECYCLE_STAGE_"),
        "organisation": organisation["displayName"],
        "externalIds": {each["system"]: each["value"] for each in person.get("externalIds", [])},
        "annotations": person.get("annotations", {}),
        "channels": sorted(map(written, channels)),
        "opted out": sorted(written(each) for each in channels if each.get("optedOut")),
    }
    unsaid = {"lifecycleStage": "SUBSCRIBER", "externalIds": {}, "opted out": []}
    return {name: value for name, value in found.items() if unsaid.get(name, ...) != value}


def written(channel: dict[str, Any]) -> str:
    """Kind, label, address; whether it is the first of its kind."""
    kind = next(kind for kind in ("email", "phone", "postal", "website") if kind in channel)
    address = channel["normalized"]
    if kind == "postal":
        postal = channel["postal"]
        address = ", ".join([*postal["lines"], *(postal[part] for part in OF_LINES if part in postal)])
    return f"{kind} {channel.get('label', '')} {address}{' (primary)' if channel.get('primary') else ''}"
