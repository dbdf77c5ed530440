"""Telephones in browsers, which Twilio calls clients: who has registered with a token, and for how long that holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from app.simulator.clock import Clock

CLIENT: Final = "client:"
GONE_AFTER: Final = timedelta(seconds=8)
"""How long a page may say nothing until it is taken to be closed; at Twilio its connection breaks."""


class Unbelieved(Exception):
    """The token is none that this network takes; the message says why."""


@dataclass
class Softphones:
    """Who can be rung in a browser."""

    clock: Clock
    keys: dict[str, str] = field(default_factory=dict)  # the account's API keys and their secrets
    registered: dict[str, datetime | None] = field(default_factory=dict)  # until when, by name; None: for good

    def believe(self, token: str, account: str) -> str:
        """The name that a token lets a page be rung under.

        Raises:
            Unbelieved: if it is not signed by a key of the account, has expired, or does not allow to be called.
        """
        claims = self._signed(token)
        now = self.clock.now().timestamp()
        if claims.get("sub") != account or not claims.get("jti"):
            raise Unbelieved("20101 the token is of another account")
        if not claims.get("nbf", 0) <= now + 1 or claims.get("exp", 0) <= now:
            raise Unbelieved("20104 the token has expired, or is not valid yet")
        grants = claims.get("grants", {})
        if not grants.get("identity") or not grants.get("voice", {}).get("incoming", {}).get("allow"):
            raise Unbelieved("20101 the token does not allow to be called")
        return str(grants["identity"])

    def _signed(self, token: str) -> dict[str, Any]:
        for sid, secret in self.keys.items():
            try:
                claims = jwt.decode(token, OctKey.import_key(secret), algorithms=["HS256"]).claims
            except (JoseError, ValueError):
                continue
            if claims.get("iss") == sid:
                return claims
        raise Unbelieved("20101 no key of the account has signed the token")

    def register(self, name: str, *, for_good: bool = False) -> None:
        """Let a page be rung, for as long as it goes on asking."""
        self.registered[name] = None if for_good else self.clock.now() + GONE_AFTER

    def unregister(self, name: str) -> None:
        """Let a page be rung no more."""
        self.registered.pop(name, None)

    def is_softphone(self, address: str) -> bool:
        """Whether an address is a page in a browser."""
        return address.startswith(CLIENT)

    def is_nobody_at(self, address: str) -> bool:
        """Whether an address is a page in a browser that is not open."""
        if not self.is_softphone(address):
            return False
        until = self.registered.get(address.removeprefix(CLIENT), self.clock.now())
        return until is not None and until <= self.clock.now()
