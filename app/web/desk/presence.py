"""Available, or away."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.role import Permission
from app.services.set_presence import set_presence
from app.web.access import needs
from app.web.auth import own_path, staff
from app.web.webhooks.gate import runtime


def add_views(bp: Blueprint) -> None:
    """Add the form's address."""
    bp.add_url_rule("/presence", view_func=presence, methods=["POST"])


@needs(Permission.WORK)
def presence() -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        set_presence(session, staff(), available=request.form.get("available") == "yes", now=rt.clock.now())
    return redirect(own_path(request.form.get("next")) or url_for("desk.queue"), 303)
