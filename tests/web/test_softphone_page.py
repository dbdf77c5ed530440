"""The telephone in the browser: a callback answered in the local phone network, and Twilio's own SDK."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from joserfc import jwt
from joserfc.jwk import OctKey
from playwright.sync_api import Browser, Page, WebSocketRoute, expect
from werkzeug.serving import make_server

from app.cli.virtual_office import VirtualOffice
from app.domain.telephone import address_of
from app.models.promise import Attempt, Promise
from app.models.staff import Staff
from app.services.passwords import set_password
from app.settings import Settings
from app.simulator.people import Person
from app.simulator.server import create_simulator
from app.web.desk.telephone import SDK, SDK_DIGEST
from tests.guards.tree import ROOT
from tests.web.busy_office import KLARA, PASSWORD, served
from tests.web.pictures import log_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
KEY, SECRET = "SK" + "7" * 32, "the secret of an API key of this account"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}, "resultTypes": ["violations"]}


@contextmanager
def local_network() -> Iterator[tuple[str, dict[str, Any]]]:
    """A loopback address at which the phone network answers once its application is put into the dictionary."""
    later: dict[str, Any] = {}
    server = make_server("127.0.0.1", 0, lambda environ, start: later["app"](environ, start), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", later
    server.shutdown()
    server.server_close()
    thread.join()


@contextmanager
def an_office(environ: dict[str, str], sqlite_url: str, network: str) -> Iterator[tuple[VirtualOffice, str]]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    key = {"TWILIO_API_KEY_SID": KEY, "TWILIO_API_KEY_SECRET": SECRET, "TWILIO_API_URL": network}
    office = VirtualOffice(Settings.read({**environ, **key, "DATABASE_URL": sqlite_url}))
    office.carrier.softphones.keys[KEY] = SECRET
    office.hire("Ada", "+493023125001", "en", "de", available=False)
    with office.runtime.database.sessions.begin() as session:
        set_password(session, session.scalars(sa.select(Staff)).one(), PASSWORD, wall_now=office.clock.now())
    with served(office) as base:
        yield office, base
    office.close()


def at_telephone(
    browser: Browser, base: str, twilio: Callable[[WebSocketRoute], None] | None = None
) -> tuple[Page, list[str]]:
    """Ada has logged in and chosen the browser; gives the page, and what the browser complains about.

    Args:
        twilio: stands at the place of Twilio's signalling; nothing leaves this machine.
    """
    page = browser.new_context(locale="en-GB").new_page()
    if twilio is not None:
        page.route_web_socket("wss://voice-js.roaming.twilio.com/**", twilio)
        page.route("https://*.twilio.com/**", lambda route: route.fulfill(status=200, body="{}"))
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    log_in(page, base, "ada")
    page.goto(f"{base}/desk/telephone")
    page.get_by_role("button", name="Ring in this browser").click()
    return page, complaints


def goes_on(office: VirtualOffice, page: Page, until: Callable[[], bool]) -> None:
    """The office's time passes while the browser looks, until something is so."""
    for _ in range(60):
        if until():
            return
        office.run(seconds=2)
        page.wait_for_timeout(100)
    raise AssertionError(f"it never came to that; the page says: {page.locator('main').inner_text()}")


def ada_of(office: VirtualOffice) -> Staff:
    with office.runtime.database.reads() as session:
        return session.scalars(sa.select(Staff)).one()


def looks_well(page: Page) -> str:
    """What breaks a rule of accessibility or the width of a telephone; "" if nothing does."""
    faults = ""
    for width, colours, rules in ((1280, "light", RULES), (360, "dark", OF_COLOURS)):
        page.set_viewport_size({"width": width, "height": 740})
        page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        found = Axe().run(page, options=rules)
        faults += found.generate_report() if found.violations_count else ""
        if page.evaluate(TOO_WIDE):
            faults += f"too wide for {width} pixels"
    return faults


