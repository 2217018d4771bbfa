"""Asks identity, over gRPC, for what a keyring holds."""

from __future__ import annotations

from datetime import UTC

import grpc

from rapport.identity.v1 import tokens_pb2 as pb
from rapport_kit.auth.keyring import FETCH_SECONDS, Fetch, Snapshot, public_key

_SERVICE = "/rapport.identity.v1.TokenService"


def fetch_from_identity(channel: grpc.aio.Channel) -> Fetch:
    """The `fetch` of a keyring in every service but identity: its two public RPCs."""
    get_jwks = channel.unary_unary(
        f"{_SERVICE}/GetJwks",
        request_serializer=pb.GetJwksRequest.SerializeToString,
        response_deserializer=pb.Jwks.FromString,
    )
    list_revocations = channel.unary_unary(
        f"{_SERVICE}/ListRevocations",
        request_serializer=pb.ListRevocationsRequest.SerializeToString,
        response_deserializer=pb.ListRevocationsResponse.FromString,
    )

    async def fetch() -> Snapshot:
        # Keys first: a token issued between the two answers is then unknown at worst, never unrevokable.
        jwks: pb.Jwks = await get_jwks(pb.GetJwksRequest(), timeout=FETCH_SECONDS)
        revocations: pb.ListRevocationsResponse = await list_revocations(
            pb.ListRevocationsRequest(), timeout=FETCH_SECONDS
        )
        return snapshot(jwks, revocations)

    return fetch


def snapshot(jwks: pb.Jwks, revocations: pb.ListRevocationsResponse) -> Snapshot:
    """Identity's two answers as one snapshot."""
    subjects, sessions = {}, set()
    for entry in revocations.revocations:
        if entry.WhichOneof("what") == "subject_digest":
            subjects[entry.subject_digest] = entry.time.ToDatetime(UTC).timestamp()
        else:
            sessions.add(entry.session_digest)
    keys = {key.kid: public_key(key.kid, key.x, key.y) for key in jwks.keys if (key.kty, key.crv) == ("EC", "P-256")}
    return Snapshot(keys, subjects, frozenset(sessions))
