"""An OpenID provider as a process of its own: Authlib's server, behind Flask (`python -m tests.oidc_provider PORT`).

`PUT /clients/<id>` and `PUT /people/<subject>` say who may sign in where and what is stated about them; whoever asks
for authorisation is signed in there already, as the subject in the cookie `person`. A person's claims replace those of
the token itself, so that a test can have it state what no honest provider would.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any, ClassVar
from urllib.parse import unquote

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, jsonify, request
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

KEYS: dict[str, Key] = {
    "RS256": RSAKey.generate_key(2048, {"kid": "RS256", "use": "sig"}),
    "PS256": RSAKey.generate_key(2048, {"kid": "PS256", "use": "sig"}),
    "ES256": ECKey.generate_key("P-256", {"kid": "ES256", "use": "sig"}),
    "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "EdDSA", "use": "sig"}),
}


class Known(dict[str, Any]):
    """Something of this provider: a client, a code, a token or a person."""

    @property
    def id_token_signed_response_alg(self) -> str:
        return str(self["alg"])

    def get_client_id(self) -> str:
        return str(self["id"])

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, uri: str) -> bool:
        return uri in self["redirect_uris"]

    def check_client_secret(self, secret: str) -> bool:
        return bool(secret == self["secret"])

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == ("client_secret_basic" if self["secret"] else "none")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"

    def get_redirect_uri(self) -> Any:
        return self["redirect_uri"]

    def get_scope(self) -> Any:
        return self["scope"]

    def get_nonce(self) -> Any:
        return self["nonce"]

    def get_auth_time(self) -> Any:
        return self["time"]

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None

    def is_expired(self) -> bool:
        return bool(self["time"] + 60 < time.time())

    def is_revoked(self) -> bool:
        return False

    @property
    def code_challenge(self) -> Any:
        return self["challenge"]

    @property
    def code_challenge_method(self) -> str:
        return "S256"


clients: dict[str, Known] = {}
people: dict[str, Known] = {}
codes: dict[str, Known] = {}
tokens: dict[str, Known] = {}


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = ["client_secret_basic", "none"]

    def save_authorization_code(self, code: str, asked: Any) -> None:
        given = asked.payload.data
        codes[code] = Known(
            code=code,
            client=asked.client["id"],
            person=asked.user["sub"],
            redirect_uri=asked.payload.redirect_uri,
            scope=asked.payload.scope,
            nonce=given.get("nonce"),
            challenge=given["code_challenge"],
            time=int(time.time()),
        )

    def query_authorization_code(self, code: str, client: Known) -> Known | None:
        found = codes.get(code)
        return found if found is not None and found["client"] == client["id"] else None

    def delete_authorization_code(self, code: Known) -> None:
        if not clients[code["client"]]["codes_last"]:
            del codes[code["code"]]

    def authenticate_user(self, code: Known) -> Known:
        return people[code["person"]]


class IdTokens(OpenIDCode):  # type: ignore[misc]
    def exists_nonce(self, nonce: str, asked: Any) -> bool:
        return False

    def resolve_client_private_key(self, client: Known) -> Key:
        return KEYS.get(client["alg"]) or OctKey.import_key(client["secret"])

    def get_client_claims(self, client: Known) -> dict[str, Any]:
        return {"iss": request.host_url.rstrip("/"), "aud": client["id"]}

    def get_encode_header(self, client: Known) -> dict[str, Any]:
        return {"alg": client["alg"], "kid": client["alg"]}

    def generate_user_info(self, person: Known, scope: str) -> dict[str, Any]:
        asking = clients[unquote(request.authorization.username or "")]  # type: ignore[union-attr]
        return {"sub": person["sub"]} if asking["thin"] else dict(person)


class Tokens(BearerTokenValidator):  # type: ignore[misc]
    def authenticate_token(self, token: str) -> Known | None:
        return tokens.get(token)


def app() -> Flask:
    """The provider."""
    made = Flask(__name__)
    made.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = False

    def keep(token: dict[str, Any], asked: Any) -> None:
        tokens[token["access_token"]] = Known(person=asked.user["sub"], scope=token["scope"], time=int(time.time()))

    server = AuthorizationServer(made, query_client=clients.get, save_token=keep)
    server.register_grant(CodeGrant, [CodeChallenge(required=True), IdTokens(require_nonce=True)])
    guard = ResourceProtector()
    guard.register_token_validator(Tokens())

    @made.get("/.well-known/openid-configuration")
    def configuration() -> Response:
        base = request.host_url.rstrip("/")
        places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        return jsonify(
            issuer=base,
            jwks_uri=f"{base}/jwks",
            **{f"{name}_endpoint": f"{base}/{path}" for name, path in places.items()},
        )

    @made.get("/jwks")
    def jwks() -> Response:
        return jsonify(keys=[key.as_dict(private=False) for key in KEYS.values()])

    @made.get("/authorize")
    def authorize() -> Any:
        person = people.get(request.cookies.get("person", ""))
        return server.create_authorization_response(grant_user=person)

    @made.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @made.get("/userinfo")
    @guard()  # type: ignore[untyped-decorator]
    def userinfo() -> Response:
        return jsonify(dict(people[current_token["person"]]))

    @made.put("/clients/<name>")
    def client(name: str) -> Response:
        clients[name] = Known({"alg": "RS256", "thin": False, "codes_last": False, **request.get_json(), "id": name})
        return Response(status=204)

    @made.put("/people/<subject>")
    def person(subject: str) -> Response:
        people[subject] = Known({**request.get_json(), "sub": subject})
        return Response(status=204)

    return made


if __name__ == "__main__":
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    app().run(host="127.0.0.1", port=int(sys.argv[1]), threaded=True)