def test_a_callback_rings_is_answered_and_talked_through_in_the_browser(browser, environ, sqlite_url):
    with local_network() as (network, later), an_office(environ, sqlite_url, network) as (office, base):
        later["app"] = create_simulator(office.carrier)
        office.carrier.introduce(KLARA, Person("Klara", talk_seconds=600))
        call = office.call(KLARA)
        call.press("1").press("1").press("1").say("Ein Wasserkocher").press("1").say("Er pfeift.").press("#")
        for key in ("2", "1", "1", "1"):
            if not call.leg.over:
                call.press(key)
        call.hang_up()
        office.run(minutes=5)
        page, complaints = at_telephone(browser, base)
        state = page.locator("#state")
        expect(state).to_contain_text("This browser rings. You are away")
        desk = page.context.new_page()
        with office.runtime.database.reads() as session:
            desk.goto(f"{base}/desk/cases/{session.scalars(sa.select(Promise)).one().case.protocol}")
        expect(desk.get_by_text("Telephone open")).to_be_visible()
        desk.get_by_role("button", name="now").first.click()

        answer = page.get_by_role("button", name="Answer the call")
        goes_on(office, page, answer.is_visible)
        assert page.title().startswith("☎ It rings")
        page.set_viewport_size({"width": 360, "height": 740})
        assert not page.evaluate(TOO_WIDE)
        answer.click()
        heard = page.get_by_role("log")
        goes_on(office, page, lambda: "press 1" in heard.inner_text())
        page.keyboard.press("1")  # the keys have the focus
        goes_on(office, page, lambda: "Pressed1" in heard.inner_text().replace("\n", ""))
        legs = office.carrier.calls
        goes_on(office, page, lambda: any(leg.to == KLARA and leg.partner for leg in legs))
        page.get_by_label("Say something").fill("Guten Tag, Frau Klara")
        page.get_by_role("button", name="Say it").click()
        goes_on(office, page, lambda: any("Guten Tag, Frau Klara" in leg.heard for leg in legs))
        page.get_by_role("button", name="Mute").click()
        expect(state).to_contain_text("nobody hears you")
        expect(page.get_by_role("link", name="Open the call at the desk")).to_be_visible()
        faults = looks_well(page)
        page.get_by_role("button", name="Hang up").click()
        goes_on(office, page, lambda: "The call is over." in state.inner_text())

        with office.runtime.database.reads() as session:
            attempt = session.scalars(sa.select(Attempt)).one()
        assert (attempt.result, attempt.bridged_at is not None) == ("connected", True)
        assert address_of(ada_of(office), office.clock.now()).startswith("softphone:")
        page.close()
        goes_on(office, desk, lambda: ada_of(office).softphone_until is None)
        desk.context.close()
        assert (faults, complaints) == ("", [])


class Signalling:
    """Twilio's side of the SDK's connection, as far as registering and ringing go."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.socket: WebSocketRoute | None = None
        self.is_there = True

    def connect(self, socket: WebSocketRoute) -> None:
        if not self.is_there:
            socket.close()
            return
        self.socket = socket
        socket.on_message(lambda message: self._hear(str(message).strip()))

    def _hear(self, message: str) -> None:
        if message:  # else a sign of life
            self.told.append(json.loads(message))
            reply = {"listen": "connected", "register": "ready"}.get(self.told[-1]["type"])
            if reply:
                self.send(reply, region="US_EAST_VIRGINIA", edge="roaming")

    def send(self, what: str, **payload: object) -> None:
        assert self.socket is not None
        self.socket.send(json.dumps({"type": what, "payload": payload}))

    def go_away(self) -> None:
        self.is_there = False
        assert self.socket is not None
        self.socket.close()

    def heard(self, what: str) -> list[Any]:
        return [each["payload"] for each in self.told if each["type"] == what]


def test_twilios_sdk_runs_under_our_policy_with_our_token_and_rings(browser, environ, sqlite_url):
    twilio = Signalling()
    with an_office(environ, sqlite_url, "https://api.twilio.com") as (office, base):
        page, complaints = at_telephone(browser, base, twilio.connect)
        state = page.locator("#state")
        expect(state).to_contain_text("This browser rings.", timeout=20_000)
        token = twilio.heard("listen")[0]["token"]
        claims = jwt.decode(token, OctKey.import_key(SECRET), algorithms=["HS256"]).claims
        assert claims["grants"]["identity"] == ada_of(office).softphone_name
        goes_on(office, page, lambda: ada_of(office).softphone_until is not None)
        expect(page.get_by_role("button", name="Allow the microphone")).to_be_visible()

        call = {"CallSid": "CA" + "1" * 32, "From": office.number, "To": "client:ada"}
        twilio.send("invite", callsid=call["CallSid"], sdp="v=0", parameters=call)
        expect(page.locator("#from")).to_contain_text("·")  # the hotline's name and number
        page.get_by_role("button", name="Decline").click()
        expect(page.locator("#ringing")).to_be_hidden()
        assert [each["callsid"] for each in twilio.heard("reject")] == [call["CallSid"]]

        twilio.go_away()
        expect(state).to_contain_text("The phone network cannot be reached", timeout=20_000)
        goes_on(office, page, lambda: ada_of(office).softphone_until is None)
        assert complaints == []
        page.context.close()


def test_the_sdk_is_the_one_that_was_published():
    content = (ROOT / "app/web/static" / SDK).read_bytes()

    assert "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode() == SDK_DIGEST
    assert b'"2.18.5"' in content
    assert "2.18.5" in SDK
