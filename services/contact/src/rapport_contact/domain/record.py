"""What people and organisations have in common: channels, names in other systems, notes of integrations."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from rapport_contact.domain.channel import Channel, settle_channels
from rapport_kit.domain import Entity, Mergeable, OwnedByUser
from rapport_kit.errors import Invalid


@dataclass(frozen=True, slots=True)
class ExternalId:
    """The name of a record in another system; unique within a tenant and kind of resource."""

    system: str
    value: str


@dataclass(kw_only=True, eq=False)
class ContactRecord(Mergeable, OwnedByUser, Entity):
    """A person or an organisation."""

    display_name: str = ""
    channels: list[Channel] = field(default_factory=list)
    external_ids: list[ExternalId] = field(default_factory=list)
    annotations: dict[str, str] = field(default_factory=dict)

    def settle(self, default_region: str = "") -> None:
        """Put a new or changed record in order; `default_region` is the country to read national phone numbers in.

        Raises:
            Invalid: a channel's address is none, or a system names the record twice.
        """
        settle_channels(self.channels, default_region)
        systems = Counter(external.system for external in self.external_ids)
        for index, external in enumerate(self.external_ids):
            if systems[external.system] > 1:
                raise Invalid.field(f"external_ids[{index}].system", "DUPLICATE", "names the record more than once")
