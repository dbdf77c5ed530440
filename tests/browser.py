"""Headless Chromium for tests: `$CHROMIUM`, else the one on the machine, else Playwright's own."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# It runs as root in containers, and must not speak to anybody on its own account.
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


class NoBrowser(Exception):
    """Chromium was not found; the message says where it was looked for."""


@contextlib.contextmanager
def start_browser(environ: Mapping[str, str]) -> Iterator[Browser]:
    """A Chromium for the length of the block.

    Raises:
        NoBrowser: if there is none on this machine.
    """
    given = environ.get("CHROMIUM")
    with sync_playwright() as playwright:
        candidates = [given] if given else [*map(shutil.which, NAMES), playwright.chromium.executable_path]
        found = next((path for path in candidates if path and Path(path).exists()), None)
        if found is None:
            raise NoBrowser(f"no Chromium: $CHROMIUM, {', '.join(NAMES)} in PATH, `playwright install chromium`")
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()
