"""Coming in with the company's own account: the browser is sent to the provider and comes back with its answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

import flask
import structlog
from flask import Blueprint, abort, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.errors import NetworkFailure
from app.identity.id_token import Disbelieved
from app.identity.oidc import OidcProvider, Question
from app.services.sign_on import sign_on
from app.web import auth
from app.web.access import public
from app.web.desk.login import login_page
from app.web.webhooks.gate import runtime
from app.web.words import say

_ENTRY: Final = "asked"  # in the browser's signed cookie
_log = structlog.get_logger()


def add_views(bp: Blueprint) -> None:
    """Add the addresses."""
    bp.add_url_rule("/login/company", view_func=company)
    bp.add_url_rule("/login/company/answer", view_func=company_answer)


@public
def company() -> Response | tuple[str, int]:
    """Send the browser to the provider."""
    rt, onward = runtime(), auth.own_path(request.args.get("next"))
    question = Question.new(rt.wall.now())
    try:
        address = _provider().address(question)
    except (Disbelieved, NetworkFailure) as problem:
        return _failed(problem, 502)
    flask.session[_ENTRY] = {**asdict(question), "onward": onward}
    return redirect(address, 303)


@public
def company_answer() -> Response | tuple[str, int]:
    """Take the provider's answer; each question is answered once."""
    rt, provider = runtime(), _provider()
    asked = flask.session.pop(_ENTRY, None)
    try:
        if not isinstance(asked, dict):
            raise Disbelieved("state: this browser asked nothing")
        onward = auth.own_path(asked.pop("onward", None))
        person = provider.person(Question(**asked), request.args.to_dict(), now=rt.wall.now())
    except NetworkFailure as problem:
        return _failed(problem, 502)
    except Disbelieved as problem:
        return _failed(problem, 403)
    with rt.database.sessions.begin() as session:
        begun = sign_on(session, rt.vault, person, origin=auth.origin(), wall_now=rt.wall.now())
    if begun is None:
        _log.warning("an account that nobody here has", issuer=person.issuer)
        return login_page(say("Nobody here has this account. Ask your administrator; nothing was changed.")), 403
    auth.remember(begun)
    return redirect(onward or url_for("desk.queue"), 303)


def _provider() -> OidcProvider:
    provider = runtime().identity
    if provider is None:
        abort(404)
    return provider


def _failed(problem: Exception, status: int) -> tuple[str, int]:
    _log.warning("no login with the company's account", reason=str(problem))
    if isinstance(problem, NetworkFailure):
        return login_page(say("The company’s account service does not answer. Log in with your password.")), status
    return login_page(say("That did not come from the company’s account service. Try it again.")), status
