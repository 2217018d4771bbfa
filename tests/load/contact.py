"""Copies people straight into contact's tables, as their creation through the API would have left them.

But for history: a copied person has version 1, no event, and `sequence` 0, so that its first change is its event 1,
which is what consumers expect of an aggregate they have not heard of.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from io import BytesIO
from typing import Any
from uuid import UUID

import asyncpg

from rapport_contact.domain.channel import EmailAddress, PhoneNumber
from rapport_contact.domain.matching.features import Reached, features_of
from rapport_contact.domain.matching.keys import blocking_keys
from rapport_contact.domain.membership import MemberKind
from rapport_contact.domain.person import LifecycleStage
from rapport_contact.domain.words import words_of
from rapport_contact.handlers.data_quality import QUALITY, place_of
from rapport_contact.storage.duplicates import row_of
from rapport_contact.storage.match_keys import hidden_keys
from rapport_kit.schema.search import document
from rapport_kit.uow import utc_now
from tests.load import people
from tests.load.people import Drawn

_INDEXES = """
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
  FROM pg_index
 WHERE indrelid = ANY ($1::text[]::regclass[]) AND NOT indisunique
"""
TABLES = ("person", "person_channel", "organisation", "match_key")
STAGES = tuple(LifecycleStage)
PERSON = (
    *("tenant", "id", "version", "create_time", "update_time", "owner_id", "display_name", "given_name", "family_name"),
    *("locale", "time_zone", "lifecycle_stage", "job_title", "organisation_id", "search"),
)
MATCH_KEY = ("tenant", "key", "person_id")
CHANNEL = ("tenant", "id", "address", "primary", "normalized", "person_id", "position")
ORGANISATION = ("tenant", "id", "version", "create_time", "update_time", "display_name", "domains", "search")


@asynccontextmanager
async def bulk(connection: asyncpg.Connection[Any], tables: Sequence[str] = TABLES) -> AsyncIterator[None]:
    """Without foreign key checks and the secondary indexes of `tables` while the block lasts: a quarter of the time.

    The indexes are made again by their own definitions, so that they end as a migration left them, only denser.
    """
    indexes = await connection.fetch(_INDEXES, list(tables))
    for index in indexes:
        await connection.execute(f"DROP INDEX {index['name']}")
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("SET maintenance_work_mem = '512MB'")
    try:
        yield
    finally:
        await connection.execute("RESET session_replication_role")
        for index in indexes:
            await connection.execute(index["definition"])


async def fill(connection: asyncpg.Connection[Any], drawn: Sequence[Drawn], tenant: UUID, owner: UUID) -> None:
    """Add people, their channels and their organisations; `drawn` are of successive numbers."""
    async with connection.transaction():
        await _copy(connection, "person", PERSON, (_person(person, tenant, owner) for person in drawn))
        channels = (channel for person in drawn for channel in _channels(person, tenant))
        await _copy(connection, "person_channel", CHANNEL, channels)
        keys = ((tenant, key, person.id) for person in drawn for key in match_keys(person, tenant))
        await _copy(connection, "match_key", MATCH_KEY, keys)


async def count_as_followed(connection: asyncpg.Connection[Any], tenant: UUID) -> None:
    """Let contact's job not look for the duplicates of everybody who was copied while something else is measured."""
    await connection.executemany(
        "INSERT INTO duplicate_scan (tenant, id, running, scanned, skipped_keys, followed_time, followed_id)"
        " VALUES ($1, $2, false, 0, 0, now(), $1)"
        " ON CONFLICT (tenant, id) DO UPDATE SET followed_time = now()",
        [(tenant, row_of(tenant, kind)) for kind in MemberKind],
    )


async def count_as_looked_over(connection: asyncpg.Connection[Any], tenant: UUID) -> None:
    """Let contact's sweep of data quality leave out everybody who was copied, as it does where people came one by one.

    It would be at a million of them for hours, beside whatever is measured; who is created from now on it looks over.
    """
    await connection.executemany(
        "INSERT INTO timer (tenant, kind, key, due_at, try_at, payload, traceparent, attempts, parked, error)"
        " VALUES ($1, $2, $3, now(), now(), $4, '', 0, false, '')"
        " ON CONFLICT (tenant, kind, key) DO UPDATE SET payload = excluded.payload",
        [(tenant, QUALITY, kind, place_of(utc_now(), UUID(int=0))) for kind in MemberKind],
    )


async def fill_organisations(connection: asyncpg.Connection[Any], numbers: range, tenant: UUID) -> None:
    """Add the organisations with these numbers."""
    await _copy(connection, "organisation", ORGANISATION, (_organisation(number, tenant) for number in numbers))


async def _copy(
    connection: asyncpg.Connection[Any], table: str, columns: Sequence[str], rows: Iterator[tuple[object, ...]]
) -> None:
    """In the text format: asyncpg has no binary form of a tsvector."""
    text = "".join("\t".join(map(_text, row)) + "\n" for row in rows)
    await connection.copy_to_table(table, source=BytesIO(text.encode()), columns=columns)


def _text(value: object) -> str:
    return r"\N" if value is None else str(value).replace("\\", r"\\")


def _person(person: Drawn, tenant: UUID, owner: UUID) -> tuple[object, ...]:
    return (
        *(tenant, person.id, 1, person.create_time, person.create_time, owner),
        *(f"{person.given_name} {person.family_name}", person.given_name, person.family_name),
        *(person.locale, person.time_zone, STAGES[person.stage - 1].value, person.job_title, person.organisation_id),
        _lexemes(search_document(person, tenant)),
    )


def search_document(person: Drawn, tenant: UUID) -> list[str]:
    """The words that contact finds the person by."""
    words = [*_words(person.given_name), *_words(person.family_name)]
    if person.phone:
        digits = person.phone.removeprefix("+")
        national = digits.removeprefix(person.phone_country).lstrip("0")  # an Italian zero is no part of the number
        words += [person.phone_country + national, national]
    return document(tenant, words, words_of(person.email))


def match_keys(person: Drawn, tenant: UUID) -> list[str]:
    """The keys under which contact looks for whoever is like the person."""
    channels = [Reached(EmailAddress, person.email)]
    if person.phone:
        channels.append(Reached(PhoneNumber, person.phone))
    record = features_of(
        given=person.given_name,
        family=person.family_name,
        display="",
        birth=None,
        employer=person.organisation_id,
        organisation="",
        channels=channels,
    )
    return hidden_keys(tenant, blocking_keys(record))


def _channels(person: Drawn, tenant: UUID) -> Iterator[tuple[object, ...]]:
    email = json.dumps({"EmailAddress": {"address": person.email}})
    yield tenant, person.email_id, email, True, person.email, person.id, 0
    if person.phone_id is not None:
        phone = json.dumps({"PhoneNumber": {"number": person.phone, "region": ""}})
        yield tenant, person.phone_id, phone, True, person.phone, person.id, 1


def _organisation(number: int, tenant: UUID) -> tuple[object, ...]:
    name, domain = people.company(number), people.domain(number)
    moment = people.BEGIN + people.APART * number * people.PEOPLE_PER_ORGANISATION
    words = document(tenant, words_of(f"{name} {domain}"))
    identifier = people.identifier(people.ORGANISATION, number)
    return tenant, identifier, 1, moment, moment, name, json.dumps([domain]), _lexemes(words)


@cache
def _words(name: str) -> list[str]:
    return words_of(name)


def _lexemes(words: list[str]) -> str:
    """A tsvector as PostgreSQL reads it; words hold letters and digits only, and no quotes."""
    return " ".join(f"'{word}'" for word in words)
