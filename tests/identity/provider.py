"""An account service on this machine that says whatever a test has it say."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server

from app.domain.clock import FakeClock

OUR_NAME, OUR_SECRET = "rueckruf", "a secret between the two of us"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
NEXT_KEY = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
Claims = dict[str, Any]


def unsigned(claims: Claims) -> str:
    """A token with alg=none."""
    parts = [json.dumps({"alg": "none"}), json.dumps(claims)]
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts) + "."


def signed(claims: Claims, key: RSAKey = KEY, **head: str) -> str:
    """A token as it should be."""
    return jwt.encode({"alg": "RS256", "kid": key.kid or "", **head}, claims, key)


def signed_with_secret(claims: Claims) -> str:
    """A token signed with the secret that both sides know."""
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(OUR_SECRET.encode()), algorithms=["HS256"])


def signed_with_public_key(claims: Claims) -> str:
    """A token whose secret is the provider's public key, which everybody knows."""
    head, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "HS256", "kid": "one"}, claims)
    )
    mark = hmac.digest(KEY.as_pem(private=False), f"{head}.{body}".encode(), hashlib.sha256)
    return f"{head}.{body}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"


@dataclass
class Provider:
    """Gives out codes and redeems each once, for whom it was given out to."""

    clock: FakeClock
    issuer: str = ""
    claims: Claims = field(default_factory=dict)  # over what a token usually says; None: leave it out
    write: Callable[[Claims], object] = signed
    metadata: Claims = field(default_factory=dict)
    keys: list[RSAKey] = field(default_factory=lambda: [KEY])
    token_status: int = 200
    redeemed: int = 0
    given: dict[str, dict[str, str]] = field(default_factory=dict)

    def agree(self, address: str) -> dict[str, str]:
        """What the browser is sent back with, once somebody has logged in there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.given)}"
        self.given[code] = asked
        return {"code": code, "state": asked["state"]}

    def usual(self, nonce: str) -> Claims:
        """What a token says if nothing else is told."""
        now = int(self.clock.now().timestamp())
        return {
            "iss": self.issuer,
            "sub": "account-1",
            "aud": OUR_NAME,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "email": "Ada@office.example",
            "email_verified": True,
        }

    def redeem(self) -> Response | tuple[Response, int]:
        basic = request.authorization
        asked = self.given.pop(request.form.get("code", ""), None)
        digest = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or basic is None
            or (basic.username, basic.password) != (OUR_NAME, OUR_SECRET.replace(" ", "%20"))
            or asked["redirect_uri"] != request.form.get("redirect_uri")
            or asked["code_challenge"] != base64.urlsafe_b64encode(digest).decode().rstrip("=")
            or self.token_status != 200
        ):
            return jsonify({"error": "invalid_grant"}), 400 if self.token_status == 200 else self.token_status
        self.redeemed += 1
        said = {**self.usual(asked["nonce"]), **self.claims}
        token = self.write({name: value for name, value in said.items() if value is not None})
        return jsonify({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def about(self) -> Response:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return jsonify({**told, **self.metadata})

    def key_set(self) -> Response:
        return jsonify({"keys": [key.as_dict(private=False) for key in self.keys]})


@contextmanager
def running(clock: FakeClock) -> Iterator[Provider]:
    """The provider at a loopback address."""
    provider, app = Provider(clock), Flask("provider")
    app.add_url_rule("/.well-known/openid-configuration", view_func=provider.about)
    app.add_url_rule("/token", view_func=provider.redeem, methods=["POST"])
    app.add_url_rule("/keys", view_func=provider.key_set)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
