"""Sending one webhook as Twilio does: signed, with retry, redirects and cookies; and the log of all of them."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from http.cookies import SimpleCookie
from urllib.parse import urljoin

from app.simulator.clock import Clock
from app.simulator.signature import sign
from app.simulator.transport import ConnectionFailed, Params, Reply, TimedOut, Transport, with_query

MOST_REDIRECTS = 10


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask of the product; `params` in the order they are sent."""

    method: str
    url: str
    params: Params
    token: str  # I-Twilio-Idempotency-Token: the same again on a retry
    call: str = ""  # sid of the call or message it belongs to
    kind: str = "document"  # document, sound, status, recording, transcription, text; local ones are not logged


@dataclass(frozen=True, slots=True)
class Webhook:
    """One delivery, as the log keeps it; `status` is 0 if there was no answer."""

    seq: int
    at: datetime
    method: str
    url: str
    params: dict[str, str]
    status: int
    ms: float
    document: str
    call: str
    kind: str
    token: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request led to, after redirects; `error` is a Twilio error code, 0 if it went well."""

    status: int
    content_type: str
    body: bytes
    url: str
    error: int = 0
    headers: dict[str, str] = field(default_factory=dict)


class Postman:
    """Signs and sends requests, and keeps the log."""

    def __init__(self, token: str, transport: Transport, clock: Clock) -> None:
        """Sign with the account's `token`."""
        self._token = token
        self.transport = transport
        self._clock = clock
        self._lock = threading.Lock()
        self.log: list[Webhook] = []
        self.keeps: int | None = None  # how many of the log at least; None for all of it
        self.sent: Counter[tuple[str, int]] = Counter()  # by kind and status, whatever the log still holds
        self.number_sent = 0

    def send(self, request: Request, cookies: SimpleCookie | None = None) -> Answer:
        """Send a request and follow its redirects.

        A connection that fails is tried once more; a slow answer is not.
        """
        method, url, params = request.method, request.url.partition("#")[0], request.params
        jar = cookies if cookies is not None else SimpleCookie()
        for _ in range(MOST_REDIRECTS + 1):
            reply, error = self._once(request, method, url, params, jar)
            if reply is None:
                return Answer(0, "", b"", url, error)
            if "set-cookie" in reply.headers:
                jar.load(reply.headers["set-cookie"])
            if reply.status in (301, 302, 303, 307, 308) and "location" in reply.headers:
                url = urljoin(url, reply.headers["location"])
                if reply.status < 307:
                    method, params = "GET", []
                continue
            kind = reply.headers.get("content-type", "")
            code = 0 if 200 <= reply.status < 300 else 11200
            return Answer(reply.status, kind, reply.body, url, code, dict(reply.headers))
        return Answer(0, "", b"", url, 11215)

    def _once(
        self, request: Request, method: str, url: str, params: Params, jar: SimpleCookie
    ) -> tuple[Reply | None, int]:
        form = params if method == "POST" else []
        target = url if method == "POST" else with_query(url, params)
        headers = {
            "Accept": "*/*",
            "User-Agent": "TwilioProxy/1.1",
            "X-Home-Region": "us1",
            "I-Twilio-Idempotency-Token": request.token,
            "X-Twilio-Signature": sign(self._token, target, form),
        }
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        if jar:
            headers["Cookie"] = "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
        begun = time.perf_counter()
        reply, error = None, 11205
        for _ in range(2):
            try:
                reply = self.transport(method, target, form, headers)
                break
            except ConnectionFailed:
                continue
            except TimedOut:
                error = 11200
                break
        if request.kind != "local":
            self._note(request, method, target, params, reply, (time.perf_counter() - begun) * 1000)
        return reply, error

    def _note(
        self, request: Request, method: str, url: str, params: Params, reply: Reply | None, milliseconds: float
    ) -> None:
        text = reply.body.decode("utf-8", "replace") if reply and len(reply.body) < 100_000 else ""
        if reply and reply.headers.get("content-type", "").startswith("audio/"):
            text = ""
        with self._lock:
            self.number_sent += 1
            self.sent[request.kind, reply.status if reply else 0] += 1
            if self.keeps is not None and len(self.log) >= 2 * self.keeps:
                del self.log[: -self.keeps]
            entry = Webhook(
                self.number_sent,
                self._clock.now(),
                method,
                url,
                dict(params),
                reply.status if reply else 0,
                milliseconds,
                text,
                request.call,
                request.kind,
                request.token,
            )
            self.log.append(entry)
