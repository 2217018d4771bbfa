"""Five thousand real records go in through the command line and come back equal, however the services are run."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.e2e.installation import Installed, up

DATA = Path(__file__).parents[3] / "shared/data/febrl/dataset3.csv"
RUN = "01a205d1-f30c-7e21-ac7d-255c90c77707"
APART = "one process each"
TOPOLOGIES = {APART: (), "one process": ("--single-process",)}


@pytest.fixture(scope="module", params=list(TOPOLOGIES.values()), ids=list(TOPOLOGIES))
def installation(request: pytest.FixtureRequest, servers_directory: Path) -> Iterator[Installed]:
    """Either topology."""
    if not DATA.exists():
        pytest.skip(f"needs {DATA.name} of the shared data")
    name = "single" if request.param else "separate"
    with up(servers_directory / f"real-people-{name}", *request.param) as installed:
        create(installed, people())
        yield installed


def create(installed: Installed, some: list[dict[str, Any]]) -> None:
    lines = "\n".join(map(json.dumps, some)).encode()
    installed.rapport("create", "people", "--file", "-", "--run", RUN, given=lines)


def people() -> list[dict[str, Any]]:
    """The data set as people; fields that a row leaves empty are left out."""
    with DATA.open(newline="") as file:
        rows = [{key.strip(): value.strip() for key, value in row.items()} for row in csv.DictReader(file)]
    return [_person(row) for row in rows]


def _person(row: dict[str, str]) -> dict[str, Any]:
    street = " ".join(part for part in (row["street_number"], row["address_1"]) if part)
    postal = {
        "lines": [line for line in (street, row["address_2"]) if line],
        "city": row["suburb"],
        "region": row["state"],
        "postcode": row["postcode"],
        "country": "AU",
    }
    person: dict[str, Any] = {
        "displayName": f"{row['given_name']} {row['surname']}".strip() or row["rec_id"],
        "givenName": row["given_name"],
        "familyName": row["surname"],
        "externalIds": [{"system": "febrl", "value": row["rec_id"]}],
        "annotations": {"soc_sec_id": row["soc_sec_id"], "date_of_birth": row["date_of_birth"]},
        "channels": [{"postal": {key: value for key, value in postal.items() if value}}],
    }
    return {key: value for key, value in person.items() if value}


def given_fields(person: dict[str, Any]) -> dict[str, Any]:
    """The fields of a person as it was read, without what the service added."""
    kept = {key: value for key, value in person.items() if key in _person(dict.fromkeys(COLUMNS, "1"))}
    kept["channels"] = [{"postal": channel["postal"]} for channel in person["channels"]]
    return kept


COLUMNS = (
    *("rec_id", "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state"),
    *("date_of_birth", "soc_sec_id"),
)


def pages(installed: Installed, **query: Any) -> Iterator[dict[str, Any]]:
    """Every person of a list over REST, page by page."""
    headers = {"Authorization": f"Bearer {installed.rapport('token').strip()}"}
    with httpx2.Client(base_url=installed.address, headers=headers) as client:
        while True:
            answer = client.get("/v1/people", params={"pageSize": 700, **query})
            answer.raise_for_status()
            page = answer.json()
            yield from page.get("people", [])
            if not page.get("nextPageToken"):
                return
            query["pageToken"] = page["nextPageToken"]


def by_record(found: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The data set's people among those found, by the name that the data set gives them."""
    return {person["externalIds"][0]["value"]: given_fields(person) for person in found if person.get("externalIds")}


def test_they_come_back_equal_page_by_page_over_rest(installation: Installed) -> None:
    expected = {person["externalIds"][0]["value"]: person for person in people()}
    assert len(expected) == 5000
    assert by_record(pages(installation)) == expected


def test_they_come_back_equal_over_grpc_filtered_and_sorted(installation: Installed) -> None:
    names = ("--filter", 'family_name = "white"', "--order-by", "given_name desc", "--limit", "5000", "--json")
    found = [json.loads(line) for line in installation.rapport("list", "people", *names).splitlines()]
    expected = [person for person in people() if person.get("familyName") == "white"]
    assert len(found) == len(expected) > 10
    assert [person.get("given_name", "") for person in found] == sorted(
        (person.get("givenName", "") for person in expected), reverse=True
    )


def test_a_run_that_is_gone_on_with_doubles_nobody(installation: Installed) -> None:
    create(installation, people()[:500])
    found = [person for person in pages(installation, orderBy="family_name") if person.get("externalIds")]
    assert len(found) == 5000


@pytest.mark.parametrize("installation", [TOPOLOGIES[APART]], ids=[APART], indirect=True)
def test_plt_14_every_real_card_goes_in_through_the_command_line(installation: Installed) -> None:
    cards = sorted(DATA.parents[1].glob("vcards/*.vcf"))
    told = installation.rapport("import", *map(str, cards)).splitlines()
    assert len(told) == len(cards) == 9
    assert all(", 0 refused (importJobs/" in line for line in told)
    assert sum(int(line.split(": ")[1].split(" rows")[0]) for line in told) == 17
