"""What a client is told that speaks no HTTP, or too much of it, before any application is asked."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from rapport_gateway.edge import SECURITY
from rapport_gateway.incoming import new_request_id
from rapport_gateway.problem import Problem

MALFORMED = Problem(
    400, "MALFORMED_REQUEST", "the request is no HTTP/1.1, names no known method, or is too long before its body"
)


class Protocol(HttpToolsProtocol):
    """uvicorn's, whose refusal would be a line of text."""

    def send_400_response(self, msg: str) -> None:
        request_id = new_request_id()
        body = MALFORMED.body(request_id)
        headers = [
            *MALFORMED.all_headers(),
            *SECURITY,
            (b"x-request-id", request_id.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        lines = [b"HTTP/1.1 400 Bad Request", *(name + b": " + value for name, value in headers), b"", body]
        self.transport.write(b"\r\n".join(lines))
        self.transport.close()
