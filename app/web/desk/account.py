"""One's own page: where one is logged in, the authenticator, the password."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.errors import Invalid, NotAllowed
from app.domain.role import Permission
from app.models.staff import Staff
from app.services.log_in import Refused, change_password
from app.services.logins import Visitor, begin_login, end_logins, good_logins, open_origin
from app.services.logins import seal_origin as sealed
from app.services.second_factor import (
    check_code,
    has_factor,
    recovery_codes_left,
    remove_factor,
    renew_recovery_codes,
)
from app.web import auth
from app.web.access import needs
from app.web.desk.login import too_often
from app.web.show import office_zone
from app.web.webhooks.gate import runtime
from app.web.words import say


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/account", view_func=account)
    bp.add_url_rule("/account/end-others", view_func=end_others, methods=["POST"])
    bp.add_url_rule("/account/password", view_func=password, methods=["POST"])
    bp.add_url_rule("/account/recovery-codes", view_func=recovery_codes, methods=["POST"])
    bp.add_url_rule("/account/give-up-factor", view_func=give_up_factor, methods=["POST"])


@needs(Permission.WORK)
def account() -> str:
    return _page()


@needs(Permission.WORK)
def end_others() -> Response:
    rt, me = runtime(), _me()
    with rt.database.sessions.begin() as session:
        end_logins(session, me.staff.id, wall_now=rt.wall.now(), but=me.token_hash)
    return redirect(url_for("desk.account", done="ended"), 303)


@needs(Permission.WORK)
def password() -> Response | tuple[str, int]:
    rt, me = runtime(), _me()
    old, new = request.form.get("old", "")[:1024], request.form.get("new", "")[:1024]
    with rt.database.reads() as session:
        person = session.get_one(Staff, me.staff.id)
    try:
        rehashed = change_password(rt.database, rt.vault, person, old, new, keep=me.token_hash, wall_now=rt.wall.now())
    except Invalid as invalid:
        return _page(invalid.field, say(invalid.problem)), 422
    if isinstance(rehashed, Refused):
        return _wrong(rehashed, "old", say("This is not your present password."))
    return redirect(url_for("desk.account", done="password"), 303)


@needs(Permission.WORK)
def recovery_codes() -> str | tuple[str, int]:
    """New recovery codes, for who shows a code."""
    rt, me = runtime(), _me()
    with rt.database.sessions.begin() as session:
        person = session.get_one(Staff, me.staff.id)
        refused = check_code(session, rt.vault, person, request.form.get("code", ""), wall_now=rt.wall.now())
        codes = renew_recovery_codes(session, rt.vault, person) if refused is None else []
    if refused is not None:
        return _wrong(refused, "code", say("This code is not right, or was used before. Wait for the next one."))
    return render_template("desk/recovery_codes.html", codes=codes, onward=url_for("desk.account"))


@needs(Permission.WORK)
def give_up_factor() -> Response | tuple[str, int]:
    rt, me = runtime(), _me()
    if me.staff.role in rt.obliged:
        raise NotAllowed("go without an authenticator")
    now = rt.wall.now()
    with rt.database.sessions.begin() as session:
        person = session.get_one(Staff, me.staff.id)
        refused = check_code(session, rt.vault, person, request.form.get("code", ""), wall_now=now)
        if refused is None:
            remove_factor(session, person, wall_now=now)
            begun = begin_login(session, person, wall_now=now, sealed_origin=sealed(rt.vault, person.id, auth.origin()))
    if refused is not None:
        return _wrong(refused, "code", say("This code is not right, or was used before. Wait for the next one."))
    auth.remember(begun)
    return redirect(url_for("desk.account", done="given-up"), 303)


def _me() -> Visitor:
    return cast(Visitor, auth.here())


def _wrong(refused: Refused, field: str, problem: str) -> tuple[str, int]:
    return _page(field, too_often(refused.wait) if refused.wait else problem), 429 if refused.wait else 422


def _page(field: str | None = None, problem: str | None = None) -> str:
    rt, me = runtime(), _me()
    with rt.database.reads() as session:
        logins = good_logins(session, me.staff.id, wall_now=rt.wall.now())
        return render_template(
            "desk/account.html",
            logins=[(each, open_origin(rt.vault, each), each.token_hash == me.token_hash) for each in logins],
            has_factor=has_factor(session, me.staff.id),
            codes_left=recovery_codes_left(session, me.staff.id),
            is_obliged=me.staff.role in rt.obliged,
            zone=office_zone(),
            wall_now=rt.wall.now(),
            field=field,
            problem=problem,
            done=request.args.get("done"),
        )
