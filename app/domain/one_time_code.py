"""Codes that are good once: those of an authenticator by the time, and those that are written down for its loss."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp

STEP_SECONDS: Final = 30
NUMBER_OF_RECOVERY_CODES: Final = 10
_SLACK_STEPS: Final = 1  # telephones' clocks are off by a few seconds, and people type slowly
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_GROUP: Final = 5


def new_secret() -> str:
    """A secret for an authenticator: 160 bits in base32 (RFC 4226, section 4)."""
    return pyotp.random_base32()


def address_of(secret: str, *, owner: str, issuer: str) -> str:
    """The secret as an `otpauth://` address, which authenticators read from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=owner, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Which step of 30 s this code belongs to, counted from 1970; None if it is none of now or of the steps beside.

    Source:
        RFC 6238: six digits, HMAC-SHA-1, as every authenticator does it; section 5.2: one step of slack.
    """
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    steps = range(present - _SLACK_STEPS, present + _SLACK_STEPS + 1)
    right = [step for step in steps if hmac.compare_digest(totp.at(step * STEP_SECONDS).encode(), code.encode())]
    return right[-1] if right else None


def new_recovery_codes() -> list[str]:
    """Ten codes of about 49 bits, such as "x7k2m-p9q4r"."""
    groups = [
        ["".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(2)]
        for _ in range(NUMBER_OF_RECOVERY_CODES)
    ]
    return ["-".join(each) for each in groups]


def as_typed(code: str) -> str:
    """A code without what people put between its signs."""
    return "".join(sign for sign in code.lower() if sign.isalnum())[:64]
