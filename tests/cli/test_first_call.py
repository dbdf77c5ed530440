"""The first five minutes: dial in the browser, hear the deadline, turn the clock up, be called back before it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from app.domain.clock import SystemClock
from app.migrations.upgrade import upgrade
from app.models.engines import Database
from app.models.office import ClockAnchor
from app.models.promise import Promise
from app.settings import environment
from tests.cli.test_up import lines_until_ready, started, two_free_ports

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PATIENCE = 30_000  # milliseconds; the machine may be busy with other tests


@dataclass
class RunningOffice:
    """What `scripts/run` started."""

    telephone: str
    database: Database

    def promise(self) -> Promise | None:
        with self.database.reads() as session:
            return session.scalar(sa.select(Promise))

    def promise_that_is(self, status: str) -> Promise:
        until = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < until:
            promise = self.promise()
            if promise is not None and promise.status == status:
                return promise
            time.sleep(0.1)
        raise AssertionError(f"no promise became {status}")


@pytest.fixture
def monday_morning(tmp_path: Path, clock) -> str:  # type: ignore[no-untyped-def]
    """A database whose office clock shows Monday, ten o'clock in Berlin: whenever this runs, agents are there."""
    url = f"sqlite:///{tmp_path / 'office.db'}"
    upgrade(url)
    database = Database(url)
    with database.sessions.begin() as session:
        session.add(ClockAnchor(id=1, base_speed=1.0, speed=1.0, wall_at=SystemClock().now(), office_at=clock.now()))
    database.dispose()
    return url


@pytest.fixture
def office(monday_morning: str, var_dir: Path) -> Iterator[RunningOffice]:
    environ = {"PATH": environment()["PATH"], "VAR_DIR": str(var_dir), "DATABASE_URL": monday_morning}
    port = two_free_ports()
    with started(environ, port) as process:
        lines_until_ready(process)
        database = Database(monday_morning)
        yield RunningOffice(f"http://127.0.0.1:{port + 1}/phone", database)
        database.dispose()
        process.terminate()
        process.wait(timeout=20)


def complain(page: Page, talk: Locator) -> None:
    def press(key: str, when: str) -> None:
        expect(talk).to_contain_text(when, timeout=PATIENCE)
        page.locator(f"#phone [data-key='{key}']").click()

    def say(words: str, when: str) -> None:
        expect(talk).to_contain_text(when, timeout=PATIENCE)
        page.get_by_label("Say something", exact=True).fill(words)
        page.get_by_role("button", name="Say it").first.click()

    press("1", when="Für eine Beschwerde")
    press("2", when="Dürfen wir")
    press("1", when="Worum geht es")
    say("Ein Wasserkocher", when="Um welches Produkt")
    press("1", when="Was trifft am ehesten zu")
    say("Er ist nach zwei Tagen kaputt gegangen.", when="in wenigen Sätzen")
    press("2", when="verletzt")
    press("1", when="Was wünschen Sie sich von uns")
    press("1", when="Sollen wir Sie unter")
    press("1", when="Und zwar: Ein Wasserkocher")


def test_a_call_from_the_browser_ends_in_a_callback_before_the_deadline(page: Page, office: RunningOffice) -> None:
    page.goto(office.telephone)
    page.get_by_role("button", name="Call", exact=True).click()
    talk = page.get_by_role("log", name="What is heard, pressed and said")
    complain(page, talk)
    expect(talk).to_contain_text("Wir rufen Sie spätestens", timeout=PATIENCE)
    page.locator("#stop").click()
    assert office.promise_that_is("open").spoken_text is not None

    page.get_by_role("button", name="60×", exact=True).click()
    ringing = page.get_by_role("alert").filter(has_text="The hotline calls you back!")
    expect(ringing).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("log", name="What the agent hears")).to_contain_text("drücken Sie die 1", timeout=PATIENCE)
    ringing.get_by_role("button", name="Answer").click()
    expect(talk).to_contain_text("mit dem versprochenen Rückruf", timeout=PATIENCE)
    page.locator("#phone [data-key='1']").click()

    promise = office.promise_that_is("kept")
    assert promise.ended_at is not None
    assert promise.ended_at < promise.due_at
    expect(page.locator("#state")).to_have_text("Connected – talk", timeout=PATIENCE)
