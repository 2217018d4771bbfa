"""Blocking keys as they are stored: so that the tables say nothing of whom they lead to."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from rapport_contact.domain.matching.features import person_features
from rapport_contact.domain.matching.keys import blocking_keys
from rapport_contact.domain.matching.organisation_features import organisation_features, organisation_keys
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.domain.record import ContactRecord
from rapport_contact.settings import process_settings

_KNOWN = "_match_keys"
LENGTH = 9
"""Bytes of a stored key: among a hundred million keys any two agree by chance once in a million."""


def hidden_keys(tenant: UUID, keys: Iterable[str]) -> list[str]:
    """Each key of a record as a keyed hash (BLAKE2b, RFC 7693) that only this tenant's records share."""
    secret = _secret(tenant)
    return [_hidden(key, secret) for key in keys]


def keys_of_person(person: Person) -> list[str]:
    """The stored keys of a person that is about to be written; none of who is in the trash, or was merged away."""
    if person.merged_into or person.delete_time:
        return []
    return _kept(person) or hidden_keys(_tenant(person), blocking_keys(person_features(person)))


def keys_of_organisation(organisation: Organisation) -> list[str]:
    """The same of an organisation."""
    if organisation.merged_into or organisation.delete_time:
        return []
    kept = _kept(organisation)
    return kept or hidden_keys(_tenant(organisation), organisation_keys(organisation_features(organisation)))


def keep_keys(record: ContactRecord, keys: list[str]) -> None:
    """Remember the keys of a record that were just made, until it is written."""
    vars(record)[_KNOWN] = _from(record), keys


def _kept(record: ContactRecord) -> list[str]:
    """The keys that were kept, if the record is still what they were made from."""
    known: tuple[object, list[str]] | None = vars(record).get(_KNOWN)
    return known[1] if known is not None and known[0] == _from(record) else []


_MADE_FROM: Final[dict[type[ContactRecord], attrgetter[tuple[Any, ...]]]] = {
    Person: attrgetter("given_name", "middle_name", "family_name", "display_name", "birth_date", "organisation_id"),
    Organisation: attrgetter("display_name", "legal_name", "domains", "tax_ids"),
}


def _from(record: ContactRecord) -> object:
    """What keys are made from."""
    fields = [list(value) if isinstance(value, list) else value for value in _MADE_FROM[type(record)](record)]
    return fields, [(each.address, each.normalized, each.valid_to) for each in record.channels]


def fingerprint(keys: Iterable[Iterable[str]]) -> str:
    """Stands for all keys of several records, in any order."""
    text = "/".join(sorted(",".join(sorted(each)) for each in keys))
    return urlsafe_b64encode(blake2b(text.encode(), digest_size=LENGTH).digest()).decode()


def _tenant(record: ContactRecord) -> UUID:
    tenant: UUID = vars(record)["_tenant"]
    return tenant


@lru_cache(maxsize=1024)
def _secret(tenant: UUID) -> bytes:
    master = blake2b(process_settings().required("match_key").encode()).digest()
    return blake2b(tenant.bytes, key=master, person=b"match_key").digest()


def _hidden(key: str, secret: bytes) -> str:
    return urlsafe_b64encode(blake2b(key.encode(), digest_size=LENGTH, key=secret).digest()).decode()
