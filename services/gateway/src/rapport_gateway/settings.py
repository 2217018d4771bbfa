"""What the gateway is told from outside: variables that begin with `RAPPORT_GATEWAY_`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from rapport_kit.settings import Networks, ServiceSettings
from rapport_kit.variables import Within


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


@dataclass(frozen=True, kw_only=True)
class GatewaySettings(ServiceSettings):
    """The edge. Lists are comma separated."""

    @classmethod
    def load(cls) -> GatewaySettings:
        """The settings of this process."""
        settings = cls.of("gateway")
        assert isinstance(settings, cls)
        return settings

    deadline: Annotated[float, Within(above=0, at_most=300)] = 10.0
    """Seconds that one request may take."""
    stream_deadline: Annotated[float, Within(above=0, at_most=3600)] = 300.0
    """Seconds after which an event stream ends and the client resumes, so that its token is looked at again."""
    body_deadline: Annotated[float, Within(above=0, at_most=4 * 3600)] = 3600.0
    """Seconds that an upload or a download may take."""
    heartbeat: Annotated[float, Within(above=0, at_most=60)] = 15.0
    """Seconds of silence after which a stream says that it lives."""
    body_limit: Annotated[int, Within(at_least=1024)] = 1024 * 1024
    """Bytes of a request's body."""
    batch_body_limit: Annotated[int, Within(at_least=1024)] = 16 * 1024 * 1024
    """Bytes of the body of a batch."""
    trusted_proxies: Networks = ()
    """Networks whose X-Forwarded-* headers are believed."""
    cors_origins: Annotated[tuple[str, ...], _listed] = ()
    """Origins of other sites that may call with a token; cookies never cross."""
    token_lifetime: Annotated[float, Within(at_least=0, at_most=30)] = 30.0
    """Seconds that an exchanged token is used at most before identity is asked again."""
    header_budget: Annotated[float, Within(above=0, at_most=10)] = 0.25
    """Seconds that a customer's page waits for the record."""
    panel_budget: Annotated[float, Within(above=0, at_most=10)] = 0.25
    """Seconds that it waits then for each panel, all at once."""
    panel_memory: Annotated[float, Within(at_least=0, at_most=60)] = 60.0
    """Seconds that a panel is kept for its reader, to be shown when a department is late; erasure sets the limit."""
    panel_memory_bytes: Annotated[int, Within(at_least=0)] = 32 * 1024 * 1024
    """Bytes of all panels that are kept."""
    public_tls_cert: Path | None = None
    """The certificate that browsers see; the installation's own when not set."""
    public_tls_key: Path | None = None
