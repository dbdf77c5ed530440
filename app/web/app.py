"""The web application: every door of the house, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.runtime import Runtime
from app.web import errors, trail
from app.web.sessions import PeopleOnly
from app.web.webhooks.gate import take_time

_DOORS = (
    "app.web.webhooks.voice:bp",
    "app.web.webhooks.waiting:bp",
    "app.web.webhooks.legs:bp",
    "app.web.webhooks.holding:bp",
    "app.web.webhooks.outreach:bp",
    "app.web.webhooks.media:bp",
    "app.web.webhooks.media:speech_bp",
    "app.web.webhooks.fallback:bp",
    "app.web.webhooks.texts:bp",
    "app.web.local_clock:bp",
    "app.web.health:bp",
    "app.web.schemas:bp",
    "app.web.api:bp",
    "app.web.desk:bp",
    "app.web.floor:bp",
    "app.web.admin:bp",
    "app.web.recalls:bp",
    "app.web.front:bp",
    "app.web.board:bp",
)


class Application(Flask):
    """Flask for functions that are not asynchronous, of which this house has none: it need not look at each request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func


def create_app(runtime: Runtime) -> Flask:
    """The application of one process."""
    app = Application("app.web", static_folder="static", template_folder="templates")
    is_https = runtime.settings.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=runtime.settings.secret_key,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_NAME="__Host-rueckruf" if is_https else "rueckruf",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=None,  # a form is as old as the login it belongs to
        MAX_CONTENT_LENGTH=1024 * 1024,
        MAX_FORM_PARTS=500,
    )
    app.extensions["rueckruf"] = runtime
    app.session_interface = PeopleOnly()
    errors.install(app)
    app.teardown_request(take_time)
    trail.install()
    for door in _DOORS:
        module, name = door.split(":")
        app.register_blueprint(getattr(import_module(module), name))
    if runtime.settings.trusted_proxies:  # only of the address of people: signatures are checked against PUBLIC_URL
        address_of = ProxyFix(app.wsgi_app, x_for=runtime.settings.trusted_proxies, x_proto=0, x_host=0)
        app.wsgi_app = address_of  # type: ignore[method-assign]
    return app
