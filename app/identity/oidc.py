"""An OpenID Connect provider, asked by the authorization code flow with PKCE."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import requests
import urllib3
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.domain.errors import NetworkFailure
from app.identity.id_token import Disbelieved, Person, read_id_token

SECONDS: Final = 5  # for one exchange
LASTS: Final = timedelta(minutes=10)  # from the question to its answer
_MOST_BYTES: Final = 262_144
_LOCAL: Final = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked of the provider for one browser; its answer is believed from this browser only."""

    state: str
    nonce: str
    verifier: str  # of PKCE
    asked_at: float  # seconds since 1970, the machine's time

    @classmethod
    def new(cls, now: datetime) -> Question:
        """A question that nobody can guess."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, now.timestamp())


class OidcProvider:
    """One provider; what it says about itself is asked for once a process, its keys again when a new one signs."""

    def __init__(self, issuer: str, our_name: str, our_secret: str, *, our_address: str) -> None:
        """Know whom to ask, and as whom.

        Args:
            our_address: where the browser brings the answer.
        """
        self._issuer, self._our_name, self._our_secret = issuer, our_name, our_secret
        self._our_address = our_address
        self._told: Mapping[str, Any] | None = None
        self._keys: KeySet | None = None

    def address(self, question: Question) -> str:
        """Where to send the browser.

        Raises:
            NetworkFailure: if the provider does not answer.
            Disbelieved: if it is not who it should be.
        """
        digest = hashlib.sha256(question.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._our_name,
            "redirect_uri": self._our_address,
            "scope": "openid email",
            "state": question.state,
            "nonce": question.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        endpoint = self._endpoint("authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def person(self, question: Question, answer: Mapping[str, str], *, now: datetime) -> Person:
        """Who the browser's answer is about.

        Args:
            answer: the parameters with which the browser came back.

        Raises:
            NetworkFailure: if the provider does not answer.
            Disbelieved: if anything about the answer is wrong.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), question.state.encode()):
            raise Disbelieved("state: this browser asked something else")
        if not 0 <= now.timestamp() - question.asked_at <= LASTS.total_seconds():
            raise Disbelieved("state: it was asked too long ago")
        if "error" in answer:
            raise Disbelieved(f"the provider says {answer['error'][:60]!r}")
        told = answer.get("iss")
        is_announced = self._metadata().get("authorization_response_iss_parameter_supported") is True
        if (told is not None or is_announced) and told != self._issuer:  # RFC 9207, against mix-up
            raise Disbelieved("iss: another provider answered")
        if not answer.get("code"):
            raise Disbelieved("no code came")
        token = self._redeem(answer["code"], question.verifier).get("id_token")
        try:
            return self._read(token, self._key_set(), question, now)
        except Disbelieved:
            if not self._has_unknown_key(token):
                raise
        return self._read(token, self._key_set(anew=True), question, now)

    def _read(self, token: object, keys: KeySet, question: Question, now: datetime) -> Person:
        return read_id_token(token, keys, issuer=self._issuer, our_name=self._our_name, nonce=question.nonce, now=now)

    def _redeem(self, code: str, verifier: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code[:4096],
            "redirect_uri": self._our_address,
            "code_verifier": verifier,
        }
        ways = self._metadata().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = (quote(self._our_name, safe=""), quote(self._our_secret, safe=""))  # RFC 6749, section 2.3.1
        if isinstance(ways, list) and "client_secret_basic" not in ways:
            form |= {"client_id": self._our_name, "client_secret": self._our_secret}
            return self._ask("POST", self._endpoint("token_endpoint"), form=form)
        return self._ask("POST", self._endpoint("token_endpoint"), form=form, basic=basic)

    def _metadata(self) -> Mapping[str, Any]:
        if self._told is None:
            told = self._ask("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            if told.get("issuer") != self._issuer:
                raise Disbelieved("issuer: the provider calls itself by another name")
            self._told = told
        return self._told

    def _endpoint(self, name: str) -> str:
        address = self._metadata().get(name)
        if not isinstance(address, str) or not is_safe(address):
            raise Disbelieved(f"{name}: no https address")
        return address

    def _key_set(self, *, anew: bool = False) -> KeySet:
        if self._keys is None or anew:
            try:
                self._keys = KeySet.import_key_set(self._ask("GET", self._endpoint("jwks_uri")))  # type: ignore[arg-type]
            except (JoseError, ValueError, TypeError, KeyError) as error:
                raise Disbelieved("jwks_uri: no keys") from error
        return self._keys

    def _has_unknown_key(self, token: object) -> bool:
        """Whether a key signed that was not there when the keys were asked for."""
        if not isinstance(token, str) or self._keys is None:
            return False
        try:
            head = token.split(".")[0]
            named = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))).get("kid")
        except (ValueError, AttributeError):
            return False
        return isinstance(named, str) and named not in {key.kid for key in self._keys.keys}

    def _ask(
        self, method: str, address: str, *, form: Mapping[str, str] | None = None, basic: tuple[str, str] | None = None
    ) -> Mapping[str, Any]:
        try:
            with requests.request(
                method, address, data=form, auth=basic, timeout=SECONDS, allow_redirects=False, stream=True
            ) as answer:
                body = answer.raw.read(_MOST_BYTES + 1, decode_content=True)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise NetworkFailure("the account service does not answer") from error
        if answer.status_code >= 500:
            raise NetworkFailure("the account service does not answer")
        if answer.status_code != 200 or len(body) > _MOST_BYTES:
            raise Disbelieved(f"HTTP {answer.status_code} from {urlsplit(address).path}")
        try:
            told = json.loads(body)
        except ValueError as error:
            raise Disbelieved("an answer that is no JSON") from error
        if not isinstance(told, dict):
            raise Disbelieved("an answer that is no JSON object")
        return told


def is_safe(address: str) -> bool:
    """Whether nobody on the way can read or change what goes there: https, or this machine itself."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)
