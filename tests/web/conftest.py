"""An office with people, and browsers in which they are logged in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm
from werkzeug.test import TestResponse

from app.models.staff import Staff
from app.runtime import Runtime
from app.services.logins import begin_login
from app.web.app import create_app
from tests.web.make import make_staff

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Visitor:
    """Somebody at a browser that takes pages as they are, without script."""

    browser: FlaskClient

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.browser.get(path, **options)

    def token(self) -> str:
        """The token of a form of ours."""
        page = self.get("/desk/").text if "login" in self.browser_session() else self.get("/desk/login").text
        found = _TOKEN.search(page) or _TOKEN.search(self.get("/desk/cases").text)
        assert found
        return found[1]

    def send(self, path: str, **form: str) -> TestResponse:
        """Send a form with its token."""
        return self.browser.post(path, data={"csrf_token": self.token(), **form})

    def browser_session(self) -> dict[str, Any]:
        with self.browser.session_transaction() as kept:
            return dict(kept)


@pytest.fixture
def web(runtime: Runtime) -> Flask:
    app = create_app(runtime)
    app.testing = False  # errors are answered as they are in life
    return app


class _Onlooker(orm.Session):
    """A session that keeps nobody from writing, and sees what others wrote once it is told to look anew."""

    def expire_all(self) -> None:
        self.rollback()
        super().expire_all()


@pytest.fixture
def session(runtime: Runtime) -> Iterator[orm.Session]:
    """For arranging (commit it) and for looking at what came of it (expire it first)."""
    with _Onlooker(runtime.database.reading, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def staff(runtime: Runtime) -> dict[str, Staff]:
    """Ada and Ben are agents, Sue is their supervisor, Max the administrator."""
    now = runtime.wall.now()
    with runtime.database.sessions.begin() as opened:
        return {
            "Ada": make_staff(opened, "Ada", "agent", now, phone="+493023125001", available=True),
            "Ben": make_staff(opened, "Ben", "agent", now, phone="+493023125002"),
            "Sue": make_staff(opened, "Sue", "supervisor", now),
            "Max": make_staff(opened, "Max", "admin", now),
        }


@pytest.fixture
def otto(web: Flask) -> Visitor:
    """A stranger."""
    return Visitor(web.test_client())


@pytest.fixture
def as_(web: Flask, runtime: Runtime, staff: dict[str, Staff]) -> Callable[[str], Visitor]:
    """A browser in which somebody is logged in."""

    def log_in(name: str) -> Visitor:
        with runtime.database.sessions.begin() as opened:
            token = begin_login(opened, staff[name], wall_now=runtime.wall.now())
        browser = web.test_client()
        with browser.session_transaction() as kept:
            kept["login"] = token
        return Visitor(browser)

    return log_in


@pytest.fixture
def ada(as_: Callable[[str], Visitor]) -> Visitor:
    return as_("Ada")


@pytest.fixture
def sue(as_: Callable[[str], Visitor]) -> Visitor:
    return as_("Sue")


@pytest.fixture
def network_recording(web: Flask, runtime: Runtime) -> bytes:
    """The sound that the network gives for any recording."""
    sound = b"RIFF" + bytes(range(64))

    class Network:
        def recording(self, _network_id: str) -> bytes:
            return sound

    class Office(Runtime):
        def phone(self) -> Any:
            return Network()

    web.extensions["rueckruf"] = Office(**{name: getattr(runtime, name) for name in Runtime.__dataclass_fields__})
    return sound
