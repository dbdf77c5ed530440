"""Browsers in which somebody has logged in: they go on getting in while others guess at the same address.

A browser holds a random name under our mark for one address. With it, failures are counted for this browser alone; it
opens nothing, and whoever steals it guesses as slowly as everybody.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

from app.models.vault import Vault

KEPT: Final = timedelta(days=180)
"""The machine's time for which a browser is known after a login."""


def new_device(vault: Vault, email: str, *, wall_now: datetime) -> str:
    """What a browser is given after a login at this address."""
    name, since = secrets.token_urlsafe(12), str(int(wall_now.timestamp()))
    return ".".join((since, name, _mark(vault, email, since, name)))


def pace_index(vault: Vault, email: str, device: str, *, wall_now: datetime) -> str:
    """Under what failed logins at an address count: for its known browser apart from all others.

    Args:
        device: what the browser shows; anything else than what it was given counts as nothing.
    """
    since, _, rest = device.partition(".")
    name, _, mark = rest.partition(".")
    is_ours = hmac.compare_digest(mark.encode(), _mark(vault, email, since, name).encode())
    if is_ours and wall_now.timestamp() - int(since) < KEPT.total_seconds():
        return vault.index(f"{_plain(email)} {name}")
    return vault.index(_plain(email))


def _mark(vault: Vault, email: str, since: str, name: str) -> str:
    return vault.mark("known device", _plain(email), since, name).hex()


def _plain(email: str) -> str:
    return email.strip().lower()
