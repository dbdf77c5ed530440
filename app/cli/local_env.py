"""The settings of an office on one machine, kept in `var/local.env`: made-up secrets, and where it was last started."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from pathlib import Path

NOTE = "# Written by scripts/run for this machine only; the environment wins over it.\n"


def read(file: Path) -> dict[str, str]:
    """What `file` sets; nothing if there is no such file."""
    if not file.exists():
        return {}
    lines = (line.partition("=") for line in file.read_text().splitlines() if line and not line.startswith("#"))
    return {name: value for name, _, value in lines}


def write(file: Path, addresses: Mapping[str, str]) -> dict[str, str]:
    """Make the secrets that are missing, put in the addresses of this start, and give back all of it."""
    values = {**_new_secrets(), **read(file), **addresses}
    file.touch(mode=0o600)
    file.write_text(NOTE + "".join(f"{name}={value}\n" for name, value in values.items()))
    return values


def _new_secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATA_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_API_KEY_SID": "SK" + secrets.token_hex(16),
        "TWILIO_API_KEY_SECRET": secrets.token_hex(16),
        "BILLING_SECRET": secrets.token_urlsafe(48),
    }
