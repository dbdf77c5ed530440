"""Whether an ID token may be believed: its signature, and every claim that says whom and what it is for."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a key that only the provider has; never none, and never a secret that we share with it."""

_LEEWAY: Final = 60  # seconds that clocks may differ
_OLDEST: Final = 600  # seconds since it was issued
_LONGEST: Final = 16_384  # signs


class Disbelieved(Exception):
    """Something that the provider, or somebody in its name, says is not to be believed; the message says what."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is at the provider."""

    issuer: str
    subject: str  # never changes, never given to somebody else
    email: str | None  # lower case; None unless the provider says that it was verified


def read_id_token(token: object, keys: KeySet, *, issuer: str, our_name: str, nonce: str, now: datetime) -> Person:
    """Who a token is about.

    Args:
        our_name: the client id under which the provider knows us.
        nonce: what we sent along with the question.

    Raises:
        Disbelieved: if one thing about it is wrong.

    Source:
        OpenID Connect Core 1.0, section 3.1.3.7.
    """
    if not isinstance(token, str) or not 0 < len(token) <= _LONGEST:
        raise Disbelieved("no ID token came")
    try:
        opened = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Disbelieved(f"the signature: {type(error).__name__}") from error
    claims: Mapping[str, Any] = opened.claims
    _check_claims(claims, issuer, our_name, nonce, now.timestamp())
    email = claims.get("email") if claims.get("email_verified") is True else None
    return Person(issuer, claims["sub"], email.strip().lower() if isinstance(email, str) else None)


def _check_claims(claims: Mapping[str, Any], issuer: str, our_name: str, nonce: str, now: float) -> None:
    if claims.get("iss") != issuer:
        raise Disbelieved("iss: it comes from somebody else")
    audience = claims.get("aud")
    named = [audience] if isinstance(audience, str) else audience
    if not isinstance(named, list) or our_name not in named:
        raise Disbelieved("aud: it is meant for somebody else")
    if (len(named) > 1 or "azp" in claims) and claims.get("azp") != our_name:
        raise Disbelieved("azp: it was given to somebody else")
    until, issued = _instant(claims, "exp"), _instant(claims, "iat")
    if until <= now - _LEEWAY:
        raise Disbelieved("exp: it has lapsed")
    if not now - _OLDEST <= issued <= now + _LEEWAY:
        raise Disbelieved("iat: it was not issued just now")
    if "nbf" in claims and _instant(claims, "nbf") > now + _LEEWAY:
        raise Disbelieved("nbf: it is not good yet")
    told = claims.get("nonce")
    if not isinstance(told, str) or not hmac.compare_digest(told.encode(), nonce.encode()):
        raise Disbelieved("nonce: it answers another question")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise Disbelieved("sub: it names nobody")


def _instant(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Disbelieved(f"{name}: it is missing")
    return float(value)
