"""What a record takes over from a row that matches it."""

from __future__ import annotations

from collections.abc import Collection

from rapport_contact.domain.channel import Channel
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.domain.record import ContactRecord, ExternalId

_COLLECTED = frozenset({"channels", "external_ids", "annotations", "domains", "tax_ids"})


def absorb(record: ContactRecord, row: ContactRecord, given: Collection[str], *, overwrite: bool) -> bool:
    """Give `record` what `row` has more; whether that changed it.

    Fields that the row does not speak of (`given` names those that it does) are left alone. With `overwrite` they
    replace what the record has, otherwise they only fill what is empty. Channels and external ids are added, never
    taken away. Who opted out of a channel has, whoever of the two says so.
    """
    changed = _named(record, row, given) if overwrite else False
    for name in given:
        if name in _COLLECTED:
            continue
        new, old = getattr(row, name), getattr(record, name)
        if new and new != old and (overwrite or not old):
            setattr(record, name, new)
            changed = True
    changed |= _opt_out(record, row.channels)
    changed |= _add_channels(record, row.channels)
    changed |= _add_external_ids(record, row.external_ids, overwrite=overwrite)
    notes = {key: text for key, text in row.annotations.items() if overwrite or key not in record.annotations}
    if notes.items() - record.annotations.items():
        record.annotations = {**record.annotations, **notes}
        changed = True
    return _add_domains(record, row) or changed


def _named(record: ContactRecord, row: ContactRecord, given: Collection[str]) -> bool:
    """A display name that was only made of the other names is made anew when they change."""
    if not isinstance(record, Person) or not isinstance(row, Person) or "display_name" in given:
        return False
    names = {"given_name", "family_name", "middle_name", "name_prefix", "name_suffix"} & set(given)
    if record.display_name != record.full_name or all(getattr(row, n) == getattr(record, n) for n in names):
        return False
    record.display_name = ""
    return True


def _add_domains(record: ContactRecord, row: ContactRecord) -> bool:
    if not isinstance(record, Organisation) or not isinstance(row, Organisation):
        return False
    further = [domain for domain in row.domains if domain not in record.domains]
    if further:
        record.domains = [*record.domains, *further]
    return bool(further)


def _address(channel: Channel) -> tuple[type, str]:
    """Equal for channels that lead to one place."""
    return type(channel.address), channel.normalized


def _opt_out(record: ContactRecord, channels: list[Channel]) -> bool:
    refused = {_address(channel) for channel in channels if channel.opted_out}
    news = [channel for channel in record.channels if not channel.opted_out and _address(channel) in refused]
    for channel in news:
        channel.opted_out = True
    return bool(news)


def _add_channels(record: ContactRecord, channels: list[Channel]) -> bool:
    known = {_address(channel) for channel in record.channels}
    new = [channel for channel in channels if _address(channel) not in known]
    kinds = {type(channel.address) for channel in record.channels if channel.primary}
    for channel in new:
        channel.primary = channel.primary and type(channel.address) not in kinds
        record.channels.append(channel)
    return bool(new)


def _add_external_ids(record: ContactRecord, ids: list[ExternalId], *, overwrite: bool) -> bool:
    known = {each.system: each for each in record.external_ids}
    merged = {each.system: each for each in ids if overwrite or each.system not in known}
    if all(known.get(system) == each for system, each in merged.items()):
        return False
    record.external_ids = list({**known, **merged}.values())
    return True
