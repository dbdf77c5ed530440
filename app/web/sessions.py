"""Cookies are for people: requests of the network are answered without looking for a session."""

from __future__ import annotations

from typing import Final

from flask import Flask
from flask.sessions import NullSession, SecureCookieSession, SecureCookieSessionInterface
from flask.wrappers import Request

_OF_THE_NETWORK: Final = ("/voice/", "/messages/")


class PeopleOnly(SecureCookieSessionInterface):
    """Flask's signed cookie, except where the network calls; writing to the session fails there."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.environ["PATH_INFO"].startswith(_OF_THE_NETWORK):
            return NullSession()
        return super().open_session(app, request)
