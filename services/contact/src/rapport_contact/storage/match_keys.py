"""Blocking keys as they are stored: so that the table says nothing of the people in it."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

from rapport_contact.domain.matching.features import Features, person_features
from rapport_contact.domain.matching.keys import blocking_keys
from rapport_contact.domain.person import Person
from rapport_contact.settings import process_settings

_KNOWN = "_match_keys"
LENGTH = 9
"""Bytes of a stored key: among a hundred million keys any two agree by chance once in a million."""


def hidden_keys(tenant: UUID, record: Features) -> list[str]:
    """The keys of a record, each as a keyed hash (BLAKE2b, RFC 7693) that only this tenant's records share."""
    secret = _secret(tenant)
    return [_hidden(key, secret) for key in blocking_keys(record)]


def keys_of(person: Person) -> list[str]:
    """The stored keys of a person that is about to be written; none of one who turned out to be another."""
    if person.merged_into:
        return []
    known: tuple[object, list[str]] | None = vars(person).get(_KNOWN)
    if known is not None and known[0] == _from(person):
        return known[1]
    return hidden_keys(vars(person)["_tenant"], person_features(person))


def keep_keys(person: Person, keys: list[str]) -> None:
    """Remember the keys of a person that were just made, until it is written."""
    vars(person)[_KNOWN] = _from(person), keys


def _from(person: Person) -> object:
    """What keys are made from."""
    names = (person.given_name, person.middle_name, person.family_name, person.display_name)
    channels = [(each.address, each.normalized, each.valid_to) for each in person.channels]
    return names, person.birth_date, person.organisation_id, channels


def fingerprint(keys: Iterable[Iterable[str]]) -> str:
    """Stands for all keys of several records, in any order."""
    text = "/".join(sorted(",".join(sorted(each)) for each in keys))
    return urlsafe_b64encode(blake2b(text.encode(), digest_size=LENGTH).digest()).decode()


@lru_cache(maxsize=1024)
def _secret(tenant: UUID) -> bytes:
    master = blake2b(process_settings().required("match_key").encode()).digest()
    return blake2b(tenant.bytes, key=master, person=b"match_key").digest()


def _hidden(key: str, secret: bytes) -> str:
    return urlsafe_b64encode(blake2b(key.encode(), digest_size=LENGTH, key=secret).digest()).decode()
