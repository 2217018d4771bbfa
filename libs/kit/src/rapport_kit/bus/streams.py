"""The broker's side: one JetStream stream per source service, which holds a week and may be lost."""

from __future__ import annotations

from datetime import timedelta

from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig, StreamInfo
from nats.js.errors import NotFoundError

from rapport_kit.bus.envelope import Envelope, Malformed

MAX_AGE = timedelta(days=7)
DUPLICATE_WINDOW = timedelta(minutes=2)


def stream_name(source: str) -> str:
    """`contact` → `rapport_contact`."""
    return f"rapport_{source}"


def subjects(source: str) -> str:
    """Everything that a source publishes: the full names of its messages."""
    return f"rapport.{source}.>"


async def ensure_stream(broker: JetStreamContext, source: str, *, replicas: int = 1) -> StreamInfo:
    """Create the source's stream, or bring it to this configuration."""
    config = StreamConfig(
        name=stream_name(source),
        description=f"What {source} publishes. Rebuilt from its event table when lost.",
        subjects=[subjects(source)],
        storage=StorageType.FILE,
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.OLD,
        num_replicas=replicas,
        max_age=MAX_AGE.total_seconds(),
        duplicate_window=DUPLICATE_WINDOW.total_seconds(),
        allow_direct=True,
        allow_atomic=True,
        deny_delete=True,
    )
    try:
        await broker.stream_info(stream_name(source))
    except NotFoundError:
        return await broker.add_stream(config)
    return await broker.update_stream(config)


async def last_published(broker: JetStreamContext, source: str, info: StreamInfo) -> int:
    """The `published_seq` of the newest message in the stream; 0 when it holds none of ours."""
    if info.state.messages == 0:
        return 0
    try:
        message = await broker.get_msg(stream_name(source), seq=info.state.last_seq)
        return Envelope.of_message(message.headers, message.data or b"").published_seq
    except (NotFoundError, Malformed):
        return 0
