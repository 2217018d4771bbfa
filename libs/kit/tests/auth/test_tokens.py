"""Whom a service believes: good tokens, and every bad one we could think of."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

from rapport_kit.auth.claims import mint, parse
from rapport_kit.auth.keyring import Keyring, Snapshot, digest
from rapport_kit.auth.principal import Principal, Scope
from rapport_kit.auth.tokens import TokenVerifier
from rapport_kit.domain import uuid7
from rapport_kit.errors import Unauthenticated, Unavailable

NOW = 1_800_000_000.0
KID = "key-1"


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass
class Identity:
    """What identity would answer, and how often it was asked."""

    keys: dict[str, ECKey]
    subjects: dict[UUID, float] = field(default_factory=dict)
    sessions: set[UUID] = field(default_factory=set)
    asked: int = 0
    down: bool = False

    async def __call__(self) -> Snapshot:
        self.asked += 1
        if self.down:
            raise ConnectionError
        subjects = {digest(subject): time for subject, time in self.subjects.items()}
        return Snapshot(dict(self.keys), subjects, frozenset(map(digest, self.sessions)))


@pytest.fixture(scope="session")
def signing_key() -> ECKey:
    return ECKey.generate_key("P-256")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def identity(signing_key: ECKey) -> Identity:
    return Identity({KID: ECKey.import_key(signing_key.as_dict(private=False))})


@pytest.fixture
async def keyring(identity: Identity, clock: Clock) -> Keyring:
    keyring = Keyring(identity, clock=clock)
    assert await keyring.refresh()
    return keyring


@pytest.fixture
def verifier(keyring: Keyring, clock: Clock) -> TokenVerifier:
    return TokenVerifier(keyring, keyring, clock=clock, capacity=3)


@pytest.fixture
def caller() -> Principal:
    return Principal(
        tenant=uuid7(),
        subject=uuid7(),
        grants={"contact.*": Scope.TEAM, "*.get": Scope.ALL},
        denials=frozenset({"contact.people.export"}),
        team_id=(team := uuid7()),
        team_ids=frozenset({team, uuid7()}),
        unit_team_ids=frozenset({team, uuid7(), uuid7()}),
        on_behalf_of=uuid7(),
        session_id=uuid7(),
    )


HEADER = {"alg": "ES256", "kid": KID, "typ": "at+jwt"}


def payload_of(token: str) -> dict[str, Any]:
    segment = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(segment + "=="))
    return claims


def signed(claims: object, key: ECKey, **header: object) -> str:
    return jws.serialize_compact({**HEADER, **header}, json.dumps(claims), key, algorithms=["ES256"])


def refused(verifier: TokenVerifier, token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        verifier.verify(token)
    assert not caught.value.metadata
    assert not caught.value.violations
    return caught.value.reason


async def test_a_minted_token_verifies_to_the_same_principal(
    verifier: TokenVerifier, signing_key: ECKey, caller: Principal
) -> None:
    token = mint(caller, signing_key, KID, NOW)
    assert verifier.verify(token) == caller
    assert verifier.verify(token) is verifier.verify(token), "the second time it comes from the cache"


ids = st.uuids()


@given(
    st.builds(
        Principal,
        tenant=ids,
        subject=ids,
        grants=st.dictionaries(
            st.from_regex(r"[a-z*]{1,8}(\.[a-z*]{1,8}){0,2}", fullmatch=True), st.sampled_from(Scope)
        ),
        denials=st.frozensets(st.from_regex(r"[a-z]{1,8}\.\*", fullmatch=True)),
        team_id=st.none() | ids,
        team_ids=st.frozensets(ids),
        unit_team_ids=st.frozensets(ids),
        kind=st.sampled_from(["user", "service", "operator"]),
        on_behalf_of=st.none() | ids,
        session_id=st.none() | ids,
    )
)
def test_every_principal_survives_the_journey_through_a_token(principal: Principal) -> None:
    key = ECKey.generate_key("P-256")
    claims = parse(jws.extract_compact(mint(principal, key, KID, NOW).encode()).payload)
    assert (claims.principal, claims.issued, claims.expires) == (principal, NOW, NOW + 300)


def test_a_token_of_somebody_who_may_much_leaves_room_in_the_metadata(signing_key: ECKey, caller: Principal) -> None:
    """From 8 KiB of metadata on, gRPC refuses calls at random; fifty resources are more than a department has."""
    verbs = ("get", "list", "create", "update", "delete", "undelete")
    grants = {f"contact.some_resource_{n}.{verb}": Scope.TEAM for n in range(50) for verb in verbs}
    assert len(mint(replace(caller, grants=grants), signing_key, KID, NOW)) < 4_096


async def test_an_expired_token_is_refused_even_when_it_was_believed_before(
    verifier: TokenVerifier, keyring: Keyring, signing_key: ECKey, caller: Principal, clock: Clock
) -> None:
    token = mint(caller, signing_key, KID, NOW, lifetime=200)
    verifier.verify(token)
    clock.now += 259
    await keyring.refresh()
    verifier.verify(token)
    clock.now += 1
    assert refused(verifier, token) == "TOKEN_EXPIRED"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda claims: claims | {"aud": "elsewhere"},
        lambda claims: claims | {"aud": ["rapport", "elsewhere"]},
        lambda claims: claims | {"iss": "elsewhere"},
        lambda claims: claims | {"exp": claims["iat"] + 3600},
        lambda claims: claims | {"exp": claims["iat"]},
        lambda claims: claims | {"exp": "9999999999"},
        lambda claims: claims | {"iat": claims["iat"] + 61, "exp": claims["exp"] + 61},
        lambda claims: claims | {"iat": True},
        lambda claims: claims | {"kind": "root"},
        lambda claims: claims | {"grants": {"everything": {"*": [""]}}},
        lambda claims: claims | {"grants": {"all": "*"}},
        lambda claims: claims | {"grants": {"all": {"*": [None]}}},
        lambda claims: claims | {"grants": ["*"]},
        lambda claims: claims | {"sub": "x"},
        lambda claims: claims | {"tid": None},
        lambda claims: claims | {"tid": "../../../../../../.."},
        lambda claims: {name: value for name, value in claims.items() if name != "exp"},
        lambda claims: {name: value for name, value in claims.items() if name != "tid"},
        lambda claims: [claims],
        lambda _: "text",
        lambda _: None,
    ],
)
async def test_well_signed_nonsense_is_refused(
    verifier: TokenVerifier, signing_key: ECKey, caller: Principal, spoil: Callable[[dict[str, Any]], object]
) -> None:
    claims = payload_of(mint(caller, signing_key, KID, NOW))
    verifier.verify(signed(claims, signing_key))
    assert refused(verifier, signed(spoil(claims), signing_key)) == "TOKEN_INVALID"


async def test_the_signature_must_be_identitys(verifier: TokenVerifier, caller: Principal) -> None:
    assert refused(verifier, mint(caller, ECKey.generate_key("P-256"), KID, NOW)) == "TOKEN_INVALID"


async def test_other_claims_under_a_good_signature_are_refused(
    verifier: TokenVerifier, signing_key: ECKey, caller: Principal
) -> None:
    header, _, signature = mint(caller, signing_key, KID, NOW).split(".")
    other = mint(Principal(caller.tenant, uuid7(), {"*": Scope.ALL}), signing_key, KID, NOW).split(".")[1]
    assert refused(verifier, f"{header}.{other}.{signature}") == "TOKEN_INVALID"


async def test_no_algorithm_is_no_signature(verifier: TokenVerifier, signing_key: ECKey, caller: Principal) -> None:
    _, payload, signature = mint(caller, signing_key, KID, NOW).split(".")
    for algorithm in ("none", "None", "", "ES384", "ES256K"):
        header = base64.urlsafe_b64encode(json.dumps({**HEADER, "alg": algorithm}).encode()).rstrip(b"=").decode()
        assert refused(verifier, f"{header}.{payload}.") == "TOKEN_INVALID"
        assert refused(verifier, f"{header}.{payload}.{signature}") == "TOKEN_INVALID"


async def test_the_public_key_is_no_shared_secret(
    verifier: TokenVerifier, signing_key: ECKey, caller: Principal
) -> None:
    payload = mint(caller, signing_key, KID, NOW).split(".")[1]
    header = base64.urlsafe_b64encode(json.dumps({**HEADER, "alg": "HS256"}).encode()).rstrip(b"=").decode()
    for secret in (signing_key.as_pem(private=False), json.dumps(signing_key.as_dict(private=False)).encode()):
        digest = hmac.digest(secret, f"{header}.{payload}".encode(), "sha256")
        signature = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        assert refused(verifier, f"{header}.{payload}.{signature}") == "TOKEN_INVALID"


@pytest.mark.parametrize("kid", ["../../dev/null", "key-1\x00", "", " key-1", "KEY-1", "a" * 65, 7, None, ["key-1"]])
async def test_the_key_id_is_a_name_and_nothing_else(
    verifier: TokenVerifier, signing_key: ECKey, caller: Principal, kid: object
) -> None:
    header, payload, signature = mint(caller, signing_key, KID, NOW).split(".")
    header = base64.urlsafe_b64encode(json.dumps({**HEADER, "kid": kid}).encode()).rstrip(b"=").decode()
    assert refused(verifier, f"{header}.{payload}.{signature}") == "TOKEN_INVALID"


@pytest.mark.parametrize("extra", [{"crit": ["exp"]}, {"jku": "https://evil.example"}, {"b64": False}, {"typ": "JWT"}])
async def test_headers_we_do_not_write_are_not_read(
    verifier: TokenVerifier, signing_key: ECKey, caller: Principal, extra: dict[str, object]
) -> None:
    _, payload, signature = mint(caller, signing_key, KID, NOW).split(".")
    header = base64.urlsafe_b64encode(json.dumps({**HEADER, **extra}).encode()).rstrip(b"=").decode()
    assert refused(verifier, f"{header}.{payload}.{signature}") == "TOKEN_INVALID"


async def test_a_key_sent_along_is_not_trusted(verifier: TokenVerifier, caller: Principal) -> None:
    own = ECKey.generate_key("P-256")
    token = signed(
        payload_of(mint(caller, own, KID, NOW)), own, jwk={k: str(v) for k, v in own.as_dict(private=False).items()}
    )
    assert refused(verifier, token) == "TOKEN_INVALID"


@given(st.text(max_size=60) | st.from_regex(r"[\w-]{0,20}\.[\w-]{0,20}\.[\w-]{0,20}", fullmatch=True))
def test_any_text_is_refused_cleanly(text: str) -> None:
    keyring = Keyring(Identity({}))
    with pytest.raises((Unauthenticated, Unavailable)):
        TokenVerifier(keyring, keyring).verify(text)


async def test_an_endless_token_is_refused_before_it_is_read(verifier: TokenVerifier) -> None:
    assert refused(verifier, "e" * 1_000_000) == "TOKEN_INVALID"


async def test_a_subject_taken_back_is_refused_at_its_next_call_and_believed_with_a_newer_token(
    verifier: TokenVerifier,
    keyring: Keyring,
    identity: Identity,
    signing_key: ECKey,
    caller: Principal,
) -> None:
    token = mint(caller, signing_key, KID, NOW)
    verifier.verify(token)
    identity.subjects[caller.subject] = NOW
    await keyring.refresh()
    assert refused(verifier, token) == "TOKEN_REVOKED"
    assert verifier.verify(mint(caller, signing_key, KID, NOW + 0.01)) == caller


async def test_tokens_of_an_ended_session_are_refused_whenever_they_were_issued(
    verifier: TokenVerifier, keyring: Keyring, identity: Identity, signing_key: ECKey, caller: Principal
) -> None:
    assert caller.session_id is not None
    identity.sessions.add(caller.session_id)
    await keyring.refresh()
    assert refused(verifier, mint(caller, signing_key, KID, NOW)) == "TOKEN_REVOKED"
    assert refused(verifier, mint(caller, signing_key, KID, NOW + 30)) == "TOKEN_REVOKED"


async def test_when_the_feed_is_silent_only_young_tokens_are_believed(
    verifier: TokenVerifier, keyring: Keyring, identity: Identity, signing_key: ECKey, caller: Principal, clock: Clock
) -> None:
    old = mint(caller, signing_key, KID, NOW)
    identity.down = True
    clock.now += 60
    assert not await keyring.refresh()
    assert verifier.verify(old) == caller
    clock.now += 1
    assert refused(verifier, old) == "TOKEN_STALE"
    assert verifier.verify(mint(caller, signing_key, KID, clock.now - 59)) == caller
    identity.down = False
    assert await keyring.refresh()
    assert verifier.verify(old) == caller


async def test_a_token_with_a_new_key_makes_the_verifier_ask_for_it(
    verifier: TokenVerifier, identity: Identity, caller: Principal, clock: Clock
) -> None:
    fresh = ECKey.generate_key("P-256")
    token = mint(caller, fresh, "key-2", NOW)
    clock.now += 2
    identity.keys["key-2"] = fresh
    assert await verifier.authenticate(token) == caller


async def test_made_up_keys_do_not_make_the_verifier_ask_all_the_time(
    verifier: TokenVerifier, identity: Identity, caller: Principal, clock: Clock
) -> None:
    clock.now += 2
    before = identity.asked
    for number in range(20):
        with pytest.raises(Unauthenticated):
            await verifier.authenticate(mint(caller, ECKey.generate_key("P-256"), f"made-up-{number}", NOW))
    assert identity.asked == before + 1


async def test_before_the_first_word_of_identity_nobody_is_called_a_liar(
    identity: Identity, signing_key: ECKey, caller: Principal, clock: Clock
) -> None:
    identity.down = True
    keyring = Keyring(identity, clock=clock)
    verifier = TokenVerifier(keyring, keyring, clock=clock)
    with pytest.raises(Unavailable):
        verifier.verify(mint(caller, signing_key, KID, NOW))


async def test_the_cache_is_bounded_and_forgets_what_was_used_least(
    verifier: TokenVerifier, signing_key: ECKey, caller: Principal
) -> None:
    tokens = [mint(caller, signing_key, KID, NOW) for _ in range(4)]
    first = verifier.verify(tokens[0])
    second = verifier.verify(tokens[1])
    verifier.verify(tokens[2])
    assert verifier.verify(tokens[0]) is first
    verifier.verify(tokens[3])
    assert verifier.verify(tokens[0]) is first
    assert verifier.verify(tokens[1]) is not second
