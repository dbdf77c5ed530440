"""What people and their administrator see of logins, staff, tokens and the trail, by every rule of accessibility."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator

import pyotp
import pytest
import sqlalchemy as sa
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from werkzeug.serving import make_server

from app.models.staff import Staff
from app.runtime import Runtime
from app.services.passwords import set_password
from app.settings import Settings
from app.web.app import create_app
from tests.web.test_looks import RULES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PASSWORD = "four words nobody expects"
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "telephone": {"color_scheme": "dark", "viewport": {"width": 360, "height": 740}},
    "forced": {"forced_colors": "active", "viewport": {"width": 320, "height": 640}},
}
EXAMINED = ("light", "telephone")
PATHS = (
    "/admin/staff",
    "/admin/staff/new",
    "/admin/staff/1",
    "/admin/hotlines",
    "/admin/tokens",
    "/admin/webhooks",
    "/admin/audit",
    "/admin/audit?who=1&about=nothing",
    "/desk/account",
)


@pytest.fixture
def settings(environ, sqlite_url):
    return Settings.read({**environ, "DATABASE_URL": sqlite_url, "SECOND_FACTOR": "oversight"})


@pytest.fixture
def base(runtime: Runtime, staff: dict[str, Staff]) -> Iterator[str]:
    """An office at a loopback address, in which nobody has logged in yet."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with runtime.database.sessions.begin() as session:
        max_ = session.get_one(Staff, staff["Max"].id)
        set_password(session, max_, PASSWORD, wall_now=runtime.wall.now())
        session.execute(sa.update(Staff).values(password_hash=max_.password_hash))
    server = make_server("127.0.0.1", 0, create_app(runtime), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


class Eyes:
    """Looks at the present page as it is, in every way that people do, and keeps what is wrong with it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: dict[str, object] = {}
        self.complaints: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def look(self, name: str) -> None:
        self.page.evaluate(AXE_SCRIPT)
        for look, how in LOOKS.items():
            self.page.emulate_media(
                color_scheme=how.get("color_scheme", "light"), forced_colors=how.get("forced_colors", "none")
            )
            self.page.set_viewport_size(how["viewport"])
            too_wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if too_wide > 0:
                self.faults[f"{name}, {look}"] = too_wide
            self.seen(f"{name}-{look}")
            if look in EXAMINED and (found := Axe("").run(self.page, options=RULES)).violations_count:
                self.faults[f"{name}, {look}, axe"] = found.generate_report()

        self.page.emulate_media(color_scheme="light", forced_colors="none")

    def seen(self, name: str) -> None:
        """For who wants pictures."""


def come_in(eyes: Eyes, base: str, clock) -> str:
    """Log in as Max by the forms, setting up the authenticator; gives its secret."""
    page = eyes.page
    page.goto(f"{base}/desk/login")
    page.get_by_label("E-mail").fill("max@office.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Set up your authenticator").wait_for()
    eyes.look("set up")
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page.content()))
    page.get_by_label("Code").fill(pyotp.TOTP(secret).at(int(clock.now().timestamp())))
    page.get_by_role("button", name="Use this authenticator").click()
    page.get_by_role("heading", name="Keep these codes").wait_for()
    eyes.look("recovery codes")
    page.get_by_role("link", name="I have kept them").click()
    return secret


def test_the_pages_of_people_obey_the_rules_and_fit_every_screen(page, base, clock):
    page.set_default_timeout(20_000)
    eyes = Eyes(page)
    secret = come_in(eyes, base, clock)
    for path in PATHS:
        page.goto(base + path)
        eyes.look(path)
    page.goto(f"{base}/admin/tokens")
    page.get_by_label("Name of the system").fill("shop")
    page.get_by_role("button", name="Make the token").click()
    eyes.look("the token")
    page.goto(f"{base}/admin/staff/1")
    page.get_by_role("button", name="New link for the password").click()
    eyes.look("the link")
    page.goto(f"{base}/desk/")
    page.get_by_text("Max", exact=True).click()
    page.get_by_role("button", name="Log out").click()
    page.get_by_label("E-mail").fill("max@office.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    clock.advance(seconds=30)
    eyes.look("the code")
    page.get_by_label("Code").fill(pyotp.TOTP(secret).at(int(clock.now().timestamp())))
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/desk/")

    assert eyes.faults == {}
    assert eyes.complaints == []
