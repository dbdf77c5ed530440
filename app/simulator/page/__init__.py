"""The browser telephone of local runs: one page at `/phone` that speaks to the simulator's JSON API.

The page itself is static; everything that happens comes from `/phone/api/…`, served by the simulator.
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.simulator.page.callers import CALLERS, WITHHELD

bp = Blueprint(
    "phone_page",
    __name__,
    url_prefix="/phone",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)

# Prompts are played from the product, which listens on another port of this machine.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "media-src 'self' http://127.0.0.1:* http://localhost:*",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
KEYS = (
    ("1", ""),
    ("2", "ABC"),
    ("3", "DEF"),
    ("4", "GHI"),
    ("5", "JKL"),
    ("6", "MNO"),
    ("7", "PQRS"),
    ("8", "TUV"),
    ("9", "WXYZ"),
    ("*", ""),
    ("0", "+"),
    ("#", ""),
)


@bp.get("")
def telephone() -> str:
    """The page."""
    return render_template("simulator/phone.html", callers=CALLERS, withheld=WITHHELD, keys=KEYS)


@bp.after_request
def restrict(response: Response) -> Response:
    """Let the page load nothing but its own files."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-cache"
    return response
