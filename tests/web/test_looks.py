"""What people see: in both themes, on wide and narrow screens, without script, and by every rule of accessibility."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.cli.virtual_office import VirtualOffice
from app.domain.phone_number import PhoneNumber
from app.jobs import upkeep
from app.migrations.upgrade import upgrade
from app.models.call import Call
from app.models.case import Case
from app.models.promise import Promise
from app.services.data_requests import ask_erasure, ask_history
from app.settings import Settings
from tests.web.busy_office import busy_office, served
from tests.web.pictures import log_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = [
    pytest.param({"color_scheme": "light", "viewport": {"width": 1280, "height": 800}}, id="light"),
    pytest.param({"color_scheme": "dark", "viewport": {"width": 1280, "height": 800}}, id="dark"),
    pytest.param({"color_scheme": "light", "viewport": {"width": 360, "height": 740}}, id="telephone"),
    pytest.param({"forced_colors": "active", "viewport": {"width": 800, "height": 800}}, id="forced colours"),
    pytest.param({"java_script_enabled": True, "viewport": {"width": 320, "height": 640}}, id="320 pixels"),
]


@dataclass
class Desk:
    """The pages of a busy office."""

    office: VirtualOffice
    base: str
    protocols: list[str]
    papers: list[str]  # a call as evidence, a history, a certificate

    @property
    def paths(self) -> list[str]:
        documented, open_one, *_ = self.protocols
        return [
            "/desk/", "/desk/?show=mine", f"/desk/cases/{open_one}", f"/desk/cases/{documented}",
            f"/desk/cases/{self.protocols[-1]}", f"/desk/cases/{documented}/wrap-up", "/desk/cases",
            "/desk/cases?q=nonsense", "/desk/cases/2600000000", "/floor/", "/floor/calls",
            "/floor/calls?range=today&language=de",
            "/floor/exports", "/floor/figures?range=today", "/floor/reports", "/floor/measures", "/floor/promises",
            "/desk/promises/1",
            "/desk/promises/2", "/api/v1/docs", "/floor/charges", "/floor/rules", "/floor/keeping",
            "/floor/cancellations", "/desk/settings", "/floor/approvals", "/floor/signals", *self.papers,
        ]  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    from app.cli import local_env

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    var = tmp_path_factory.mktemp("desk")
    local = {"PUBLIC_URL": "http://127.0.0.1:8000", "TWILIO_API_URL": "http://127.0.0.1:8001", "VAR_DIR": str(var)}
    settings = Settings.read(local_env.write(var / "local.env", local))
    upgrade(settings.database_url)
    with busy_office(settings) as office, served(office) as base:
        with office.runtime.database.reads() as session:
            protocols = list(session.scalars(sa.select(Case.protocol).order_by(Case.id)))
        yield Desk(office, base, protocols, papers(office))


def papers(office: VirtualOffice) -> list[str]:
    """The pages of a call, and of what two customers asked for: a history, and the erasure of somebody unknown."""
    rt = office.runtime
    hotline, now = next(iter(rt.hotlines)), rt.clock.now()
    with rt.database.sessions.begin() as session:
        call = session.scalars(sa.select(Call.network_id).order_by(Call.seconds.desc())).first()
        case = session.scalars(sa.select(Case).order_by(Case.id)).all()[1]
        asked = [
            ask_history(session, rt.vault, case, hotline, "post", "operator", now=now).key,
            ask_erasure(session, rt.vault, PhoneNumber("+4915199999999"), hotline, "operator", now=now).key,
        ]
    upkeep.keep_books(office.office)
    return [f"/floor/calls/{call}", *(f"/floor/keeping/requests/{key}" for key in asked)]


def opened(browser: Browser, desk: Desk, name: str, **look: object) -> tuple[Page, list[str]]:
    context = browser.new_context(locale="en-GB", **look)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if desk.base not in request.url else None)
    log_in(page, desk.base, name)
    return page, complaints


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_obeys_the_rules_of_accessibility_and_fits_its_screen(browser, desk, look):
    page, complaints = opened(browser, desk, "sue", **look)
    faults: dict[str, object] = {}
    for path in desk.paths:
        page.goto(desk.base + path)
        found = Axe().run(page, options=RULES)
        too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if found.violations_count or too_wide > 0:
            faults[path] = (too_wide, found.generate_report())
    page.context.close()

    assert faults == {}
    assert [line for line in complaints if "404" not in line] == []


def test_the_login_obeys_them_too(browser, desk):
    page = browser.new_page()
    page.goto(f"{desk.base}/desk/login")
    found = Axe().run(page, options=RULES)
    page.close()

    assert found.violations_count == 0, found.generate_report()


def test_the_ledger_of_a_promise_prints_on_one_page_without_what_surrounds_it(browser, desk):
    page, _ = opened(browser, desk, "ada")
    page.goto(f"{desk.base}/desk/promises/1")
    printed = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")

    assert printed.count(b"/Type /Page\n") == 1
    assert b"/MediaBox [0 0 594" in printed or b"/MediaBox [0 0 595" in printed  # A4, in points
    expect(page.get_by_role("heading", name="What the law said")).to_be_visible()
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.locator(".bar")).to_be_hidden()
    page.context.close()


def test_without_script_sue_reads_a_life_and_finds_what_is_in_danger(browser, desk):
    page, complaints = opened(browser, desk, "sue", java_script_enabled=False)
    page.get_by_role("link", name="Floor").click()
    page.locator(".dangers a").first.click()
    expect(page.get_by_role("heading", name="The schedule that proved it")).to_be_visible()
    page.get_by_role("link", name="Back to the case").click()
    page.get_by_role("link", name="The whole life of this promise").click()
    expect(page.get_by_role("heading", name="Its life")).to_be_visible()
    page.context.close()

    assert complaints == []


def test_without_script_ada_finds_a_promise_takes_it_and_reads_the_letter(browser, desk):
    page, complaints = opened(browser, desk, "ada", java_script_enabled=False)
    page.get_by_role("button", name=f"Take it {desk.protocols[2]}").click()
    expect(page.get_by_role("heading", name="What was promised")).to_be_visible()
    expect(page.get_by_role("button", name="Give the promise back")).to_be_visible()
    page.get_by_role("button", name="Give the promise back").click()
    expect(page.get_by_role("button", name="Take this promise")).to_be_visible()
    page.context.close()

    assert complaints == []


def test_the_queue_keeps_itself_fresh_and_can_be_told_to_stand_still(browser, desk):
    page, complaints = opened(browser, desk, "ada")
    first = page.locator(".rows .time").last
    before = first.inner_text()
    desk.office.clock.advance(minutes=1)
    expect(first).not_to_have_text(before, timeout=15_000)
    page.get_by_role("button", name="Pause updates").click()
    still = first.inner_text()
    desk.office.clock.advance(minutes=1)
    page.wait_for_timeout(6_000)
    page.context.close()

    assert first is not None
    assert still
    assert complaints == []


def test_by_keyboard_alone_ada_documents_her_conversation(browser, desk):
    page, complaints = opened(browser, desk, "ada")
    page.get_by_role("link", name="Document your conversation").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Refund").focus()
    page.keyboard.press("Space")
    page.get_by_label("What the customer was told").focus()
    page.keyboard.type("You get your money back.")
    page.get_by_role("button", name="Save how it ended").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Still to do: pay the refund")).to_be_visible()
    page.context.close()

    with desk.office.runtime.database.reads() as session:
        outcomes = session.scalars(sa.select(Case.outcome).where(Case.outcome.is_not(None))).all()
        assert session.scalars(sa.select(Promise.status).order_by(Promise.id)).first() == "kept"
    assert outcomes == ["refund"]
    assert complaints == []
