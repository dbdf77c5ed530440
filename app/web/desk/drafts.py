"""What is typed is kept: asked by script every two seconds, answered in JSON."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as Anything

from app.domain.role import Permission
from app.services.save_draft import Elsewhere, Typed, save_draft, throw_away_draft
from app.services.set_presence import WHILE_TYPING, keep_for_wrap_up
from app.web.access import needs
from app.web.auth import own_path, staff
from app.web.desk.cases import find_case
from app.web.webhooks.gate import runtime

_OURS = ("csrf_token", "draft_version")  # fields of the form that nobody typed


def add_views(bp: Blueprint) -> None:
    """Add the addresses."""
    bp.add_url_rule("/cases/<protocol>/drafts/<place>", view_func=keep, methods=["POST"])
    bp.add_url_rule("/cases/<protocol>/drafts/<place>/away", view_func=throw_away, methods=["POST"])


@needs(Permission.WORK)
def keep(protocol: str, place: str) -> Response | tuple[Response, int]:
    rt = runtime()
    typed = {name: value for name, value in request.form.items() if name not in _OURS}
    given = request.form.get("draft_version", "0")
    version = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0
    now = rt.clock.now()
    try:
        with rt.database.sessions.begin() as session:
            case = find_case(session, protocol)
            version = save_draft(session, rt.vault, case, staff(), place, typed, version=version, now=now)
            if place == "wrap_up" and typed:
                keep_for_wrap_up(session, staff(), now=now, length=WHILE_TYPING)
    except Elsewhere as elsewhere:
        return jsonify(_shown(elsewhere.typed)), 409
    return jsonify({"version": version})


@needs(Permission.WORK)
def throw_away(protocol: str, place: str) -> Anything:
    with runtime().database.sessions.begin() as session:
        throw_away_draft(session, find_case(session, protocol), staff(), place)
    return redirect(own_path(request.form.get("next")) or url_for("desk.case", protocol=protocol), 303)


def _shown(typed: Typed) -> dict[str, object]:
    return {"version": typed.version, "values": typed.values, "saved_at": typed.saved_at.isoformat()}
