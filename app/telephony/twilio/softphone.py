"""Softphones at Twilio: the tokens by which a page registers, and whom it must be allowed to speak to."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

ORIGINS: Final = ("wss://voice-js.roaming.twilio.com", "https://eventgw.twilio.com")
"""Signalling, and the reports of how the line was, of Twilio's browser SDK."""


class TwilioSoftphones:
    """Signs tokens with an API key of the account."""

    def __init__(self, account: str, key: str, secret: str, local_network: str = "") -> None:
        """Take the account and one of its API keys.

        Args:
            local_network: the base URL of the local phone network; "" for Twilio's own.
        """
        self._account, self._key, self._secret = account, key, secret
        self.local_network = local_network

    @property
    def origins(self) -> tuple[str, ...]:
        """Whom the page must be allowed to speak to."""
        return (self.local_network,) if self.local_network else ORIGINS

    def token(self, name: str, *, wall_now: datetime, until: datetime) -> str:
        """By which a page is rung under a name; it can call nobody."""
        grant = VoiceGrant(incoming_allow=True)
        begins, ends = int(wall_now.timestamp()), int(until.timestamp())
        token = AccessToken(
            self._account, self._key, self._secret, grants=[grant], identity=name, nbf=begins, valid_until=ends
        )
        return str(token.to_jwt())
