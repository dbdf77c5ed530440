"""Only the network gets in: every webhook is checked before anything else looks at it."""

from __future__ import annotations

from typing import cast

import structlog
from flask import Response, abort, current_app, g, request
from werkzeug.exceptions import HTTPException

from app.models.patience import HURRIED, USUAL, patience
from app.runtime import Runtime
from app.telephony.twilio.request import FORM, read_form
from app.telephony.twilio.shape import Params, has_shape

XML = "text/xml; charset=utf-8"
_REQUIRED = {
    "/voice/recording/": ("AccountSid", "CallSid", "RecordingSid", "RecordingStatus"),
    "/voice/transcript/": ("AccountSid", "CallSid", "TranscriptionEvent"),
    "/voice/": ("AccountSid", "CallSid", "CallStatus", "From", "To"),
    "/messages/incoming": ("AccountSid", "MessageSid", "From", "To", "Body"),
    "/messages/status": ("AccountSid", "MessageSid", "MessageStatus"),
}
_LARGEST_BODY = 64 * 1024
_MOST_DIGITS = 6  # of the length of a body that is read without asking Flask first
_log = structlog.get_logger()


def runtime() -> Runtime:
    """The office of this process."""
    return cast(Runtime, current_app.extensions["rueckruf"])


def params() -> Params:
    """The checked parameters of this request."""
    return cast(Params, g.params)


def only_the_network() -> None:
    """Refuse, with 403 and an empty body, what the network did not sign for us."""
    rt = runtime()
    environ = request.environ
    is_post = environ["REQUEST_METHOD"] == "POST"
    try:
        given = _read_params() if is_post else {}
    except (ValueError, HTTPException):
        given = {}
        _refuse("no form of theirs")
    path = environ.get("RAW_URI") or environ.get("REQUEST_URI") or _path_and_query()
    if not rt.gate.is_genuine(_without_host(path), given, environ.get("HTTP_X_TWILIO_SIGNATURE", "")):
        _refuse("signature")
    if is_post and not has_shape(given, _required(request.path), rt.settings.twilio_account_sid):
        _refuse("shape")
    g.params = given
    patience.set(HURRIED)


def take_time(_error: BaseException | None) -> None:
    """Nobody is on the telephone any more in this thread."""
    patience.set(USUAL)


def _required(path: str) -> tuple[str, ...]:
    """What every request to a route carries, as far as the signature does not tie it to one call already."""
    for prefix, names in _REQUIRED.items():
        if path.startswith(prefix):
            return names
    return ("AccountSid",)


def _read_params() -> Params:
    """The form of the request; none if it is of another kind, and then no signature fits.

    Raises:
        ValueError: if it is larger than any webhook, or no text.
    """
    environ = request.environ
    length = environ.get("CONTENT_LENGTH", "")
    is_told = len(length) < _MOST_DIGITS and length.isdecimal()
    body = environ["wsgi.input"].read(int(length)) if is_told else request.get_data(cache=False)
    if len(body) > _LARGEST_BODY:
        raise ValueError("body too large")
    return read_form(body) if environ.get("CONTENT_TYPE", "").startswith(FORM) else {}


def _path_and_query() -> str:
    query = request.query_string.decode("latin-1")
    return request.path + (f"?{query}" if query else "")


def _without_host(path: str) -> str:
    return path if path.startswith("/") else "/" + path.split("/", 3)[-1]


def _refuse(why: str) -> None:
    _log.warning("webhook refused", why=why, path=request.path)
    abort(Response(status=403))


def xml(document: str) -> Response:
    """A document for the network."""
    return Response(document, content_type=XML)
