"""How long a login still lasts, and that it shall go on: asked by script, answered in JSON (desk.md 40)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask_wtf.csrf import generate_csrf

from app.domain.role import Permission
from app.services.logins import LONGEST, Visitor, keep_alive
from app.web.access import needs, public
from app.web.auth import here
from app.web.show import seconds_left
from app.web.webhooks.gate import runtime


def add_views(bp: Blueprint) -> None:
    """Add the addresses."""
    bp.add_url_rule("/login/left", view_func=time_left)
    bp.add_url_rule("/login/stay", view_func=stay, methods=["POST"])


@public
def time_left() -> Response:
    """Without being a sign that somebody is there; with the form token of whoever is logged in by now."""
    return _told(here())


@needs(Permission.WORK)
def stay() -> Response:
    found, rt = here(), runtime()
    assert found is not None
    with rt.database.sessions.begin() as session:
        keep_alive(session, found.token_hash, wall_now=rt.wall.now())
    return _told(found)


def _told(found: Visitor | None) -> Response:
    if found is None or found.awaits is not None:
        return jsonify({"seconds": 0, "last": False, "token": None})
    is_last = found.ends_at >= found.created_at + LONGEST
    return jsonify({"seconds": seconds_left(found, runtime().wall.now()), "last": is_last, "token": generate_csrf()})
