"""Takes the pictures of the pages for the documentation: `scripts/pictures`."""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, ViewportSize

from app.cli import local_env
from app.migrations.upgrade import upgrade
from app.settings import Settings, environment
from tests.browser import start_browser
from tests.web.busy_office import PASSWORD, busy_office, served
from tests.web.tour import Stop, furnish, stops

FOLDER = Path("docs/pictures")
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 360, "height": 740}
IN_DARK = ("queue", "case", "wrap-up", "ledger", "floor", "promises", "calls", "figures", "campaign")
ON_TELEPHONES = ("queue", "case", "floor")
OF = {"": "For everybody", "ada": "For an agent", "sue": "For a supervisor", "max": "For an administrator"}
LOCAL = {"PUBLIC_URL": "http://127.0.0.1:8000", "TWILIO_API_URL": "http://127.0.0.1:8001"}


def main(folder: Path = FOLDER) -> None:
    """Take every picture, and write the page that shows them."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as var:
        values = {**local_env.write(Path(var) / "local.env", LOCAL), "VAR_DIR": var}
        settings = Settings.read(values)
        upgrade(settings.database_url)
        with busy_office(settings) as office, served(office) as base, start_browser(environment()) as browser:
            furnish(office)
            route = stops(office)
            for who in dict.fromkeys(stop.who for stop in route):
                context = browser.new_context(viewport=WIDE, locale="en-GB")
                page = context.new_page()
                if who:
                    log_in(page, base, who)
                for stop in route:
                    if stop.who == who:
                        take(page, base, stop.path, folder / f"{stop.name}-light.png")
                        if stop.name in IN_DARK:
                            take_again(page, folder / f"{stop.name}-dark.png", WIDE, dark=True)
                        if stop.name in ON_TELEPHONES:
                            take_again(page, folder / f"{stop.name}-on-a-telephone.png", NARROW, dark=False)
                context.close()
            (folder / "README.md").write_text(index(route), encoding="utf-8")


def index(route: list[Stop]) -> str:
    """A page with every picture, by whose login it was taken."""
    lines = ["# Every page, as `scripts/pictures` found it", ""]
    for who in dict.fromkeys(stop.who for stop in route):
        lines += [f"## {OF[who]}", ""]
        for stop in route:
            if stop.who == who:
                lines += [f"### {stop.name.replace('-', ' ')}", "", f"![{stop.name}]({stop.name}-light.png)", ""]
    return "\n".join(lines)


def log_in(page: Page, base: str, name: str) -> None:
    """Come in by the form, as people do."""
    page.goto(f"{base}/desk/login")
    page.get_by_label("E-mail").fill(f"{name}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/desk/")


def take_again(page: Page, file: Path, size: ViewportSize, *, dark: bool) -> None:
    """The same page in another look; afterwards it looks as before."""
    page.set_viewport_size(size)
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.screenshot(path=file)
    print(file)
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")


def take(page: Page, base: str, path: str, file: Path) -> None:
    """One picture of what fits on the screen."""
    page.goto(base + path)
    page.screenshot(path=file)
    print(file)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
