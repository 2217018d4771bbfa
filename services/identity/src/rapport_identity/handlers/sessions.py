"""Signing in and out."""

from __future__ import annotations

from uuid import UUID

from google.protobuf import empty_pb2

from rapport.identity.v1 import events_pb2
from rapport.identity.v1 import sessions_pb2 as pb
from rapport_identity.crypto.passwords import Passwords
from rapport_identity.crypto.secrets import SecretKind, issue
from rapport_identity.domain.session import Session
from rapport_identity.domain.tenant import normal_host
from rapport_identity.domain.user import User, UserState, normal_email
from rapport_identity.handlers.throttle import Attempt
from rapport_identity.storage import platform
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.auth.principal import NOBODY
from rapport_kit.errors import Invalid, NotFound, Refused, Unauthenticated

SESSION = "identity.rapport/Session"


class Sessions:
    """SessionService."""

    serves = pb.DESCRIPTOR.services_by_name["SessionService"]

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords

    async def create_session(
        self, request: pb.CreateSessionRequest, uow: IdentityUnitOfWork
    ) -> pb.CreateSessionResponse:
        """Sign a user in; whether the address is unknown, the password wrong or the user shut out is not told."""
        with self._passwords.admission():
            await enter_by_host(uow, request.host)
            email = _address(request.email)
            attempt = Attempt(uow, email, request.address)
            await attempt.begin()
            user = await self._authenticated(uow, email, request.password)
            await attempt.succeeded()
        by_password = events_pb2.SIGN_IN_METHOD_PASSWORD
        session, secret = await open_session(uow, user, by_password, request.user_agent, request.address)
        return pb.CreateSessionResponse(session=session, secret=secret)

    async def list_sessions(self, request: pb.ListSessionsRequest, uow: IdentityUnitOfWork) -> pb.ListSessionsResponse:
        """Where the caller is signed in."""
        sessions = await uow.sessions.alive_of(uow.principal.subject)
        return pb.ListSessionsResponse(sessions=[_message(each, uow.principal.session_id) for each in sessions])

    async def delete_session(self, request: pb.DeleteSessionRequest, uow: IdentityUnitOfWork) -> empty_pb2.Empty:
        """Sign out."""
        ended = await uow.sessions.end(uow.principal.subject, only=UUID(request.id))
        if not ended:
            raise NotFound("SESSION_NOT_FOUND", "no such session", id=request.id)
        await uow.revoke_sessions(*ended)
        return empty_pb2.Empty()

    async def revoke_sessions(
        self, request: pb.RevokeSessionsRequest, uow: IdentityUnitOfWork
    ) -> pb.RevokeSessionsResponse:
        """Sign out everywhere."""
        kept = uow.principal.session_id if request.keep_current else None
        ended = await uow.sessions.end(uow.principal.subject, but=kept)
        await uow.revoke_sessions(*ended)
        return pb.RevokeSessionsResponse(ended=len(ended))

    async def _authenticated(self, uow: IdentityUnitOfWork, email: str, password: str) -> User:
        """The active user with this address and password; the same work is done when there is none."""
        user = await uow.users.by_email(email)
        known = await uow.passwords.hash_of(user.id if user else NOBODY)
        right = await self._passwords.matches(known, password)
        if user is None or known is None or not right or user.state is not UserState.ACTIVE:
            raise Unauthenticated("SIGN_IN_REFUSED", "the e-mail address or the password is wrong")
        if self._passwords.outdated(known):
            await uow.passwords.set(user.id, await self._passwords.hash(password))
        return user


async def open_session(
    uow: IdentityUnitOfWork, user: User, method: events_pb2.SignInMethod, user_agent: str, address: str
) -> tuple[pb.Session, str]:
    """A new session of somebody who has proved who they are, and its secret, which is shown once.

    The session tells of it, not the user: that row is not written, and two who sign in at once do not wait for it.
    """
    session = Session(
        user_id=user.id, create_time=uow.now, last_use_time=uow.now, user_agent=user_agent, address=address
    )
    secret, digest = issue(SecretKind.SESSION, uow.tenant, session.id)
    await uow.sessions.add(session, digest)
    await uow.publish(SESSION, session.id, session.tell(user.person_id, method))
    return _message(session, current=session.id), secret


async def enter_by_host(uow: IdentityUnitOfWork, host: str) -> None:
    """Go on in the tenant whose people use this host name."""
    tenant = await platform.tenant_of_host(uow.connection, normal_host(host))
    if tenant is None:
        raise Refused("HOST_UNKNOWN", "nobody signs in under this host name", host=host)
    await uow.enter(tenant)


def _address(email: str) -> str:
    """The normal form; of what is no address, the text as it is: it is refused like any unknown address."""
    try:
        return normal_email(email)
    except Invalid:
        return email.strip().lower()


def _message(session: Session, current: UUID | None) -> pb.Session:
    message = pb.Session(
        id=str(session.id),
        user_id=str(session.user_id),
        user_agent=session.user_agent,
        address=session.address,
        current=session.id == current,
    )
    message.create_time.FromDatetime(session.create_time)
    message.last_use_time.FromDatetime(session.last_use_time)
    message.expire_time.FromDatetime(session.expire_time)
    return message
