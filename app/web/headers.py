"""What every page tells the browser to refuse: foreign code, foreign frames, keeping what it saw."""

from __future__ import annotations

from typing import Final

from flask import Response

from app.web.webhooks.gate import runtime

_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_FOR_TELEPHONE: Final = {"Permissions-Policy": "camera=(), geolocation=(), microphone=(self)"}
_ONE_YEAR: Final = "max-age=31536000; includeSubDomains"


def opened_for_telephone(response: Response, origins: tuple[str, ...]) -> None:
    """Let this one page use the microphone and speak to the phone network, too.

    Args:
        origins: the network's, as a policy names them.
    """
    reached = "connect-src " + " ".join(("'self'", *origins))
    response.headers["Content-Security-Policy"] = _POLICY.replace("connect-src 'self'", reached)
    response.headers.update(_FOR_TELEPHONE)


def guard(response: Response) -> Response:
    """Add the headers; what a view has set itself stays."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if runtime().settings.public_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", _ONE_YEAR)
    return response
