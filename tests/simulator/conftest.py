"""A product made of plain documents, for the phone network to talk to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

import pytest

from app.simulator.carrier import Carrier
from app.simulator.transport import WsgiTransport

ACCOUNT = "AC" + "1" * 32
TOKEN = "secret-token"
OFFICE = "+49301234567"
CUSTOMER = "+4915112345678"
AGENT = "+4930999888"


class Script:
    """A WSGI application that answers each path with TwiML; what it was asked is kept."""

    def __init__(self) -> None:
        self.answers: dict[str, str | Callable[[dict[str, str]], str]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.headers: list[dict[str, str]] = []
        self.content_type = "text/xml"
        self.status = "200 OK"

    def __setitem__(self, path: str, answer: str | Callable[[dict[str, str]], str]) -> None:
        self.answers[path] = answer

    def params(self, path: str) -> dict[str, str]:
        """What the last request to a path carried."""
        return next(params for asked, params in reversed(self.asked) if asked == path)

    def all(self, path: str) -> list[dict[str, str]]:
        """What every request to a path carried."""
        return [params for asked, params in self.asked if asked == path]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        params = dict(parse_qsl(body or environ["QUERY_STRING"], keep_blank_values=True))
        self.asked.append((path, params))
        self.headers.append({key: value for key, value in environ.items() if key.startswith("HTTP_")})
        answer = self.answers.get(path)
        if answer is None:
            start_response("204 No Content", [])
            return [b""]
        text = answer(params) if callable(answer) else answer
        if text.startswith("<Response") or text == "":
            text = '<?xml version="1.0" encoding="UTF-8"?>' + (text or "<Response/>")
        start_response(self.status, [("Content-Type", self.content_type)])
        return [text.encode()]


@pytest.fixture
def office() -> Script:
    return Script()


@pytest.fixture
def carrier(office: Script) -> Carrier:
    carrier = Carrier(ACCOUNT, TOKEN, "https://office.example", WsgiTransport(office))
    carrier.own(OFFICE)
    return carrier
