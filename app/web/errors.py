"""What an error becomes on its way out: an HTTP status for people and systems, an apology for callers."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from flask import Flask, Response, current_app, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from app.domain import errors
from app.models.engines import was_thrown_out
from app.telephony.twilio.response import EMPTY
from app.web.headers import guard
from app.web.webhooks.fallback import apologize, keep_text
from app.web.webhooks.gate import params, runtime, xml

STATUS = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.NetworkFailure: 502,
}
_MORE_TRIES = 2
_log = structlog.get_logger()


def status_for(error: Exception) -> int:
    """The HTTP status of the nearest ancestor that has one."""
    for ancestor in type(error).__mro__:
        if ancestor in STATUS:
            return STATUS[ancestor]
    return 500


def install(app: Flask) -> None:
    """Answer every error that reaches the web in the manner of who asked."""
    app.register_error_handler(Exception, _answer)


def _answer(error: Exception) -> Response:
    if isinstance(error, HTTPException):
        if error.response is not None:
            return error.response  # type: ignore[return-value]
        return _say(error.code or 500, error.description or "")
    if _is_webhook():
        return _to_the_network(error)
    status = status_for(error)
    if status == 500:
        _log.exception("a request failed", path=request.path)
        return _say(500, "Something went wrong on our side. What you saved before is safe.")
    return _say(status, str(error), getattr(error, "field", None))


def _is_webhook() -> bool:
    return request.path.startswith(("/voice/", "/messages/"))


def _to_the_network(error: Exception) -> Response:
    """A genuine webhook is never answered with an error: the caller hears an apology and can leave a message.

    One that the database threw out for another's sake is taken again, as if it had only come now.
    """
    for _ in range(_MORE_TRIES):
        if not was_thrown_out(error):
            break
        _log.warning("a webhook is taken again", path=request.path)
        try:
            return current_app.make_response(current_app.dispatch_request())
        except Exception as next_error:  # noqa: BLE001 - it is told below, as the first would be
            error = next_error
    status = status_for(error)
    if isinstance(error, errors.NotAllowed):
        return Response(status=403)
    _log.exception("a turn failed", path=request.path, status=status)
    if not request.path.startswith("/messages/"):
        return xml(apologize(runtime(), params()))
    try:
        if request.path == "/messages/incoming":
            keep_text(runtime(), params())
    except OSError:
        _log.exception("the spool could not be written")
    return xml(EMPTY)


def _say(status: int, message: str, field: str | None = None) -> Response:
    if request.path.startswith(("/api/", "/schemas/", "/local/", "/healthz", "/readyz")):
        problem = {"status": status, "code": _code(status), "message": message, "field": field}
        answer = jsonify({"error": problem})
    elif request.path.startswith(("/voice", "/messages")):
        return Response(status=status)
    else:
        answer = guard(Response(render_template("error.html", status=status, message=message), mimetype="text/html"))
    answer.status_code = status
    return answer


def _code(status: int) -> str:
    return "invalid" if status == 422 else HTTPStatus(status).name.lower()
