"""How a request reaches the product: over HTTP, or straight into a WSGI application."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import quote_plus, unquote, urlencode, urlsplit

import urllib3

Params: TypeAlias = list[tuple[str, str]]


class ConnectionFailed(Exception):
    """Nobody answered at that address; Twilio tries once more."""


class TimedOut(Exception):
    """The answer took longer than 15 seconds."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Transport: TypeAlias = Callable[[str, str, Params, Mapping[str, str]], Reply]


def with_query(url: str, params: Params) -> str:
    """The URL with the parameters appended, as a GET webhook carries them."""
    if not params:
        return url
    return url + ("&" if urlsplit(url).query else "?") + urlencode(params)


class HttpTransport:
    """Real HTTP: two connects of 5 s at most, 15 s in all, no redirects followed here."""

    def __init__(self) -> None:
        """Open no connection yet."""
        self._pool = urllib3.PoolManager(maxsize=32, retries=False)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._pool.clear()

    def __call__(self, method: str, url: str, params: Params, headers: Mapping[str, str]) -> Reply:
        """Send one request; `params` go into the body of a POST, a GET carries them in `url` already."""
        body = urlencode(params) if method == "POST" else None
        timeout = urllib3.Timeout(total=15, connect=5)
        try:
            got = self._pool.request(method, url, body=body, headers=dict(headers), timeout=timeout, redirect=False)
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
            raise ConnectionFailed(str(error)) from error
        except urllib3.exceptions.TimeoutError as error:
            raise TimedOut(str(error)) from error
        except urllib3.exceptions.HTTPError as error:
            raise ConnectionFailed(str(error)) from error
        return Reply(got.status, {name.lower(): value for name, value in got.headers.items()}, got.data)


_quoted = lru_cache(maxsize=10_000)(quote_plus)
"""As in a form; most of what one request says the one before said, too."""


def _form(params: Params) -> bytes:
    return "&".join([f"{_quoted(name)}={_quoted(value)}" for name, value in params]).encode()


@lru_cache(maxsize=1_000)
def _variable(header: str) -> str:
    key = header.upper().replace("-", "_")
    return key if key == "CONTENT_TYPE" else "HTTP_" + key


@lru_cache(maxsize=100)
def _place(scheme: str, netloc: str) -> Mapping[str, Any]:
    """What every request to one server says."""
    parts = urlsplit(f"{scheme}://{netloc}")
    return {
        "SCRIPT_NAME": "",
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(parts.port or (443 if scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


class WsgiTransport:
    """Calls a WSGI application in this process; used by tests and simulations."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        """Speak to `app`."""
        self._app = app

    def __call__(self, method: str, url: str, params: Params, headers: Mapping[str, str]) -> Reply:
        """Send one request."""
        parts = urlsplit(url)
        body = _form(params) if method == "POST" else b""
        whole = parts.path + ("?" + parts.query if parts.query else "")
        environ: dict[str, Any] = {
            **_place(parts.scheme, parts.netloc),
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote(parts.path or "/", "latin-1"),
            "QUERY_STRING": parts.query,
            "REQUEST_URI": whole,
            "RAW_URI": whole,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
        }
        for name, value in headers.items():
            environ[_variable(name)] = value
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, heads: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
            begun[:] = [(status, heads)]
            return lambda data: None

        chunks = self._app(environ, start_response)
        try:
            data = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        status, heads = begun[0]
        return Reply(int(status.split(" ", 1)[0]), {name.lower(): value for name, value in heads}, data)
