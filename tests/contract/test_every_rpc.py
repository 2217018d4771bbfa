"""What holds for every RPC of the contracts, also for those that come later."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from google.api import annotations_pb2
from google.protobuf.descriptor import MethodDescriptor

from rapport_kit.contracts import department, proto_services
from rapport_kit.rpc.access import DEPARTMENT, access_of
from rapport_kit.rpc.use_cases import use_case_of
from rapport_kit.service import installed

ANYONES = "api"
"""The package of what any department may serve."""
SERVICES = [service for service in proto_services() if department(service) != ANYONES]
METHODS = [method for service in SERVICES for method in service.methods]
# Signing in, exchanging a credential and verifying tokens and receipts must work for callers without one.
# A link to a file carries its own proof.
PUBLIC = {
    "BeginOidcSignIn",
    "CompleteOidcSignIn",
    "CreateSession",
    "DownloadLinkedFile",
    "GetJwks",
    "GetReceiptKeys",
    "IssueToken",
    "ListRevocations",
    "ListSignInOptions",
}
# Asked by services, not by customers: the gateway publishes no path to it.
UNPUBLISHED = {"ListRevocations"}
# They answer with a secret, or take one, and neither may be kept for a repeat; or repeating them changes nothing.
WITHOUT_REQUEST_ID = {
    "BeginOidcSignIn",
    "ChangePassword",
    "CompleteOidcSignIn",
    "CreateApiKey",
    "CreateFileLink",
    "CreateServiceAccount",
    "CreateSession",
    "DeleteSession",
    "IssueToken",
    "RevokeSessions",
    "RevokeUserSessions",
    "RotateServiceAccountSecret",
    "RotateSubjectKeys",
    "SetIdentityProviderSecret",
    "SetUserPassword",
}
READING = (
    "Get",
    "BatchGet",
    "List",
    "Search",
    "Explain",
    "Find",
    "WhoAmI",
    "Download",
    "Export",
    "Preview",
    "Watch",
    "Check",
    "BatchCheck",
    "Choose",
    "Resolve",
    "TakeOut",
)
DOWNLOADING = ("Download", "Export", "TakeOut")
CONTENT = "rapport.api.v1.Content"

each_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.full_name)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.full_name)
def test_a_proto_service_is_served_by_its_department(service: object) -> None:
    handlers = [handler for each in installed().values() for handler in each.handlers]
    serving = [handler for handler in handlers if handler.serves is service]  # type: ignore[attr-defined]
    assert len(serving) == 1


@each_method
def test_an_rpc_has_a_use_case(method: MethodDescriptor) -> None:
    assert callable(_use_case(method))


@each_method
def test_an_rpc_says_who_may_call_it(method: MethodDescriptor) -> None:
    access = access_of(method)
    service = method.containing_service
    assert service is not None
    assert access.public == (method.name in PUBLIC)
    if access.permission:
        assert re.fullmatch(rf"{department(service)}\.[a-z][a-z_]*\.[a-z][a-z_]*", access.permission)


@each_method
def test_an_rpc_is_published_under_a_path(method: MethodDescriptor) -> None:
    extension = annotations_pb2.http
    rule = method.GetOptions().Extensions[extension]
    assert bool(rule.WhichOneof("pattern")) == (method.name not in UNPUBLISHED)


@each_method
def test_an_rpc_that_changes_something_can_be_repeated_safely(method: MethodDescriptor) -> None:
    expected = not method.name.startswith(READING) and method.name not in WITHOUT_REQUEST_ID
    assert ("request_id" in method.input_type.fields_by_name) == expected


@each_method
def test_an_rpc_that_streams_does_it_in_a_way_that_the_gateway_and_the_frame_know(method: MethodDescriptor) -> None:
    contents = [
        field.name
        for field in method.input_type.fields
        if field.message_type is not None and field.message_type.full_name == CONTENT
    ]
    rule = method.GetOptions().Extensions[annotations_pb2.http]
    assert method.client_streaming == method.name.startswith("Upload")
    assert not (method.client_streaming and method.server_streaming)
    assert contents == ([rule.body] if method.client_streaming else [])
    downloads = method.output_type.full_name == CONTENT
    assert method.server_streaming == method.name.startswith((*DOWNLOADING, "Watch"))
    assert downloads == method.name.startswith(DOWNLOADING)
    assert downloads <= ("range" in method.input_type.fields_by_name)


@each_method
def test_a_use_case_is_an_async_generator_exactly_when_it_answers_with_a_stream(method: MethodDescriptor) -> None:
    assert inspect.isasyncgenfunction(_use_case(method)) == method.server_streaming


def test_what_any_department_may_serve_needs_a_permission_of_that_department() -> None:
    methods = [method for service in proto_services() if service not in SERVICES for method in service.methods]
    assert methods
    for method in methods:
        assert access_of(method, "sales").permission.startswith("sales.")
        assert access_of(method).permission == access_of(method, "sales").permission.replace("sales", DEPARTMENT)
        assert not method.GetOptions().Extensions[annotations_pb2.http].WhichOneof("pattern")


def _use_case(method: MethodDescriptor) -> Any:
    service = method.containing_service
    assert service is not None
    handlers: Any = installed()[department(service)].handlers
    (handler,) = (handler for handler in handlers if handler.serves is service)
    return use_case_of(handler, method)
