"""Signatures in the form of Standard Webhooks, so that receivers can check them with what they have.

Source:
    Standard Webhooks (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md): headers `webhook-id`,
    `webhook-timestamp` and `webhook-signature`; `v1,` and the base64 of HMAC-SHA256 over id, timestamp and body, joined
    by full stops; several signatures with a blank between them while a secret is being exchanged.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

PREFIX: Final = "whsec_"
_BYTES: Final = 32


def new_secret() -> str:
    """A secret, as both sides keep it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signed_headers(event_id: str, seconds: int, body: bytes, shared: Sequence[str]) -> dict[str, str]:
    """What goes with a body sent at an instant, in seconds since 1970.

    Args:
        shared: the secrets that the receiver may know, the present one first.
    """
    content = f"{event_id}.{seconds}.".encode() + body
    keys = [base64.b64decode(secret.removeprefix(PREFIX)) for secret in shared]
    marks = [base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in keys]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }
