"""An OpenID Connect provider on a port of its own, as strict as the portal needs it to be."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "lederportalen"
CLIENT_SECRET = "hemmelig"


LEFT_OUT = object()
"""A claim that the provider does not send at all."""


@cache
def signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def signed_token(claims: Any) -> str:
    """A JSON Web Token of whatever the claims are: providers are not always right."""
    payload = json.dumps(claims).encode()
    return jwt.api_jws.encode(payload, signing_key(), "RS256", headers={"kid": "one"})


class Provider:
    """Knows one person at a time: `claims`. Every authorization it has been asked for is kept.

    `answer` is put over what it gives for a code, `says` over what it says of itself.
    """

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.answer: dict[str, Any] = {}
        self.says: dict[str, Any] = {}
        self.asked: list[dict[str, str]] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/tenant/v2.0"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def authorize(self, url: str) -> dict[str, str]:
        """What the browser does at the provider: the person signs in; gives code and state."""
        query = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
        self.asked.append(query)
        code = f"code-{len(self.asked)}"
        self.codes[code] = query
        return {"code": code, "state": query["state"]}

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        asked = self.codes.pop(form["code"])
        verifier = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        assert (asked["code_challenge_method"], asked["code_challenge"]) == ("S256", challenge)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        claims |= {"tid": "tenant", "nonce": asked["nonce"]} | self.claims
        told = {name: value for name, value in claims.items() if value is not LEFT_OUT}
        signed = signed_token(told)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed} | self.answer

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        } | self.says


def handler_of(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self, body: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def do_GET(self) -> None:
            self.answer(provider.configuration())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.answer(provider.token({k: v[0] for k, v in parse_qs(body).items()}))

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    return Handler
