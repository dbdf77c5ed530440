"""The load generator: several lines at once, each sends its next request when the last one has been answered.

Requests are made and signed before the clock starts, so that it measures the server and not itself.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

PATIENCE_SECONDS: Final = 30


class WrongAnswer(Exception):
    """The server did not answer as a turn must be answered; the message holds the answer."""


@dataclass(slots=True)
class Exchange:
    """One request and, afterwards, its answer."""

    request: bytes
    answer: bytes = b""
    seconds: float = 0.0


@dataclass(slots=True)
class _Line:
    """One kept-alive connection and what is still to be asked on it."""

    connection: socket.socket
    exchanges: Sequence[Exchange]
    at: int = 0
    since: float = 0.0
    received: bytearray = field(default_factory=bytearray)

    def ask(self) -> None:
        self.received.clear()
        self.since = perf_counter()
        self.connection.sendall(self.exchanges[self.at].request)

    def hear(self) -> bool:
        """Take in what has come; whether the answer is complete."""
        part = self.connection.recv(65536)
        self.received += part
        length = _length_of(self.received)
        if not part and length != len(self.received):
            raise WrongAnswer("the server hung up")
        if length is None or len(self.received) < length:
            return False
        exchange = self.exchanges[self.at]
        exchange.seconds = perf_counter() - self.since
        exchange.answer = bytes(self.received)
        self.at += 1
        return True


def exchange_all(host: str, port: int, lines: Sequence[Sequence[Exchange]]) -> float:
    """Ask everything, one connection per line; how many seconds it took.

    Raises:
        WrongAnswer: if anything was answered with another status than 200, or not at all.
    """
    with selectors.DefaultSelector() as selector:
        open_lines = [
            _Line(socket.create_connection((host, port), PATIENCE_SECONDS), exchanges)
            for exchanges in lines
            if exchanges
        ]
        try:
            for line in open_lines:
                line.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(line.connection, selectors.EVENT_READ, line)
            began = perf_counter()
            for line in open_lines:
                line.ask()
            _until_answered(selector, len(open_lines))
            took = perf_counter() - began
        finally:
            for line in open_lines:
                line.connection.close()
    for exchange in (exchange for exchanges in lines for exchange in exchanges):
        if not exchange.answer.startswith(b"HTTP/1.1 200 "):
            raise WrongAnswer(f"{exchange.request.decode()}\n\nwas answered:\n{exchange.answer.decode()}")
    return took


def _until_answered(selector: selectors.BaseSelector, busy: int) -> None:
    while busy:
        ready = selector.select(PATIENCE_SECONDS)
        if not ready:
            raise WrongAnswer(f"no answer within {PATIENCE_SECONDS} s")
        for key, _ in ready:
            line: _Line = key.data
            if line.hear():
                if line.at < len(line.exchanges):
                    line.ask()
                else:
                    selector.unregister(line.connection)
                    busy -= 1


def _length_of(received: bytearray) -> int | None:
    """How long the whole answer is, head included; None while that is not known."""
    head = received.find(b"\r\n\r\n")
    if head < 0:
        return None
    start = received.lower().find(b"content-length:", 0, head)
    if start < 0:
        raise WrongAnswer(f"an answer without a length: {received[:head].decode()}")
    return head + 4 + int(received[start + 15 : received.find(b"\r\n", start)])
