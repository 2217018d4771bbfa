"""Files of real programs, and records of which is known who is who, through REST and the command line (PLT-14)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from rapport.identity.v1 import api_keys_pb2
from rapport_kit.cli import build
from tests.callers import Suite, Tenant
from tests.imports import counts, imported

DATA = Path(__file__).parents[3] / "shared" / "data"
FEBRL = {"dataset1.csv": (1_000, 500), "dataset3.csv": (5_000, 2_000)}
"""Records, and how many people they are about (Christen 2008)."""
CARDS = 17


@pytest_asyncio.fixture(loop_scope="session")
async def company(suite: Suite) -> Tenant:
    return await suite.open_tenant("real-files", locale="en-AU")


@pytest_asyncio.fixture(loop_scope="session")
async def rest(company: Tenant) -> AsyncIterator[httpx2.AsyncClient]:
    async with company.admin.rest() as client:
        yield client


def real(*paths: str) -> list[Path]:
    """The files of the shared data that fit these patterns."""
    found = sorted(each for path in paths for each in DATA.glob(path))
    if len(found) < len(paths):
        pytest.skip(f"{DATA} has no {' or '.join(paths)}")
    return found


async def everybody(rest: httpx2.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    asked: dict[str, Any] = {"page_size": 1000}
    while True:
        page = (await rest.get("/v1/people", params=asked)).json()
        found += page.get("people", [])
        if not page.get("nextPageToken"):
            return found
        asked["page_token"] = page["nextPageToken"]


def entities(some: list[dict[str, Any]], system: str) -> list[str]:
    """The number that the data set gives to whom each of some people is."""
    ids = [each["value"] for one in some for each in one.get("externalIds", []) if each["system"] == system]
    return [value.split("-")[1] for value in ids]


def check_entities(some: list[dict[str, Any]], system: str, name: str) -> None:
    """Nobody is lost, and hardly anybody there twice."""
    _, known = FEBRL[name]
    found = entities(some, system)
    assert len(set(found)) >= 0.995 * known, "different people were taken for one"
    assert len(found) <= 1.1 * known, "the same person came in more than once"


async def test_plt_14_every_real_card_goes_in(rest: httpx2.AsyncClient) -> None:
    files = real("vcards/*.vcf")
    jobs = await asyncio.gather(*(imported(rest, path.read_bytes(), file_name=path.name) for path in files))
    assert [counts(job)[4] for job in jobs] == [0] * len(files)
    assert sum(counts(job)[0] for job in jobs) == CARDS


@pytest.mark.parametrize("name", FEBRL)
async def test_plt_14_every_febrl_record_goes_in_and_those_of_one_person_once(
    rest: httpx2.AsyncClient, name: str
) -> None:
    (path,), (records, _) = real(f"febrl/{name}"), FEBRL[name]
    job = await imported(rest, path.read_bytes(), {"badValues": "BAD_VALUES_LEAVE_OUT"}, source="febrl")
    read, created, changed, skipped, refused = counts(job)
    assert (read, created + skipped, changed, refused) == (records, records, 0, 0)
    there = await everybody(rest)
    assert len(there) == created
    check_entities(there, "febrl", name)


async def test_plt_14_the_command_line_brings_in_every_real_file_and_tells_what_became_of_it(
    company: Tenant, rest: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = real("vcards/*.vcf")
    for service in ("contact", "identity"):
        monkeypatch.setenv(f"RAPPORT_{service.upper()}_TARGET", company.suite.stack.target(service))
    key = api_keys_pb2.ApiKey(display_name="command line")
    made = await company.admin.api_key.create_api_key(api_keys_pb2.CreateApiKeyRequest(api_key=key))
    monkeypatch.setenv("RAPPORT_API_KEY", made.secret)

    async def told(*arguments: str) -> dict[str, list[int]]:
        """Rows, created, changed, skipped and refused, by the file."""
        done = await asyncio.to_thread(CliRunner().invoke, build(), ("import", *arguments))
        assert done.exit_code == 0, done.output
        lines = [line.replace(",", "") for line in done.stdout.splitlines() if "importJobs/" in line]
        return {line.partition(":")[0]: [int(n) for n in re.findall(r"(\d+) [a-z]", line)] for line in lines}

    one, three = real("febrl/dataset1.csv", "febrl/dataset3.csv")
    alike = (await told(str(one), "--leave-out-bad-values", "--source", "one"))[one.name]
    assert (alike[0], alike[1] + alike[3], alike[2], alike[4]) == (1_000, 1_000, 0, 0)
    apart = await told(str(three), "--leave-out-bad-values", "--source", "three", "--policy", "link-by-external-id")
    assert apart == {three.name: [5_000, 5_000, 0, 0, 0]}
    there = await everybody(rest)
    assert len(there) == alike[1] + 5_000
    check_entities(there, "one", one.name)
    assert len(set(entities(there, "three"))) == FEBRL[three.name][1]
    became = await told(*map(str, cards))
    assert set(became) == {card.name for card in cards}
    assert [each[4] for each in became.values()] == [0] * len(cards)
    assert sum(each[0] for each in became.values()) == CARDS
    there = await everybody(rest)
    assert len(there) == alike[1] + 5_000 + sum(each[1] for each in became.values())
    known = {"Frank Dawson", "Tim Howes", "Simon Perreault", "Greg Dartmouth", "John Doe III"}
    assert known <= {each["displayName"] for each in there}
