"""The front door: whoever opens the bare address is led to the desk."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.web.access import public

bp = Blueprint("front", __name__)


@bp.get("/")
@public
def front() -> Response:
    return redirect(url_for("desk.queue"), 303)
