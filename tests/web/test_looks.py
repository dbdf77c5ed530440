"""What people see: in both themes, on wide and narrow screens, without script, and by every rule of accessibility."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest
import sqlalchemy as sa
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.cli.virtual_office import VirtualOffice
from app.migrations.upgrade import upgrade
from app.models.case import Case
from app.settings import Settings
from tests.web.busy_office import busy_office, served
from tests.web.pictures import log_in
from tests.web.tour import Stop, endpoint_of, furnish, rules_of_pages, stops

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
RULES: dict[str, object] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def only(*rules: str) -> dict[str, object]:
    return {"runOnly": {"type": "rule", "values": list(rules)}, "resultTypes": ["violations"]}


@dataclass(frozen=True)
class Look:
    """How a page is looked at, and by which rules; what hangs neither on colours nor on width is asked once."""

    name: str
    width: int
    rules: dict[str, object]
    colours: Literal["light", "dark"] = "light"
    are_forced: bool = False


SIZES = ("target-size", "scrollable-region-focusable")
LOOKS = [
    Look("light", 1280, RULES),
    Look("dark, on a telephone", 360, only("color-contrast", "link-in-text-block", *SIZES), colours="dark"),
    Look("forced colours", 800, only(*SIZES), are_forced=True),
    Look("320 pixels", 320, only(*SIZES)),
]


@dataclass
class Desk:
    """The pages of a busy office."""

    office: VirtualOffice
    base: str
    protocols: list[str]
    stops: list[Stop]


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
        furnish(office)
        yield Desk(office, base, protocols, stops(office))


def opened(browser: Browser, desk: Desk, name: str, **look: object) -> tuple[Page, list[str]]:
    context = browser.new_context(locale="en-GB", **look)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if desk.base not in request.url else None)
    if name:
        log_in(page, desk.base, name)
    return page, complaints


def test_the_tour_leaves_no_page_out(desk):
    visited = {endpoint_of(desk.office, stop.path) for stop in desk.stops}

    assert {rule.endpoint for rule in rules_of_pages(desk.office)} - visited == set()


@pytest.mark.parametrize("who", ["", "ada", "sue", "max"])
def test_every_page_obeys_the_rules_of_accessibility_and_fits_its_screen(browser, desk, who):
    page, complaints = opened(browser, desk, who)
    faults = {}
    for stop in desk.stops:
        if stop.who == who:
            page.goto(desk.base + stop.path)
            page.evaluate(AXE_SCRIPT)
            faults |= {(stop.path, look.name): fault for look in LOOKS if (fault := seen(page, look))}
    page.context.close()

    assert faults == {}
    assert [line for line in complaints if "404" not in line] == []


def seen(page: Page, look: Look) -> str:
    """What is wrong with a page that holds axe in this look; nothing, "" if it is well."""
    page.set_viewport_size({"width": look.width, "height": 800})
    page.emulate_media(color_scheme=look.colours, forced_colors="active" if look.are_forced else "none")
    found = Axe("").run(page, options=look.rules)
    too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    broken = found.generate_report() if found.violations_count else ""
    return f"{too_wide} pixels too wide {broken}" if too_wide > 0 else broken


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
    page.clock.install()
    page.reload()
    first = page.locator(".rows .time").last
    before = first.inner_text()
    desk.office.clock.advance(minutes=1)
    page.clock.run_for(5_000)
    expect(first).not_to_have_text(before)
    page.get_by_role("button", name="Pause updates").click()
    still, asked = first.inner_text(), []
    page.on("request", lambda request: asked.append(request) if request.resource_type == "fetch" else None)
    desk.office.clock.advance(minutes=1)
    page.clock.run_for(60_000)
    stood, in_vain = first.inner_text(), len(asked)
    page.locator("[data-pause]").click()
    page.clock.run_for(5_000)
    expect(first).not_to_have_text(still)
    page.context.close()

    assert (stood, in_vain) == (still, 0)
    assert complaints == []
