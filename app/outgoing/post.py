"""One POST with bounds: of time, of what is read, and of where it goes. No redirect is followed, no proxy used."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from typing import Final

from app.domain.errors import Invalid, RueckrufError
from app.outgoing.address import Target, resolve

SECONDS: Final = 5.0  # until it is connected, and again for each piece of the answer
LONGEST: Final = 10.0  # seconds of one exchange altogether
_READ: Final = 1_024  # bytes of an answer; what it says is not kept


class NoAnswer(RueckrufError):
    """Nothing came back that could be understood; it may have been received all the same."""


class PlainConnection(http.client.HTTPConnection):
    """To the address that was checked, whatever its name leads to by now."""

    def __init__(self, target: Target) -> None:
        """Know where to; nothing is connected yet."""
        super().__init__(target.host, target.port, timeout=SECONDS)
        self._target = target

    def connect(self) -> None:
        """Connect."""
        self.sock = socket.create_connection((self._target.ip, self._target.port), SECONDS)


class TlsConnection(PlainConnection):
    """The same, encrypted, with the certificate of the name."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        """Connect, and see that it is who it says."""
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._target.host)


def post(url: str, body: bytes, headers: Mapping[str, str], *, may_be_private: bool) -> int:
    """Send a body; gives the HTTP status of the answer.

    Raises:
        NoAnswer: if none came, or it may not be sent there.
    """
    try:
        target = resolve(url, may_be_private=may_be_private)
    except Invalid as fault:
        raise NoAnswer(fault.problem) from fault
    except (OSError, UnicodeError) as error:
        raise NoAnswer("the name of the host is not known") from error
    connection = TlsConnection(target) if target.is_https else PlainConnection(target)
    is_cut = threading.Event()
    end = threading.Timer(LONGEST, _cut, (connection, is_cut))
    end.daemon = True
    end.start()
    try:
        connection.request("POST", target.path, body, dict(headers))
        answer = connection.getresponse()
        answer.read(_READ)
        if is_cut.is_set():  # what came until then looks like a whole answer
            raise TimeoutError
        return answer.status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(_in_words(error)) from error
    finally:
        end.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection, is_cut: threading.Event) -> None:
    """Whoever answers drop by drop is not listened to for ever."""
    is_cut.set()
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def _in_words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLError):
        return "its certificate is not good"
    if isinstance(error, ConnectionRefusedError):
        return "it does not take connections"
    return f"the connection broke ({type(error).__name__})"
