"""What an ID token must be to be believed: forgeries, as an attacker would make them."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from rapport_identity.oidc.id_token import Expected, TokenFault, access_token_hash, key_id, verify

NOW = 1_800_000_000.0
KEY = RSAKey.generate_key(2048, {"kid": "k"})
OTHER = RSAKey.generate_key(2048, {"kid": "k"})
CURVE = ECKey.generate_key("P-256", {"kid": "k"})
EXPECTED = Expected("https://issuer.example", "rapport", "n" * 43, "access", NOW)
CLAIMS = {
    "iss": EXPECTED.issuer,
    "aud": "rapport",
    "sub": "ada",
    "nonce": EXPECTED.nonce,
    "iat": NOW - 1,
    "exp": NOW + 300,
}


def token(key: Any = KEY, header: dict[str, Any] | None = None, **claims: Any) -> str:
    stated = {name: value for name, value in (CLAIMS | claims).items() if value is not None}
    protected = {"alg": "RS256", "kid": "k"} | (header or {})
    return jws.serialize_compact(protected, json.dumps(stated).encode(), key, algorithms=[protected["alg"]])


def encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def unsigned(header: dict[str, Any]) -> str:
    return ".".join([encoded(json.dumps(header).encode()), encoded(json.dumps(CLAIMS).encode()), ""])


def fault(text: str, *keys: Any) -> str:
    with pytest.raises(TokenFault) as caught:
        verify(text, keys or (KEY,), EXPECTED)
    return str(caught.value)


def test_a_genuine_token_states_its_claims() -> None:
    assert verify(token(), [KEY], EXPECTED)["sub"] == "ada"
    assert verify(token(), [OTHER, KEY], EXPECTED)["sub"] == "ada"  # two keys of one name
    assert verify(token(aud=["rapport", "api"], azp="rapport"), [KEY], EXPECTED)["sub"] == "ada"
    assert key_id(token()) == "k"


def test_the_hash_of_an_access_token_is_that_of_the_specification() -> None:
    # OpenID Connect Core 1.0, appendix A.3
    known = access_token_hash("RS256", "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y")
    assert known == "77QmUPtjPfzWtF2AnpK9RQ"
    assert verify(token(at_hash=access_token_hash("RS256", "access")), [KEY], EXPECTED)


@pytest.mark.parametrize(
    ("claims", "named"),
    [
        ({"iss": "https://issuer.example/"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "another"}, "aud"),
        ({"aud": ["another"]}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": ["rapport", "another"]}, "azp"),
        ({"azp": "another"}, "azp"),
        ({"exp": NOW - 61}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": True}, "exp"),
        ({"iat": NOW + 61}, "iat"),
        ({"iat": NOW - 661}, "iat"),
        ({"iat": None}, "iat"),
        ({"nbf": NOW + 61}, "nbf"),
        ({"nonce": "x"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ["n"]}, "nonce"),
        ({"at_hash": "x"}, "at_hash"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": "x" * 256}, "sub"),
    ],
)
def test_a_claim_that_is_wrong_or_missing_is_named(claims: dict[str, Any], named: str) -> None:
    assert fault(token(**claims)) == named


def test_a_signature_that_proves_nothing_is_refused() -> None:
    assert fault(unsigned({"alg": "none"})) == "alg"
    assert fault(unsigned({"alg": "RS256", "kid": "k"})) == "signature"
    confused = unsigned({"alg": "HS256", "kid": "k"})[:-1]  # the public key as a secret
    signature = hmac.digest(KEY.as_pem(private=False), confused.encode(), "sha256")
    assert fault(f"{confused}.{encoded(signature)}") == "alg"
    assert fault(token(header={"alg": "RS512"})) == "alg"
    assert fault(token(OTHER)) == "signature"
    assert fault(token(CURVE, {"alg": "ES256"})) == "signature"
    own = CURVE.as_dict(private=False)
    assert fault(token(CURVE, {"alg": "ES256", "jwk": own}), ECKey.generate_key("P-256")) == "signature"
    assert fault(token(KEY), CURVE) == "signature"


def test_a_header_that_asks_for_more_than_is_understood_is_refused() -> None:
    assert fault(unsigned({"alg": "RS256", "crit": ["exp"], "exp": 1})) in ("header", "form")
    assert fault(unsigned({"alg": "RS256", "kid": 7})) in ("header", "form")
    assert fault(token(filler="x" * 20_000)) == "length"


@given(st.text(max_size=60) | st.text("abc.=-_", max_size=60))
def test_any_text_is_refused_without_breaking(text: str) -> None:
    assert fault(text) in ("form", "alg", "header", "signature")


@given(st.integers(0, 10_000), st.sampled_from("ABCDEFGHIJ0123-_"))
def test_a_token_with_one_letter_changed_is_refused_or_the_same(place: int, letter: str) -> None:
    genuine = token()
    place %= len(genuine)
    changed = genuine[:place] + letter + genuine[place + 1 :]
    try:
        claims = verify(changed, [KEY], EXPECTED)
    except TokenFault:
        return
    assert claims == CLAIMS
