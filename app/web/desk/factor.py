"""The second factor: its code at each login, and setting it up."""

from __future__ import annotations

from typing import cast

import segno
from flask import Blueprint, render_template, request, url_for
from markupsafe import Markup
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.errors import Invalid
from app.domain.one_time_code import address_of
from app.models.staff import Staff
from app.services.log_in import CODE, FACTOR, Refused
from app.services.logins import Visitor, begin_login, seal_origin
from app.services.second_factor import confirm_factor, has_factor, offered_secret, show_code
from app.web import auth
from app.web.access import half_way
from app.web.desk.login import too_often
from app.web.webhooks.gate import runtime
from app.web.words import say

_ISSUER = "Rückruf"


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/login/code", view_func=code, methods=["GET", "POST"])
    bp.add_url_rule("/login/factor", view_func=factor, methods=["GET", "POST"])


@half_way
def code() -> Response | str | tuple[str, int]:
    rt, onward = runtime(), auth.own_path(request.values.get("next"))
    visitor = cast(Visitor, auth.here())
    if visitor.awaits != CODE:
        return redirect(onward or url_for("desk.queue"), 303)
    if request.method == "GET":
        return render_template("desk/code.html", onward=onward, problem=None)
    begun = show_code(rt.database, rt.vault, visitor, request.form.get("code", ""), wall_now=rt.wall.now())
    if isinstance(begun, Refused):
        problem = (
            too_often(begun.wait)
            if begun.wait
            else say("This code is not right, or was used before. Wait for the next one.")
        )
        return render_template("desk/code.html", onward=onward, problem=problem), 429 if begun.wait else 401
    auth.remember(begun)
    return redirect(onward or url_for("desk.queue"), 303)


@half_way
def factor() -> Response | str | tuple[str, int]:
    """Set up an authenticator: whoever must, before anything else; whoever wants to, from their own page."""
    rt, onward = runtime(), auth.own_path(request.values.get("next"))
    visitor = cast(Visitor, auth.here())
    if visitor.awaits == CODE:
        return redirect(url_for("desk.code", next=onward), 303)
    now = rt.wall.now()
    with rt.database.sessions.begin() as session:
        person = session.get_one(Staff, visitor.staff.id)
        if has_factor(session, person.id):
            return redirect(onward or url_for("desk.queue"), 303)
        secret = offered_secret(session, rt.vault, person, wall_now=now)
        page = _Offer(secret, person.email, onward, is_obliged=visitor.awaits == FACTOR)
        if request.method == "GET":
            return page.render()
        try:
            codes = confirm_factor(session, rt.vault, person, request.form.get("code", ""), wall_now=now)
        except Invalid as invalid:
            return page.render(say(invalid.problem)), 422
        begun = begin_login(
            session, person, wall_now=now, sealed_origin=seal_origin(rt.vault, person.id, auth.origin())
        )
    auth.remember(begun)
    return render_template("desk/recovery_codes.html", codes=codes, onward=onward or url_for("desk.queue"))


class _Offer:
    """The page that shows a new secret, as a picture and in signs."""

    def __init__(self, secret: str, owner: str, onward: str | None, *, is_obliged: bool) -> None:
        self._secret, self._onward, self._is_obliged = secret, onward, is_obliged
        self._address = address_of(secret, owner=owner, issuer=_ISSUER)

    def render(self, problem: str | None = None) -> str:
        picture = segno.make(self._address, error="m").svg_inline(
            scale=4, border=4, dark="#000", light="#fff", svgclass="code-picture", lineclass=None, omitsize=False
        )
        groups = [self._secret[place : place + 4] for place in range(0, len(self._secret), 4)]
        return render_template(
            "desk/factor.html",
            picture=Markup(picture),  # noqa: S704 - drawn here, of an address that is drawn as squares
            groups=groups,
            address=self._address,
            onward=self._onward,
            is_obliged=self._is_obliged,
            problem=problem,
        )
