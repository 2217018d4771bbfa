"""A peer at the edge: contact's PersonService and identity's TokenService, kept in dictionaries.

The gateway's tests need services that answer in every way a service can; the real ones are tested with the gateway
in the cross-service tests.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any

import grpc
from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from rapport.contact.v1 import people_pb2
from rapport.identity.v1 import sessions_pb2, tokens_pb2

Context = grpc.aio.ServicerContext[Any, Any]
UNARY = grpc.unary_unary_rpc_method_handler
PEOPLE = people_pb2.DESCRIPTOR.services_by_name["PersonService"]
TOKENS = tokens_pb2.DESCRIPTOR.services_by_name["TokenService"]
SESSIONS = sessions_pb2.DESCRIPTOR.services_by_name["SessionService"]


class Peer:
    """What the tests arrange and look at."""

    def __init__(self) -> None:
        self.people: dict[str, Any] = {}
        self.requests: list[Message] = []
        self.metadata: list[dict[str, str]] = []
        self.answers: dict[str, tuple[bytes, Message]] = {}
        self.issued: list[Any] = []
        self.keys = {"rpk_good": "token-of-key"}
        self.sessions: dict[str, str] = {}
        self.issue_delay = 0.0
        self.failure: status_pb2.Status | None = None
        self.token_seconds = 300
        self.revoked: set[str] = set()

    @property
    def last(self) -> Any:
        """The request that came last."""
        return self.requests[-1]

    def person(self, **fields: Any) -> Any:
        """A person who is already there."""
        person = people_pb2.Person(id=str(uuid.uuid4()), etag='"1"', **fields)
        self.people[person.id] = person
        return person

    def handlers(self) -> list[grpc.GenericRpcHandler]:
        """The three services, for a gRPC server."""
        return [self._of(PEOPLE), self._of(TOKENS), self._of(SESSIONS)]

    def _of(self, service: ServiceDescriptor) -> grpc.GenericRpcHandler:
        handlers = {method.name: self._handler(method) for method in service.methods}
        return grpc.method_handlers_generic_handler(service.full_name, handlers)

    def _handler(self, method: MethodDescriptor) -> Any:
        use = getattr(self, method.name, None)

        async def handle(request: Message, context: Context) -> Message:
            self.requests.append(request)
            self.metadata.append({key: str(value) for key, value in context.invocation_metadata() or ()})
            if self.metadata[-1].get("authorization", "").removeprefix("Bearer ") in self.revoked:
                await refuse(context, "UNAUTHENTICATED", "TOKEN_REVOKED", "the access token was taken back")
            if self.failure is not None and method.containing_service is PEOPLE:
                await context.abort_with_status(rpc_status.to_status(self.failure))
            if use is None:
                await context.abort(grpc.StatusCode.UNIMPLEMENTED, "not here")
            answer: Message = await use(request, context)
            return answer

        return UNARY(
            handle,
            GetMessageClass(method.input_type).FromString,
            GetMessageClass(method.output_type).SerializeToString,
        )

    async def GetPerson(self, request: Any, context: Context) -> Message:  # noqa: N802
        if request.id not in self.people:
            await refuse(context, "NOT_FOUND", "PERSON_NOT_FOUND", "no such person", id=request.id)
        return self.people[request.id]  # type: ignore[no-any-return]

    async def ListPeople(self, request: Any, _context: Context) -> Message:  # noqa: N802
        return people_pb2.ListPeopleResponse(people=list(self.people.values())[: request.page_size or 50])

    async def BatchGetPeople(self, request: Any, _context: Context) -> Message:  # noqa: N802
        return people_pb2.BatchGetPeopleResponse(people=[self.people[id_] for id_ in request.ids])

    async def CreatePerson(self, request: Any, context: Context) -> Message:  # noqa: N802
        payload = request.SerializeToString(deterministic=True)
        if request.request_id in self.answers:
            before, answer = self.answers[request.request_id]
            if before != payload:
                await refuse(context, "FAILED_PRECONDITION", "IDEMPOTENCY_KEY_REUSED", "the key was used before")
            return answer
        person = people_pb2.Person()
        person.CopyFrom(request.person)
        person.id, person.etag = str(uuid.uuid4()), '"1"'
        if not request.validate_only:
            self.people[person.id] = person
        if request.request_id:
            self.answers[request.request_id] = (payload, person)
        return person

    async def BatchCreatePeople(self, request: Any, context: Context) -> Message:  # noqa: N802
        people = [await self.CreatePerson(one, context) for one in request.requests]
        return people_pb2.BatchCreatePeopleResponse(people=people)  # type: ignore[arg-type]

    async def UpdatePerson(self, request: Any, context: Context) -> Message:  # noqa: N802
        person = self.people[request.person.id]
        if request.person.etag and request.person.etag != person.etag:
            await refuse(context, "ABORTED", "ETAG_MISMATCH", "the resource changed since it was read")
        for path in request.update_mask.paths:
            person.ClearField(path)
            part = people_pb2.Person()
            part.CopyFrom(request.person)
            for field in part.DESCRIPTOR.fields:
                if field.name != path:
                    part.ClearField(field.name)
            person.MergeFrom(part)
        person.etag = f'"{int(person.etag.strip(chr(34))) + 1}"'
        return person  # type: ignore[no-any-return]

    async def DeletePerson(self, request: Any, context: Context) -> Message:  # noqa: N802
        person = await self.GetPerson(request, context)
        if request.etag and request.etag != person.etag:  # type: ignore[attr-defined]
            await refuse(context, "ABORTED", "ETAG_MISMATCH", "the resource changed since it was read")
        return person

    async def UndeletePerson(self, request: Any, context: Context) -> Message:  # noqa: N802
        return await self.GetPerson(request, context)

    async def IssueToken(self, request: Any, context: Context) -> Message:  # noqa: N802
        self.issued.append(request)
        await asyncio.sleep(self.issue_delay)
        token = self.keys.get(request.api_key) or self.sessions.get(request.session_secret)
        if token is None:
            await refuse(context, "UNAUTHENTICATED", "CREDENTIAL_INVALID", "the credential is not valid")
        answer = tokens_pb2.IssueTokenResponse(access_token=token)
        answer.expire_time.seconds = int(time.time()) + self.token_seconds
        answer.caller.session_id = request.session_secret and "1"
        return answer

    async def CreateSession(self, request: Any, _context: Context) -> Message:  # noqa: N802
        secret = f"secret-of-{request.email.partition('@')[0]}"
        self.sessions[secret] = "token-of-session"
        answer = sessions_pb2.CreateSessionResponse(secret=secret)
        answer.session.id = "1"
        answer.session.expire_time.seconds = int(time.time()) + 3600
        return answer

    async def DeleteSession(self, request: Any, _context: Context) -> Message:  # noqa: N802
        self.sessions.clear()
        return GetMessageClass(SESSIONS.methods_by_name["DeleteSession"].output_type)()


async def refuse(context: Context, code: str, reason: str, message: str, **metadata: str) -> None:
    """Fails as a service of Rapport does."""
    await context.abort_with_status(rpc_status.to_status(status(code, reason, message, **metadata)))


def status(code: str, reason: str, message: str, *more: Message, **metadata: str) -> status_pb2.Status:
    """What a service answers with: a code, an ErrorInfo and perhaps more details."""
    info = error_details_pb2.ErrorInfo(reason=reason, domain="contact.rapport", metadata=metadata)
    details = []
    for message_ in (info, *more):
        packed = Packed()
        packed.Pack(message_)
        details.append(packed)
    return status_pb2.Status(code=grpc.StatusCode[code].value[0], message=message, details=details)
