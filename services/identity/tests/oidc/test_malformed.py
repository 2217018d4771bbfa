"""Issuers that send anything at all: every document is understood or refused, and none breaks the sign-in."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from rapport_identity.domain.oidc_flow import Flow
from rapport_identity.domain.profile import ClaimNames, Profile
from rapport_identity.oidc.fetch import IssuerFault
from rapport_identity.oidc.id_token import ALGORITHMS, Expected, TokenFault, key_id, verify
from rapport_identity.oidc.issuers import _described, _keys

ISSUER = "https://issuer.example"
NOW = 1_800_000_000.0
EXPECTED = Expected(ISSUER, "rapport", "n" * 43, "access", NOW)
NIL = UUID(int=0)
FLOW = Flow(NIL, NIL, NIL, datetime.now(UTC), "s", EXPECTED.nonce, "v", "https://crm.example/v1/oidc/callback", "/")
CURVE = ECKey.generate_key("P-256", {"kid": "k"})
SET = KeySet([CURVE, RSAKey.generate_key(2048, {"kid": "k"}), OKPKey.generate_key("Ed25519", {"kid": "k"})])
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
CLAIMS = (
    *("iss", "aud", "azp", "sub", "nonce", "iat", "exp", "nbf", "at_hash"),
    *("email", "email_verified", "given_name", "family_name", "name", "groups"),
)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
bytes_of_a_key = st.binary(max_size=70).map(lambda raw: urlsafe_b64encode(raw).rstrip(b"=").decode())
addresses = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["https", "http", "ftp", ""]),
    st.text("a[]@:.%1 é", max_size=8),
    st.sampled_from(["", "/a", "?a=b&c", ":99999", ":0", ":x", "#f", "?%ff="]),
)


def encoded(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@given(
    st.fixed_dictionaries(
        {"issuer": st.just(ISSUER) | anything},
        optional=dict.fromkeys(ENDPOINTS, addresses | anything) | {"token_endpoint_auth_methods_supported": anything},
    )
)
@example({"issuer": ISSUER, "authorization_endpoint": "https://[", "token_endpoint": "https://a", "jwks_uri": "x"})
def test_a_description_is_understood_or_refused(document: dict[str, Any]) -> None:
    with suppress(IssuerFault):
        issuer = _described(document, ISSUER, 0.0)
        assert FLOW.request(issuer.authorization_endpoint, "rapport", ["openid"]).startswith("http")


@pytest.mark.parametrize("endpoint", ["https://[", "https://[a]", "https://a:99999/", "https://a:b/", "https://a b/"])
def test_an_endpoint_that_is_no_address_is_named(endpoint: str) -> None:
    document = {"issuer": ISSUER, "authorization_endpoint": endpoint}
    with pytest.raises(IssuerFault, match="has no authorization_endpoint"):
        _described(document, ISSUER, 0.0)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"kty": st.sampled_from(["RSA", "EC", "OKP", "oct"]) | anything},
            optional={
                "crv": st.sampled_from(["P-256", "Ed25519", "P-521"]) | anything,
                "use": st.just("sig") | anything,
            }
            | dict.fromkeys(("n", "e", "x", "y", "d"), bytes_of_a_key | anything)
            | dict.fromkeys(("kid", "alg", "key_ops", "x5c"), anything),
        )
        | st.sampled_from(SET.as_dict(private=False)["keys"])
        | anything,
        max_size=3,
    )
    | anything,
    st.sampled_from(sorted(ALGORITHMS)),
)
@example([{"kty": "EC", "crv": "Ed25519", "x": "AA", "y": "AA"}], "ES256")
@example([{"kty": "OKP", "crv": "P-256", "x": "AA"}], "EdDSA")
def test_a_key_set_is_read_as_far_as_it_can_be_and_its_keys_can_be_tried(listed: Any, algorithm: str) -> None:
    try:
        keys = _keys({"keys": listed})
    except IssuerFault:
        return
    token = ".".join([encoded({"alg": algorithm}), encoded({}), encoded("signature")])
    with pytest.raises(TokenFault):
        verify(token, keys, EXPECTED)


@given(
    anything
    | st.fixed_dictionaries(
        {"alg": st.sampled_from(sorted(ALGORITHMS)) | anything},
        optional=dict.fromkeys(("kid", "crit", "b64", "typ", "jwk", "x5c"), anything),
    )
)
@example({"alg": []})
@example({"alg": {"ES256": 1}})
def test_a_header_is_understood_or_refused(header: Any) -> None:
    token = f"{encoded(header)}.{encoded({})}.AA"
    with suppress(TokenFault):
        key_id(token)
    with pytest.raises(TokenFault):
        verify(token, [CURVE], EXPECTED)


@pytest.mark.parametrize("depth", [100, 5_000])
def test_a_header_nested_without_end_is_refused(depth: int) -> None:
    nested = urlsafe_b64encode(b"[" * depth).rstrip(b"=").decode()
    with pytest.raises(TokenFault):
        key_id(f"{nested}.{encoded({})}.AA")


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(CLAIMS, anything),
    )
)
def test_claims_that_are_signed_are_understood_or_refused(claims: dict[str, Any]) -> None:
    sound = {"iss": ISSUER, "aud": "rapport", "sub": "ada", "nonce": EXPECTED.nonce, "iat": NOW, "exp": NOW + 60}
    payload = json.dumps(sound | claims).encode()
    token = jws.serialize_compact({"alg": "ES256", "kid": "k"}, payload, CURVE, algorithms=["ES256"])
    with suppress(TokenFault):
        profile = Profile.of(ISSUER, verify(token, [CURVE], EXPECTED), ClaimNames())
        assert profile.subject.isprintable()
