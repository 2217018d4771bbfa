"""The words under which people and organisations are found: names, and the parts of e-mail addresses and numbers."""

from __future__ import annotations

from collections.abc import Iterator

from rapport_contact.domain.channel import Channel, EmailAddress, PhoneNumber, read_number
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.domain.record import ContactRecord
from rapport_contact.domain.words import words_of
from rapport_kit.schema.search import document

MOST = 100


def search_document(record: ContactRecord) -> list[str]:
    """Everything that `record` is found by; of its channels those that are still true."""
    channels = [channel for channel in record.channels if channel.valid_to is None]
    words = words_of(" ".join(dict.fromkeys(_names(record))), MOST)
    words += [number for each in channels for number in _numbers(each)]
    return document(record.__dict__["_tenant"], words, [word for each in channels for word in _address_words(each)])


def _names(record: ContactRecord) -> Iterator[str]:
    yield record.display_name
    if isinstance(record, Person):
        yield record.full_name
    if isinstance(record, Organisation):
        yield record.legal_name
        yield from record.domains


def _numbers(channel: Channel) -> Iterator[str]:
    """A phone number as digits, with its country code and without, since people type both."""
    if isinstance(channel.address, PhoneNumber):
        number = read_number(channel.normalized, "")
        yield f"{number.country_code}{number.national_number}"
        yield str(number.national_number)


def _address_words(channel: Channel) -> list[str]:
    return words_of(channel.normalized, MOST) if isinstance(channel.address, EmailAddress) else []
