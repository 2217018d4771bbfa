"""Signing in with an account of another issuer."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import orjson
import structlog

from rapport.identity.v1 import events_pb2
from rapport.identity.v1 import sign_in_pb2 as pb
from rapport_identity.crypto.sealing import seal, unseal
from rapport_identity.domain.identity_provider import IdentityProvider
from rapport_identity.domain.oidc_flow import LIFETIME, Flow, local_path, redirect_uri
from rapport_identity.domain.profile import Profile
from rapport_identity.domain.tenant import normal_host
from rapport_identity.handlers.federation import user_of
from rapport_identity.handlers.identity_providers import secret_of
from rapport_identity.handlers.sessions import enter_by_host, open_session
from rapport_identity.handlers.throttle import Attempt
from rapport_identity.oidc.exchange import Client, CodeRefused, claims_for
from rapport_identity.oidc.fetch import IssuerFault
from rapport_identity.oidc.id_token import TokenFault
from rapport_identity.oidc.issuers import Issuers
from rapport_identity.settings import identity_settings
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.domain import uuid7
from rapport_kit.errors import DomainError, NotFound, Refused, Unauthenticated, Unavailable

_ABOUT = b"oidc flow"
_ISSUERS_OWN = frozenset({"server_error", "temporarily_unavailable"})
"""What an issuer says when it is not well (RFC 6749, section 4.1.2.1)."""

log = structlog.get_logger(__name__)


class SignIn:
    """SignInService."""

    serves = pb.DESCRIPTOR.services_by_name["SignInService"]

    def __init__(self) -> None:
        self._issuers = Issuers()

    async def list_sign_in_options(
        self, request: pb.ListSignInOptionsRequest, uow: IdentityUnitOfWork
    ) -> pb.ListSignInOptionsResponse:
        """What a sign-in page shows as buttons."""
        await enter_by_host(uow, request.host)
        return pb.ListSignInOptionsResponse(
            options=[
                pb.SignInOption(identity_provider_id=str(provider), display_name=display_name)
                for provider, display_name in await uow.identity_providers.enabled()
            ]
        )

    async def begin_oidc_sign_in(
        self, request: pb.BeginOidcSignInRequest, uow: IdentityUnitOfWork
    ) -> pb.BeginOidcSignInResponse:
        """Send a browser to the issuer; nothing is remembered here, the browser carries all that must be."""
        return_path = local_path(request.return_path)
        await enter_by_host(uow, request.host)
        provider = await _enabled(uow, UUID(request.identity_provider_id))
        flow = Flow(
            id=uuid7(),
            tenant=uow.tenant,
            provider=provider.id,
            expire_time=uow.now + LIFETIME,
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(32),
            redirect_uri=redirect_uri(request.origin, normal_host(request.host)),
            return_path=return_path,
        )
        async with uow.outside():
            try:
                issuer = await self._issuers.get(provider.issuer)
            except IssuerFault as fault:
                log.warning("issuer", provider=str(provider.id), fault=str(fault))
                raise Unavailable("IDENTITY_PROVIDER_UNAVAILABLE", f"the identity provider: {fault}") from fault
        response = pb.BeginOidcSignInResponse(
            authorization_url=flow.request(issuer.authorization_endpoint, provider.client_id, provider.scopes),
            flow=_sealed(flow),
        )
        response.expire_time.FromDatetime(flow.expire_time)
        return response

    async def complete_oidc_sign_in(
        self, request: pb.CompleteOidcSignInRequest, uow: IdentityUnitOfWork
    ) -> pb.CompleteOidcSignInResponse:
        """Exchange the code and open a session, as a password does."""
        await enter_by_host(uow, request.host)
        flow = _opened(request.flow)
        if flow is None or flow.tenant != uow.tenant or not flow.alive(uow.now) or not flow.answers(request.state):
            raise Unauthenticated("SIGN_IN_FLOW_UNKNOWN", "this browser began no such sign-in, or too long ago")
        provider = await _enabled(uow, flow.provider)
        if request.iss and request.iss != provider.issuer:
            raise Unauthenticated("SIGN_IN_REFUSED", "the answer is of another issuer than was asked")
        attempt = Attempt.of_address(uow, request.address)
        async with uow.outside():
            await attempt.begin()
            profile = await self._profile(provider, flow, request, attempt)
        if not await uow.links.use_up(flow.id, flow.expire_time):
            raise Unauthenticated("SIGN_IN_FLOW_UNKNOWN", "this sign-in was completed before")
        user = await user_of(uow, await _enabled(uow, provider.id), profile)
        vouched_for = events_pb2.SIGN_IN_METHOD_IDENTITY_PROVIDER
        session, secret = await open_session(uow, user, vouched_for, request.user_agent, request.address)
        return pb.CompleteOidcSignInResponse(session=session, secret=secret, return_path=flow.return_path)

    async def _profile(
        self, provider: IdentityProvider, flow: Flow, request: pb.CompleteOidcSignInRequest, attempt: Attempt
    ) -> Profile:
        """Whom the issuer states the browser's user to be. Only what may be a guess counts against who tries."""
        if request.error or not request.code:
            if request.error in _ISSUERS_OWN:
                await attempt.withdraw()
            raise Unauthenticated("SIGN_IN_REFUSED", "the identity provider let nobody in")
        client = Client(provider.issuer, provider.client_id, secret_of(provider))
        names = provider.claim_names
        try:
            claims = await claims_for(
                self._issuers, client, flow, request.code, wanted=names.email or "email", now=attempt.time.timestamp()
            )
        except (IssuerFault, TokenFault) as fault:
            if not isinstance(fault, CodeRefused):
                await attempt.withdraw()
            raise _refusal(provider, fault) from fault
        await attempt.withdraw()
        return Profile.of(provider.issuer, claims, names)


def _refusal(provider: IdentityProvider, fault: IssuerFault | TokenFault) -> DomainError:
    if isinstance(fault, TokenFault):
        log.warning("id token", provider=str(provider.id), fault=str(fault))
        return Unauthenticated("SIGN_IN_REFUSED", "the identity provider's token is not valid")
    # The code may be spent: the browser has to begin anew, so this is nothing that a repeat would mend.
    log.warning("issuer", provider=str(provider.id), fault=str(fault))
    return Refused("IDENTITY_PROVIDER_FAILED", f"the identity provider: {fault}")


async def _enabled(uow: IdentityUnitOfWork, id: UUID) -> IdentityProvider:  # noqa: A002 - the field's name
    provider = await uow.identity_providers.by_id(id)
    if provider is None or not provider.enabled:
        raise NotFound("IDENTITY_PROVIDER_NOT_FOUND", "nobody signs in with this identity provider", id=id)
    return provider


def _sealed(flow: Flow) -> str:
    content = seal(identity_settings().keys_for("oidc_flow"), orjson.dumps(asdict(flow), default=str), _ABOUT)
    return urlsafe_b64encode(content).decode("ascii")


def _opened(sealed: str) -> Flow | None:
    """What a browser carries, if it was sealed here."""
    try:
        content = unseal(identity_settings().keys_for("oidc_flow"), urlsafe_b64decode(sealed), _ABOUT)
    except ValueError:
        return None
    if content is None:
        return None
    read = orjson.loads(content)
    ids = {name: UUID(read[name]) for name in ("id", "tenant", "provider")}
    return Flow(**{**read, **ids, "expire_time": datetime.fromisoformat(read["expire_time"])})
