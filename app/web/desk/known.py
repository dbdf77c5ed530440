"""The cookie of a browser in which somebody logged in before; it opens nothing (see `services.known_device`)."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.wrappers import Response

from app.services.known_device import KEPT, new_device
from app.web.webhooks.gate import runtime


def device_shown() -> str:
    """What the browser got at an earlier login; "" if nothing."""
    return request.cookies.get(_name(), "")[:200]


def know_device(response: Response, email: str) -> Response:
    """Give the browser what makes it known for this address."""
    rt = runtime()
    response.set_cookie(
        _name(),
        new_device(rt.vault, email, wall_now=rt.wall.now()),
        max_age=KEPT,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return response


def _name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-known"
