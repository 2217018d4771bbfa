"""What an access token says: a principal as JWT claims (RFC 9068), and back."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from joserfc import jws
from joserfc.jwk import ECKey

from rapport_kit.auth.principal import Principal, Scope
from rapport_kit.domain import uuid7

ISSUER = "rapport.identity"
AUDIENCE = "rapport"
ALGORITHM = "ES256"
MEDIA_TYPE = "at+jwt"
KINDS = frozenset({"user", "service", "operator"})
LIFETIME_SECONDS = 300
"""The longest life of an access token; a verifier refuses a longer one, whoever signed it."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The content of one token; times are seconds since the epoch, with fractions."""

    principal: Principal
    issued: float
    expires: float


def mint(principal: Principal, key: ECKey, kid: str, now: float, lifetime: float = LIFETIME_SECONDS) -> str:
    """Sign a compact access token for `principal`, valid for `lifetime` seconds from `now`."""
    header = {"alg": ALGORITHM, "kid": kid, "typ": MEDIA_TYPE}
    payload = orjson.dumps(_payload(principal, now, now + lifetime))
    return jws.serialize_compact(header, payload, key, algorithms=[ALGORITHM])


def parse(payload: bytes) -> Claims:
    """Read claims whose signature has been checked; anything odd is a ValueError, KeyError or TypeError."""
    claims = orjson.loads(payload)
    if claims["iss"] != ISSUER or claims["aud"] != AUDIENCE:
        raise ValueError("issuer or audience")
    if claims["kind"] not in KINDS:
        raise ValueError("kind")
    principal = Principal(
        tenant=_uuid(claims["tid"]),
        subject=_uuid(claims["sub"]),
        grants=_unpacked(claims["grants"]),
        denials=frozenset(_text(pattern) for pattern in claims.get("denials", ())),
        team_id=_optional_uuid(claims.get("team")),
        team_ids=_uuids(claims.get("teams", ())),
        unit_team_ids=_uuids(claims.get("unit_teams", ())),
        kind=claims["kind"],
        on_behalf_of=_optional_uuid(claims.get("obo")),
        session_id=_optional_uuid(claims.get("sid")),
    )
    return Claims(principal, issued=_time(claims["iat"]), expires=_time(claims["exp"]))


def _payload(principal: Principal, issued: float, expires: float) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": _short(principal.subject),
        "tid": _short(principal.tenant),
        "kind": principal.kind,
        "grants": _packed(principal.grants),
        "iat": _milliseconds(issued),
        "exp": _milliseconds(expires),
        "jti": _short(uuid7()),
    }
    optional = {
        "denials": sorted(principal.denials),
        "team": principal.team_id and _short(principal.team_id),
        "teams": [_short(team) for team in sorted(principal.team_ids)],
        "unit_teams": [_short(team) for team in sorted(principal.unit_team_ids)],
        "obo": principal.on_behalf_of and _short(principal.on_behalf_of),
        "sid": principal.session_id and _short(principal.session_id),
    }
    return claims | {name: value for name, value in optional.items() if value}


def _packed(grants: Mapping[str, Scope]) -> dict[str, dict[str, list[str]]]:
    """By scope and verbs, the resources: most of a role's grants are the same verbs of many resources."""
    verbs: dict[tuple[Scope, str], list[str]] = {}
    for pattern, scope in grants.items():
        resource, _, verb = pattern.rpartition(".")
        verbs.setdefault((scope, resource), []).append(verb)
    packed: dict[str, dict[str, list[str]]] = {}
    for (scope, resource), each in verbs.items():
        packed.setdefault(scope.value, {}).setdefault(" ".join(sorted(each)), []).append(resource)
    return packed


def _unpacked(packed: Mapping[str, Mapping[str, list[object]]]) -> dict[str, Scope]:
    return {
        f"{resource}.{verb}" if resource else verb: Scope(scope)
        for scope, by_verbs in packed.items()
        for verbs, resources in by_verbs.items()
        for resource in map(_text, resources)
        for verb in verbs.split(" ")
    }


def _milliseconds(time: float) -> float:
    """Rounded down: a token must not seem to be issued after a revocation that it preceded."""
    return math.floor(time * 1000) / 1000


def _short(value: UUID) -> str:
    """22 characters instead of 36: a token travels with every call, and gRPC metadata is bounded (8 KiB)."""
    return base64.urlsafe_b64encode(value.bytes).rstrip(b"=").decode()


def _uuid(value: object) -> UUID:
    return UUID(bytes=base64.b64decode(_text(value) + "==", altchars=b"-_", validate=True))


def _optional_uuid(value: object) -> UUID | None:
    return None if value is None else _uuid(value)


def _uuids(values: Iterable[object]) -> frozenset[UUID]:
    return frozenset(_uuid(value) for value in values)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


def _time(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("time expected")
    return float(value)
