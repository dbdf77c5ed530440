"""Coming in and going out."""

from __future__ import annotations

import math
from datetime import timedelta

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.errors import Invalid
from app.services.found_office import introduce, is_founder
from app.services.log_in import Refused, go_on, log_in
from app.services.logins import log_out
from app.services.passwords import set_password, staff_of_link
from app.services.softphone import close_softphone
from app.web import auth
from app.web.access import public
from app.web.desk.known import device_shown, know_device
from app.web.webhooks.gate import runtime
from app.web.words import desk_language, say


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/login", view_func=login, methods=["GET", "POST"])
    bp.add_url_rule("/logout", view_func=logout, methods=["POST"])
    bp.add_url_rule("/welcome/<token>", view_func=welcome, methods=["GET", "POST"])


@public
def login() -> Response | str | tuple[str, int]:
    rt = runtime()
    onward = auth.own_path(request.values.get("next"))
    if request.method == "GET":
        return _form(onward)
    email = request.form.get("email", "")[:254]
    begun = log_in(
        rt.database,
        rt.vault,
        email,
        request.form.get("password", "")[:1024],
        wall_now=rt.wall.now(),
        obliged=rt.obliged,
        origin=auth.origin(),
        device=device_shown(),
    )
    if isinstance(begun, Refused):
        return _form(onward, email=email, problem=_problem(begun)), 429 if begun.wait else 401
    auth.remember(begun)
    return know_device(redirect(onward or url_for("desk.queue"), 303), email)


@public
def logout() -> Response:
    found = auth.here()
    if found is not None:
        rt = runtime()
        with rt.database.sessions.begin() as session:
            log_out(session, found.token_hash, wall_now=rt.wall.now())
            close_softphone(session, found.staff.id)
    auth.forget()
    return redirect(url_for("desk.login"), 303)


@public
def welcome(token: str) -> Response | str | tuple[str, int]:
    rt = runtime()
    with rt.database.sessions() as session:
        person = staff_of_link(session, token, wall_now=rt.wall.now())
        if person is None:
            abort(404, say("This link was used or has lapsed. Ask for a new one; nothing was changed."))
        is_first = is_founder(person)
        if request.method == "GET":
            return render_template("desk/welcome.html", person=person, is_first=is_first, typed={}, problem=None)
        try:
            if is_first:
                name, email = request.form.get("name", ""), request.form.get("email", "")[:254]
                introduce(session, person, email, name, desk_language())
            set_password(session, person, request.form.get("password", "")[:1024], wall_now=rt.wall.now())
        except Invalid as invalid:
            problem = say(invalid.problem)
            page = render_template(
                "desk/welcome.html", person=person, is_first=is_first, typed=request.form, problem=problem
            )
            session.rollback()
            return page, 422
        begun = go_on(session, rt.vault, person, obliged=rt.obliged, origin=auth.origin(), wall_now=rt.wall.now())
        session.commit()
    auth.remember(begun)
    return redirect(url_for("desk.queue"), 303)


def login_page(problem: str) -> str:
    """The page to begin anew, and why it must be."""
    return _form(None, problem=problem)


def _form(onward: str | None, email: str = "", problem: str | None = None) -> str:
    rt = runtime()
    file = rt.settings.var_dir / "demo-logins.txt"
    hint = (
        say("The logins of the demo office are in {file}.", file=str(file)) if rt.is_local and file.exists() else None
    )
    company = (rt.settings.oidc_name or say("your company account")) if rt.identity is not None else None
    return render_template("desk/login.html", onward=onward, email=email, problem=problem, hint=hint, company=company)


def _problem(refused: Refused) -> str:
    if refused.wait is None:
        return say("E-mail address and password do not belong together.")
    return too_often(refused.wait)


def too_often(wait: timedelta) -> str:
    """That somebody must wait before the next try."""
    return say("That was wrong too often. Try again in {seconds} seconds.", seconds=math.ceil(wait.total_seconds()))
