"""Only the network gets in: every webhook is checked before anything else looks at it."""

from __future__ import annotations

from typing import cast

import structlog
from flask import Response, abort, current_app, g, request
from werkzeug.exceptions import HTTPException

from app.runtime import Runtime
from app.telephony.twilio.request import Params, has_shape

XML = "text/xml; charset=utf-8"
_LARGEST_BODY = 64 * 1024
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
    try:
        if (request.content_length or 0) > _LARGEST_BODY:
            raise ValueError("body too large")
        given: Params = {name: request.form.getlist(name) for name in request.form} if request.method == "POST" else {}
    except (ValueError, HTTPException):
        given = {}
        _refuse("oversized")
    path = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or _path_and_query()
    if not rt.gate.is_genuine(_without_host(path), given, request.headers.get("X-Twilio-Signature", "")):
        _refuse("signature")
    required = ("AccountSid",) if request.method == "POST" else ()
    if required and not has_shape(given, required, rt.settings.twilio_account_sid):
        _refuse("shape")
    g.params = given


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
