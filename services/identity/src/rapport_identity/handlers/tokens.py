"""What a caller keeps, against the short-lived token that every call carries."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from rapport.identity.v1 import roles_pb2
from rapport.identity.v1 import tokens_pb2 as pb
from rapport_identity.crypto.secrets import Secret, SecretKind, read
from rapport_identity.crypto.signing import private_key
from rapport_identity.domain.credentials import ServiceAccountState
from rapport_identity.domain.signing_key import signer
from rapport_identity.domain.user import User, UserState
from rapport_identity.handlers.keys import settled_keys
from rapport_identity.handlers.principals import service_account_principal, user_principal
from rapport_identity.settings import identity_settings
from rapport_identity.storage import platform
from rapport_identity.storage.credentials import touch
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.auth.claims import ALGORITHM, LIFETIME_SECONDS, mint
from rapport_kit.auth.keyring import digest
from rapport_kit.auth.principal import Principal
from rapport_kit.errors import Invalid, Unauthenticated


class Tokens:
    """TokenService."""

    serves = pb.DESCRIPTOR.services_by_name["TokenService"]

    async def issue_token(self, request: pb.IssueTokenRequest, uow: IdentityUnitOfWork) -> pb.IssueTokenResponse:
        """Exchange a credential that is still good."""
        key = signer(await settled_keys(uow.connection, uow.now), uow.now)
        match request.WhichOneof("credential"):
            case "session_secret":
                principal = await _by_session(uow, read(SecretKind.SESSION, request.session_secret))
            case "api_key":
                principal = await _by_api_key(uow, read(SecretKind.API_KEY, request.api_key))
            case "client_credentials":
                given = request.client_credentials
                principal = await _by_client(uow, read(SecretKind.CLIENT, given.client_secret), given.client_id)
            case _:
                raise Invalid.field("credential", "REQUIRED", "a session secret, an API key or client credentials")
        # Read after the rows that decide are held: a change that waits for them is revoked at a later time.
        issued = await platform.database_time(uow.connection)
        private = private_key(key, identity_settings().encryption_keys)
        response = pb.IssueTokenResponse(
            access_token=mint(principal, private, key.kid, issued.timestamp()), caller=_caller(principal)
        )
        response.expire_time.FromDatetime(issued + timedelta(seconds=LIFETIME_SECONDS))
        return response

    async def who_am_i(self, request: pb.WhoAmIRequest, uow: IdentityUnitOfWork) -> pb.WhoAmIResponse:
        """The token's content, with the names that go with it."""
        principal = uow.principal
        response = pb.WhoAmIResponse(
            caller=_caller(principal),
            team_id=str(principal.team_id or ""),
            team_ids=[str(team) for team in sorted(principal.team_ids)],
            grants=[
                roles_pb2.Grant(permission=pattern, scope=f"SCOPE_{scope.name}")
                for pattern, scope in sorted(principal.grants.items())
            ],
            denials=sorted(principal.denials),
            tenant_display_name=await uow.tenants.display_name(),
        )
        if principal.kind == "user" and (user := await uow.users.by_id(principal.subject)):
            response.display_name, response.email = user.display_name, user.email
        elif principal.kind == "service" and (account := await uow.service_accounts.held(principal.subject)):
            response.display_name = account.display_name
        return response

    async def get_jwks(self, request: pb.GetJwksRequest, uow: IdentityUnitOfWork) -> pb.Jwks:
        """The public keys, also the one that comes next."""
        keys = await settled_keys(uow.connection, uow.now)
        return pb.Jwks(
            keys=[
                pb.Jwk(kty="EC", crv="P-256", kid=key.kid, x=key.x, y=key.y, use="sig", alg=ALGORITHM) for key in keys
            ]
        )

    async def list_revocations(
        self, request: pb.ListRevocationsRequest, uow: IdentityUnitOfWork
    ) -> pb.ListRevocationsResponse:
        """What every verifier must know."""
        response = pb.ListRevocationsResponse()
        for revoked in await platform.revoked_lately(uow.connection):
            entry = response.revocations.add(time=revoked.time)
            if revoked.kind == "subject":
                entry.subject_digest = digest(revoked.id)
            else:
                entry.session_digest = digest(revoked.id)
        return response


async def _by_session(uow: IdentityUnitOfWork, secret: Secret | None) -> Principal:
    known = await _known(uow, secret)
    found = await uow.sessions.find(known.id)
    if found is None or not known.opens(found[1]) or not found[0].alive(uow.now):
        raise _refused()
    session = found[0]
    user = await _active(uow, session.user_id)
    if session.due_for_touch(uow.now):
        await uow.sessions.touch(session.id)
    return await user_principal(uow, user, user.roles, session.id)


async def _by_api_key(uow: IdentityUnitOfWork, secret: Secret | None) -> Principal:
    known = await _known(uow, secret)
    found = await uow.credentials.find(known.id)
    if found is None or not known.opens(found[1]):
        raise _refused()
    await touch(uow.api_keys, found[0], uow.now)  # before it is held: two that held it would wait for each other
    key = await uow.api_keys.held(found[0])
    if key is None or not key.usable(uow.now) or key.owner_id is None:
        raise _refused()
    user = await _active(uow, key.owner_id)
    return await user_principal(uow, user, key.narrowed(user.roles), key.id)


async def _by_client(uow: IdentityUnitOfWork, secret: Secret | None, client_id: str) -> Principal:
    known = await _known(uow, secret)
    found = await uow.credentials.find(known.id)
    if found is None or not known.opens(found[1]) or found[0] != UUID(client_id):
        raise _refused()
    await touch(uow.service_accounts, found[0], uow.now)
    account = await uow.service_accounts.held(found[0])
    if account is None or account.state is not ServiceAccountState.ACTIVE:
        raise _refused()
    return await service_account_principal(uow, account)


async def _known(uow: IdentityUnitOfWork, secret: Secret | None) -> Secret:
    """Go on in the tenant that the secret names; it still has to open something there."""
    if secret is None:
        raise _refused()
    await uow.enter(secret.tenant)
    return secret


async def _active(uow: IdentityUnitOfWork, id: UUID) -> User:  # noqa: A002 - the field's name
    user = await uow.users.held(id)
    if user is None or user.state is not UserState.ACTIVE:
        raise _refused()
    return user


def _caller(principal: Principal) -> pb.Caller:
    return pb.Caller(
        tenant_id=str(principal.tenant),
        subject=str(principal.subject),
        kind=principal.kind,
        session_id=str(principal.session_id or ""),
    )


def _refused() -> Unauthenticated:
    """One answer for every reason: unknown, wrong, ended, expired, deactivated."""
    return Unauthenticated("CREDENTIAL_REFUSED", "the credential is not valid")
