"""The first process of the bare chain: FastAPI, which calls the second over grpc.aio and answers JSON."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import grpc
import orjson
import uvicorn
from fastapi import FastAPI, Request, Response
from google.protobuf.json_format import MessageToDict
from pydantic import BaseModel

from rapport.contact.v1.channels_pb2 import Channel, EmailAddress
from rapport.contact.v1.people_pb2 import (
    CreatePersonRequest,
    GetPersonRequest,
    LifecycleStage,
    ListPeopleRequest,
    ListPeopleResponse,
    Person,
)
from tests.load.bound.service import SERVICE

TIMEOUT = 10.0
STAGES = dict(zip(LifecycleStage.values(), LifecycleStage.keys(), strict=True))
Write = Callable[[Any], dict[str, Any]]


class Email(BaseModel):
    address: str


class NewChannel(BaseModel):
    email: Email


class NewPerson(BaseModel):
    givenName: str = ""  # noqa: N815 - the JSON name
    familyName: str = ""  # noqa: N815
    locale: str = ""
    timeZone: str = ""  # noqa: N815
    lifecycleStage: str = "LIFECYCLE_STAGE_UNSPECIFIED"  # noqa: N815
    jobTitle: str = ""  # noqa: N815
    channels: list[NewChannel] = []


def by_hand(person: Person) -> dict[str, Any]:
    """What a page of straight Python writes for one person."""
    out: dict[str, Any] = {
        "id": person.id,
        "displayName": person.display_name,
        "givenName": person.given_name,
        "familyName": person.family_name,
        "locale": person.locale,
        "timeZone": person.time_zone,
        "lifecycleStage": STAGES[person.lifecycle_stage],
        "jobTitle": person.job_title,
        "channels": [channel_by_hand(channel) for channel in person.channels],
        "createTime": person.create_time.ToJsonString(),
        "updateTime": person.update_time.ToJsonString(),
        "etag": person.etag,
    }
    if person.organisation_id:
        out["organisationId"] = person.organisation_id
    if person.owner_id:
        out["ownerId"] = person.owner_id
    return out


def channel_by_hand(channel: Channel) -> dict[str, Any]:
    out: dict[str, Any] = {"id": channel.id, "primary": channel.primary, "normalized": channel.normalized}
    if channel.HasField("email"):
        out["email"] = {"address": channel.email.address}
    else:
        out["phone"] = {"number": channel.phone.number}
    return out


def page_by_hand(page: ListPeopleResponse) -> dict[str, Any]:
    return {"people": [by_hand(person) for person in page.people]}


def json(value: dict[str, Any]) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with grpc.aio.insecure_channel(os.environ["BOUND_TARGET"]) as channel:
        app.state.get = _call(channel, "Get", GetPersonRequest, Person)
        app.state.list = _call(channel, "List", ListPeopleRequest, ListPeopleResponse)
        app.state.create = _call(channel, "Create", CreatePersonRequest, Person)
        yield


def _call(channel: grpc.aio.Channel, method: str, request: Any, answer: Any) -> Any:
    return channel.unary_unary(
        f"/{SERVICE}/{method}",
        request_serializer=request.SerializeToString,
        response_deserializer=answer.FromString,
    )


def application(person_json: Write, page_json: Write) -> FastAPI:
    """The three routes, with the given ways to write JSON."""
    app = FastAPI(lifespan=lifespan)

    @app.get("/v1/people/{id}")
    async def get_person(id: str, request: Request) -> Response:  # noqa: A002 - the path's name
        return json(person_json(await request.app.state.get(GetPersonRequest(id=id), timeout=TIMEOUT)))

    @app.get("/v1/people")
    async def list_people(request: Request, pageSize: int = 50) -> Response:  # noqa: N803 - the JSON name
        return json(page_json(await request.app.state.list(ListPeopleRequest(page_size=pageSize), timeout=TIMEOUT)))

    @app.post("/v1/people")
    async def create_person(body: NewPerson, request: Request) -> Response:
        person = Person(
            given_name=body.givenName,
            family_name=body.familyName,
            locale=body.locale,
            time_zone=body.timeZone,
            lifecycle_stage=body.lifecycleStage,
            job_title=body.jobTitle,
            channels=[Channel(email=EmailAddress(address=channel.email.address)) for channel in body.channels],
        )
        return json(person_json(await request.app.state.create(CreatePersonRequest(person=person), timeout=TIMEOUT)))

    return app


def _main() -> None:
    by_library = os.environ.get("BOUND_JSON") == "json_format"
    app = application(MessageToDict, MessageToDict) if by_library else application(by_hand, page_by_hand)
    uvicorn.run(
        app,
        port=int(os.environ["BOUND_PORT"]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    _main()
