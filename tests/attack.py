"""Sends a request about another tenant's records, and the same about records that nobody has: answers must not differ.

Whatever comes back must also hold none of the other tenant's ids and texts beyond those that were sent.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message

from rapport_identity.crypto.secrets import SecretKind, issue
from rapport_kit.errors import DomainError
from tests.callers import Caller
from tests.holdings import Holdings, strings

PLACEHOLDER = re.compile(r"«(?:([FO]):(\w+):(\d+)|N)»")
VOLATILE = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "‹uuid›"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z"), "‹time›"),
    (re.compile(r"rp[skc]_[0-9a-f]{32}_[0-9a-f]{32}_[\w-]{43}"), "‹secret›"),
    (re.compile(r'(?<="nextPageToken": ")[\w-]+'), "‹token›"),
    (re.compile(r'(?<="accessToken": ")[\w.-]+'), "‹token›"),
)
SHAPE = frozenset(
    {"REQUIRED", "TOO_LONG", "TOO_MANY", "CONTROL_CHARACTER", "UNKNOWN_ENUM_VALUE", "OUT_OF_RANGE", "PERMISSION_DENIED"}
)
"""Reasons for which a request never gets as far as the use case; so do those that begin with INVALID_ or TOKEN_."""


class Broken(AssertionError):
    """Something that a client sent broke a service."""


class Leak(AssertionError):
    """One tenant learnt something of another."""


@dataclass
class Sent:
    """A request as it went out, with what each of its placeholders became; and what came back."""

    request: Message
    filled: dict[str, str]
    mark: str
    """That of the tenant which the request is about, or of the nowhere in its place."""
    code: str = "OK"
    reason: str = ""
    answer: str = ""
    total: int | None = None
    shown: int = 0

    @property
    def told(self) -> str:
        """Everything that came back, without what was sent."""
        text = self.answer.casefold()  # as normalised addresses are
        for known in sorted({*strings(self.request), *self.filled.values()}, key=len, reverse=True):
            text = text.replace(known.casefold(), "‹sent›") if known else text
        return text

    @property
    def outcome(self) -> tuple[str, str, str]:
        """What the caller could learn: the same for two requests that differ in nothing but what they speak of."""
        text = self.answer
        for placeholder, known in sorted(self.filled.items(), key=lambda item: (-len(item[1]), item[0])):
            text = text.replace(known, placeholder)
        text = text.replace(self.mark, "‹mark›")
        for pattern, instead in VOLATILE:
            text = pattern.sub(instead, text)
        return self.code, self.reason, text


@dataclass
class Attack:
    """One caller of `mine` against the tenants of `others`."""

    caller: Caller
    mine: Holdings
    others: Sequence[Holdings]
    reached: Counter[str] = field(default_factory=Counter)
    """How often a request for each method got as far as the use case."""
    spent: set[str] = field(default_factory=set)
    """Request ids of others that were sent before: by now they are the sender's own as well."""

    async def run(self, method: MethodDescriptor, template: Message, victim: Holdings) -> None:
        """Send what `template` says about `victim`, and judge the answer.

        Raises:
            Leak: it tells something of another tenant, or that a record exists that the caller may not know of.
        """
        sent = await self._send(method, template, victim)
        self._note(method, sent)
        self._judge(method, sent)
        if any(placeholder.startswith("«F:") for placeholder in sent.filled):
            ghost = await self._send(method, template, victim, Nowhere(victim))
            self._judge(method, ghost)
            if "RESOURCE_EXHAUSTED" in (sent.code, ghost.code):  # tries are counted for each name, whoever has it
                return
            if sent.outcome != ghost.outcome:
                raise Leak(
                    f"{method.full_name} as {self.caller.acts_as}: what exists elsewhere is not answered like what "
                    f"exists nowhere\n{sent.request}\n{sent.outcome}\n{ghost.outcome}"
                )

    async def _send(
        self, method: MethodDescriptor, template: Message, victim: Holdings, nowhere: Nowhere | None = None
    ) -> Sent:
        filled: dict[str, str] = {}
        request = type(template)()
        request.CopyFrom(template)
        _substitute(request, lambda match: self._fill(match, victim, nowhere, filled))
        sent = Sent(request, filled, nowhere.mark if nowhere else victim.mark)
        try:
            answer = await self.caller.call(method, request)
        except DomainError as error:
            sent.code, sent.reason = error.code, error.reason
            parts = [error.message, *map(str, error.violations), *map(str, sorted(error.metadata.items()))]
            sent.answer = "\n".join(parts)
            if error.code in ("INTERNAL", "UNKNOWN"):
                raise Broken(f"{method.full_name} broke: {error.reason} {error.message}\n{request}") from error
            return sent
        sent.answer = MessageToJson(answer)
        sent.total, sent.shown = _counted(request, answer)
        return sent

    def _fill(self, match: re.Match[str], victim: Holdings, nowhere: Nowhere | None, filled: dict[str, str]) -> str:
        placeholder = match.group()
        if placeholder not in filled:
            whose, kind, number = match.groups()
            if whose is None:
                filled[placeholder] = secrets.token_hex(5)
            else:
                value = _value(self.mine if whose == "O" else victim, kind, int(number))
                if kind == "request" and whose == "F" and nowhere is None:
                    value = str(uuid4()) if value in self.spent else value
                    self.spent.add(value)
                filled[placeholder] = nowhere.instead(kind, value) if nowhere and whose == "F" else value
        return filled[placeholder]

    def _judge(self, method: MethodDescriptor, sent: Sent) -> None:
        told = sent.told
        for other in self.others:
            for canary in (other.mark, *other.every_id):
                if canary in told:
                    raise Leak(
                        f"{method.full_name} as {self.caller.acts_as}: shows {canary} of {other.tenant.host}\n"
                        f"{sent.request}\n{told}"
                    )
        if sent.total is not None and sent.total != sent.shown:
            raise Leak(f"{method.full_name}: counts {sent.total} and shows {sent.shown}\n{sent.request}")

    def _note(self, method: MethodDescriptor, sent: Sent) -> None:
        if sent.reason not in SHAPE and not sent.reason.startswith(("INVALID_", "TOKEN_")):
            self.reached[method.full_name] += 1


