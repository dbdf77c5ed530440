"""The browser telephone, opened on a fake phone network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.simulator_page.fake import FakeNetwork, RunningFake

expect.set_options(timeout=20_000)  # the machine may be busy with other tests


@pytest.fixture
def running() -> Iterator[RunningFake]:
    """A fake phone network that serves the page."""
    fake = RunningFake()
    yield fake
    fake.stop()


@pytest.fixture
def network(running: RunningFake) -> FakeNetwork:
    """What the fake network knows."""
    return running.network


@pytest.fixture
def faults(page: Page) -> list[str]:
    """What the browser complains about: errors of scripts, refused loads, requests to other hosts."""
    seen: list[str] = []
    page.on("console", lambda message: seen.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("request", lambda request: seen.append(request.url) if "//127.0.0.1" not in request.url else None)
    return seen


@pytest.fixture
def telephone(page: Page, running: RunningFake, faults: list[str]) -> Iterator[Page]:
    """The page, ready to dial; it must not complain until it is closed."""
    page.set_default_timeout(20_000)
    page.goto(running.url)
    page.get_by_label("You call").locator("option").first.wait_for(state="attached")
    yield page
    assert faults == []
