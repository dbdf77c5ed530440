"""Twilio's REST API, as far as the product uses it: calls, messages, recordings, queues."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import parse_qs, urlsplit

from app.simulator.rest import calls, messages, queues, recordings
from app.simulator.rest.asked import Asked, Given
from app.simulator.rest.problem import Problem, not_found

if TYPE_CHECKING:
    from app.simulator.carrier import Carrier

Resource: TypeAlias = "Callable[..., Given]"
_BASE = r"/2010-04-01/Accounts/(?P<account>[^/]+)"
ROUTES: list[tuple[str, re.Pattern[str], Resource]] = [
    (method, re.compile(_BASE + path + r"\.json"), resource)
    for method, path, resource in (
        ("POST", r"/Calls", calls.create),
        ("GET", r"/Calls", calls.listing),
        ("GET", r"/Calls/(?P<sid>CA\w+)", calls.fetch),
        ("POST", r"/Calls/(?P<sid>CA\w+)", calls.update),
        ("POST", r"/Calls/(?P<call>CA\w+)/Recordings", recordings.start),
        ("POST", r"/Calls/(?P<call>CA\w+)/Recordings/(?P<sid>RE\w+|Twilio\.CURRENT)", recordings.update),
        ("POST", r"/Messages", messages.create),
        ("GET", r"/Messages", messages.listing),
        ("GET", r"/Messages/(?P<sid>SM\w+)", messages.fetch),
        ("GET", r"/Recordings", recordings.listing),
        ("GET", r"/Recordings/(?P<sid>RE\w+)", recordings.fetch),
        ("DELETE", r"/Recordings/(?P<sid>RE\w+)", recordings.delete),
        ("GET", r"/Queues", queues.listing),
        ("POST", r"/Queues", queues.create),
        ("GET", r"/Queues/(?P<sid>QU\w+)", queues.fetch),
        ("POST", r"/Queues/(?P<sid>QU\w+)", queues.update),
        ("DELETE", r"/Queues/(?P<sid>QU\w+)", queues.delete),
        ("GET", r"/Queues/(?P<sid>QU\w+)/Members", queues.members),
        ("GET", r"/Queues/(?P<sid>QU\w+)/Members/(?P<call>Front|CA\w+)", queues.member),
        ("POST", r"/Queues/(?P<sid>QU\w+)/Members/(?P<call>Front|CA\w+)", queues.dequeue),
    )
]
_MEDIA = re.compile(_BASE + r"/Recordings/(?P<sid>RE\w+?)(?P<form>\.wav|\.mp3)?")


class NoAnswer(Exception):
    """The fault `rest_timeout`: the request was carried out, but nothing ever comes back."""


def answer(
    carrier: Carrier, method: str, url: str, form: dict[str, list[str]], authorization: str, origin: str = ""
) -> Given:
    """Carry out a REST request.

    Args:
        url: path and query.
        form: the fields of the body.
        authorization: the header, `Basic …`.

    Raises:
        NoAnswer: if the faults want the client to wait in vain.
    """
    parts = urlsplit(url)
    query = parse_qs(parts.query, keep_blank_values=True)
    asked = Asked(method, parts.path, form if method == "POST" else query, origin)
    try:
        _check_account(carrier, authorization, parts.path)
        placing = method == "POST" and parts.path.endswith(("/Calls.json", "/Messages.json"))
        if placing and carrier.faults.rest_busy and carrier.dice.random() < carrier.faults.rest_busy:
            raise Problem(20429, "Too Many Requests")
        media = _MEDIA.fullmatch(parts.path)
        if media and method == "GET":
            # Speech takes a while to make; the network must not stand still meanwhile.
            return recordings.media(carrier, asked, sid=media["sid"])
        with carrier.loop.lock:
            given = _dispatch(carrier, asked)
    except Problem as problem:
        return Given(problem.status, problem.body())
    if placing and carrier.faults.rest_timeout and carrier.dice.random() < carrier.faults.rest_timeout:
        raise NoAnswer
    if placing and carrier.faults.rest_error and carrier.dice.random() < carrier.faults.rest_error:
        return Given(500, Problem(20500, "An internal server error has occurred").body())
    return given


def _dispatch(carrier: Carrier, asked: Asked) -> Given:
    for method, pattern, resource in ROUTES:
        match = pattern.fullmatch(asked.path)
        if match and method == asked.method:
            return resource(carrier, asked, **{k: v for k, v in match.groupdict().items() if k != "account"})
    raise not_found(asked.path)


def _check_account(carrier: Carrier, authorization: str, path: str) -> None:
    expected = base64.b64encode(f"{carrier.account_sid}:{carrier.auth_token}".encode())
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() != "basic" or not hmac.compare_digest(given.strip().encode(), expected):
        raise Problem(20003, "Authenticate")
    match = re.match(_BASE, path)
    if match and match["account"].removesuffix(".json") != carrier.account_sid:
        raise not_found(path)