@dataclass
class Nowhere:
    """Values of the same form as those of `victim`, which no tenant has; equal ones stay equal."""

    victim: Holdings
    mark: str = field(default_factory=lambda: f"zq{secrets.token_hex(6)}")
    known: dict[str, str] = field(default_factory=dict)

    def instead(self, kind: str, value: str) -> str:
        """What stands for `value`."""
        if kind in ("mail", "text", "key"):
            return value.replace(self.victim.mark, self.mark)
        if value not in self.known:
            self.known[value] = self._made(kind, value)
        return self.known[value]

    def _made(self, kind: str, value: str) -> str:
        if kind.startswith("token_"):
            raw = secrets.token_bytes(len(value) * 3 // 4)
            return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        return _forged(kind, str(uuid4()), str(uuid4())) if kind.startswith("forged_") else str(uuid4())


def _counted(request: Message, answer: Message) -> tuple[int | None, int]:
    """The total that a list gives and the items it shows, when its one page shows all; otherwise nothing."""
    asked: Any = request
    if not getattr(asked, "include_total_size", False) or asked.page_token or getattr(answer, "next_page_token", ""):
        return None, 0
    shown = next((len(value) for wire, value in answer.ListFields() if wire.is_repeated), 0)
    return getattr(answer, "total_size", 0), shown


def _substitute(message: Message, fill: Callable[[re.Match[str]], str]) -> None:
    for wire, value in message.ListFields():
        if wire.message_type is not None and wire.message_type.GetOptions().map_entry:
            for key in [key for key in value if isinstance(value[key], str)]:
                value[key] = PLACEHOLDER.sub(fill, value[key])
        elif wire.message_type is not None:
            for part in value if wire.is_repeated else [value]:
                _substitute(part, fill)
        elif isinstance(value, str):
            setattr(message, wire.name, PLACEHOLDER.sub(fill, value))
        elif wire.is_repeated and value and isinstance(value[0], str):
            value[:] = [PLACEHOLDER.sub(fill, text) for text in value]


def _value(held: Holdings, kind: str, number: int) -> str:
    """What a placeholder means in the tenant of `held`."""
    if kind.startswith("token_"):
        return held.page_tokens.get(kind.removeprefix("token_"), "none")
    if kind.startswith("forged_"):
        service = {"session": "UserService", "key": "ApiKeyService", "client": "ServiceAccountService"}
        ids = held.ids[service[kind.removeprefix("forged_")]]
        return _forged(kind, held.tenant.id, ids[number % len(ids)])
    known = {
        "mail": held.mails,
        "text": held.texts,
        "key": [f"{held.mark}-0", f"{held.mark}-1", f"{held.mark}-p0", f"{held.mark}-o1"],
        "request": held.request_ids,
    }
    values = known.get(kind) or held.ids.get(kind) or [held.tenant.id]
    return values[number % len(values)]


def _forged(kind: str, tenant: str, id: str) -> str:  # noqa: A002
    """A secret that names a row as real ones do, but does not open it."""
    return issue(SecretKind[{"key": "API_KEY"}.get(kind[7:], kind[7:].upper())], UUID(tenant), UUID(id))[0]


def callers_for(method_permission: str, held: Holdings) -> Iterator[Caller]:
    """Who is worth trying for an RPC: first whoever surely may, then everybody else."""
    operator = held.tenant.suite.operator
    yield operator if method_permission == "identity.tenants.create" else held.callers[0]
    yield from (*held.callers[1:], held.callers[0], operator, held.tenant.suite.anybody)
