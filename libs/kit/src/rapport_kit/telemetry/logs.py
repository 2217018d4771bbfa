"""One JSON object a line on standard output, with service, trace, tenant and actor, and never personal data."""

from __future__ import annotations

import logging
import sys
from typing import Any

import orjson
import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.types import EventDict, ExcInfo, Processor

from rapport_kit.settings import PlatformSettings
from rapport_kit.telemetry.traces import current_trace_id

SECRETS = ("authorization", "cookie", "password", "secret", "token", "api_key")
"""Keys whose values never reach a log, whoever logs them."""
_TRACEBACKS = ExceptionDictTransformer(show_locals=False)


def configure(service: str, settings: PlatformSettings) -> None:
    """Set up structlog and the standard library's logging alike."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Named(service),
        _without_secrets,
        structlog.processors.ExceptionRenderer(_where),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_json),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)


def _where(exc_info: ExcInfo) -> list[dict[str, Any]]:
    """What was raised and where, without messages and local variables: both may hold a person's data, or a token."""
    return [_anonymous(raised) for raised in _TRACEBACKS(exc_info)]


def _anonymous(raised: dict[str, Any]) -> dict[str, Any]:
    frames = [f"{frame['filename']}:{frame['lineno']} in {frame['name']}" for frame in raised["frames"]]
    inner = [_anonymous(one) for group in raised["exceptions"] for one in group]
    return {"type": f"{raised['exc_type']}", "frames": frames} | ({"exceptions": inner} if inner else {})


class _Named:
    """Adds the service and the trace id."""

    def __init__(self, service: str) -> None:
        self.service = service

    def __call__(self, logger: Any, method: str, event: EventDict) -> EventDict:
        event["service"] = self.service
        if trace_id := current_trace_id():
            event["trace_id"] = trace_id
        return event


def _without_secrets(logger: Any, method: str, event: EventDict) -> EventDict:
    for key in event:
        if key.lower() in SECRETS:
            event[key] = "[redacted]"
    return event


def _json(event: Any, default: Any = None, **_: Any) -> str:
    return orjson.dumps(event, default=default or str).decode()
