"""Who is at the browser, and that a form was sent from a page of ours."""

from __future__ import annotations

from dataclasses import replace
from typing import cast
from urllib.parse import urlsplit

import flask
from flask import abort, g, redirect, request, url_for
from flask_wtf.csrf import validate_csrf
from werkzeug.wrappers import Response
from wtforms import ValidationError

from app.domain.errors import NotAllowed
from app.domain.role import Permission, has_permission
from app.models.staff import Staff
from app.services.log_in import CODE
from app.services.logins import Origin, Visitor, is_stale, keep_alive, visitor
from app.web.access import HALF, PUBLIC, declared
from app.web.webhooks.gate import runtime

LOOKS_AT_THE_CLOCK = "desk.time_left"  # asked by script, so no sign that somebody is there
_COOKIE_ENTRY = "login"
_SAFE = ("GET", "HEAD", "OPTIONS")


def admit() -> Response | None:
    """Before every view of the desk and the floor: forms are ours, and who asks may."""
    if request.method not in _SAFE:
        _only_own_forms()
    g.visitor = _visitor()
    access = declared(flask.current_app.view_functions.get(request.endpoint or ""))
    if access == PUBLIC:
        return None
    if access is None:
        abort(403)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    if g.visitor is None:
        return redirect(url_for("desk.login", next=wanted), 303)
    if access == HALF:
        return None
    if g.visitor.awaits is not None:
        return redirect(url_for("desk.code" if g.visitor.awaits == CODE else "desk.factor", next=wanted), 303)
    if not has_permission(staff().role, Permission(access)):
        raise NotAllowed(f"do this: it needs the permission {access!r}")
    return None


def staff() -> Staff:
    """Who is logged in; only for views that need a permission."""
    return cast(Visitor, g.visitor).staff


def here() -> Visitor | None:
    """The login that was shown; None for somebody unknown."""
    return cast(Visitor | None, g.get("visitor"))


def may(permission: Permission) -> bool:
    """Whether who is logged in may do this."""
    found = here()
    return found is not None and found.awaits is None and has_permission(found.staff.role, permission)


def origin() -> Origin:
    """Where this request comes from; behind proxies that TRUSTED_PROXIES does not count, the nearest one's."""
    return Origin(request.remote_addr or "", request.user_agent.string[:300])


def remember(token: str) -> None:
    """Give the browser its login; what it held before is forgotten, form tokens too."""
    flask.session.clear()
    flask.session[_COOKIE_ENTRY] = token


def forget() -> None:
    """Take the login away from the browser."""
    flask.session.clear()


def own_path(path: str | None) -> str | None:
    """A place in our own pages to go on to; None for anything that leads elsewhere."""
    if not path or not path.startswith(("/desk/", "/floor/", "/admin/")) or "\\" in path or "//" in path:
        return None
    parts = urlsplit(path)
    return path if not parts.scheme and not parts.netloc else None


def _visitor() -> Visitor | None:
    token = flask.session.get(_COOKIE_ENTRY)
    if not isinstance(token, str):
        return None
    rt = runtime()
    now = rt.wall.now()
    with rt.database.reads() as session:
        found = visitor(session, token, wall_now=now)
    if found is not None and is_stale(found.seen_at, now) and request.endpoint != LOOKS_AT_THE_CLOCK:
        found = replace(found, seen_at=now)
        with rt.database.sessions.begin() as session:
            keep_alive(session, found.token_hash, wall_now=now)
    return found


def _only_own_forms() -> None:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(400, "This form was sent from another site. Nothing was changed.")
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        abort(400, "This form is too old. Nothing was changed; go back, reload the page and send it again.")
