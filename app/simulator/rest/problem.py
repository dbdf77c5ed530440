"""Twilio's REST errors: code, HTTP status and body."""

from __future__ import annotations

from typing import Any

_STATUS = {20003: 401, 20404: 404, 20429: 429, 20500: 500, 20004: 405}


class Problem(Exception):
    """A request Twilio would refuse."""

    def __init__(self, code: int, message: str) -> None:
        """Say why, with Twilio's code; the HTTP status follows from it (400 by default)."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = _STATUS.get(code, 400)

    def body(self) -> dict[str, Any]:
        """The JSON that Twilio's clients expect."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def not_found(path: str) -> Problem:
    """Nothing lives at that address."""
    return Problem(20404, f"The requested resource {path} was not found")
