"""One published event: as a row of the event table, and as a message with CloudEvents 1.0 headers in binary mode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID

PRINTABLE = " !#$&'()*+,/:;=?@[]"


class Malformed(Exception):
    """A message on our subjects that no relay of ours has sent."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A fact and everything the frame knows about it; `published_seq` is dense within its source."""

    id: int
    tenant: UUID
    resource: str
    aggregate: UUID
    sequence: int
    type: str
    payload: bytes
    occurred: datetime
    recorded: datetime
    actor: UUID
    on_behalf_of: UUID | None
    job: str
    request_id: str
    traceparent: str
    published_seq: int

    @property
    def author(self) -> UUID:
        """Whom history names: who asked a service to act, or else the actor."""
        return self.on_behalf_of or self.actor

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Envelope:
        """From a row of the event table, by the names of its columns."""
        return cls(**{name: row[name] for name in cls.__slots__})

    @classmethod
    def of_message(cls, headers: Mapping[str, str] | None, payload: bytes) -> Envelope:
        """From a message of the broker.

        Raises:
            Malformed: a header is missing or is not what it must be.
        """
        given = headers or {}
        try:
            return cls(
                id=int(given["ce-id"]),
                tenant=UUID(given["ce-tenant"]),
                resource=given["ce-resource"],
                aggregate=UUID(given["ce-subject"]),
                sequence=int(given["ce-sequence"]),
                type=given["ce-type"],
                payload=payload,
                occurred=datetime.fromisoformat(given["ce-time"]),
                recorded=datetime.fromisoformat(given["ce-recordedtime"]),
                actor=UUID(given["ce-actor"]),
                on_behalf_of=UUID(given["ce-onbehalfof"]) if "ce-onbehalfof" in given else None,
                job=unquote(given.get("ce-job", "")),
                request_id=unquote(given.get("ce-requestid", "")),
                traceparent=given.get("traceparent", ""),
                published_seq=int(given["ce-publishedseq"]),
            )
        except (KeyError, ValueError) as error:
            raise Malformed(f"not an event of ours: {type(error).__name__}") from error

    def headers(self, source: str) -> dict[str, str]:
        """CloudEvents attributes and extensions; JetStream drops a repeated `Nats-Msg-Id` for two minutes."""
        headers = {
            "Nats-Msg-Id": str(self.id),
            "ce-specversion": "1.0",
            "ce-id": str(self.id),
            "ce-source": f"/rapport/{source}",
            "ce-type": self.type,
            "ce-subject": str(self.aggregate),
            "ce-time": self.occurred.isoformat(),
            "ce-datacontenttype": "application/protobuf",
            "ce-recordedtime": self.recorded.isoformat(),
            "ce-tenant": str(self.tenant),
            "ce-resource": self.resource,
            "ce-sequence": str(self.sequence),
            "ce-publishedseq": str(self.published_seq),
            "ce-actor": str(self.actor),
        }
        optional = {
            "ce-onbehalfof": str(self.on_behalf_of or ""),
            "ce-job": quote(self.job, safe=PRINTABLE),
            "ce-requestid": quote(self.request_id, safe=PRINTABLE),
            "traceparent": self.traceparent,
        }
        return headers | {name: value for name, value in optional.items() if value}
