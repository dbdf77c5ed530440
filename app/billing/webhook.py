"""Orders as signed JSON webhooks.

The signature stands in `X-Rueckruf-Signature: t=<seconds since 1970>,v1=<hex>`: HMAC-SHA256, with the shared secret, of
the time, a full stop and the body as sent. The receiver refuses what is unsigned or more than a few minutes old.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

import requests

from app.billing.port import OrderNotTaken
from app.domain.clock import Clock

SECONDS: Final = 5  # for one exchange
_TRY_AGAIN: Final = frozenset({408, 409, 423, 425, 429})  # refusals that pass by themselves
_LONGEST_ANSWER: Final = 200  # characters that are kept of an answer


def sign(secret: str, seconds: int, body: bytes) -> str:
    """The signature header of a body sent at an instant, in seconds since 1970."""
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


class BillingWebhook:
    """A billing system that takes orders at one URL."""

    def __init__(self, url: str, secret: str, wall: Clock) -> None:
        """Know where to send, and how to sign.

        Args:
            wall: the machine's clock; the receiver compares the signature's time with its own.
        """
        self._url = url
        self._secret = secret
        self._wall = wall

    def send(self, key: str, order: Mapping[str, Any]) -> str:
        """Hand over one order; see `BillingSystem.send`."""
        body = json.dumps(order, ensure_ascii=False, sort_keys=True).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "X-Rueckruf-Signature": sign(self._secret, round(self._wall.now().timestamp()), body),
        }
        try:
            answer = requests.post(self._url, data=body, headers=headers, timeout=SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            raise OrderNotTaken(type(error).__name__, hopeless=False) from error
        if answer.ok and not answer.is_redirect:
            return f"{answer.status_code} {answer.text[:_LONGEST_ANSWER]}".strip()
        refused = 300 <= answer.status_code < 500 and answer.status_code not in _TRY_AGAIN
        raise OrderNotTaken(f"HTTP {answer.status_code}", hopeless=refused)
