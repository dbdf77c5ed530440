"""Takes the pictures of the pages for the documentation: `scripts/pictures`."""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Page

from app.cli import local_env
from app.jobs import upkeep
from app.migrations.upgrade import upgrade
from app.models.case import Case
from app.settings import Settings, environment
from tests.browser import start_browser
from tests.web.busy_office import PASSWORD, busy_office, served

FOLDER = Path("docs/pictures")
LOCAL = {"PUBLIC_URL": "http://127.0.0.1:8000", "TWILIO_API_URL": "http://127.0.0.1:8001"}


def main(folder: Path = FOLDER) -> None:
    """Take every picture."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as var:
        values = {**local_env.write(Path(var) / "local.env", LOCAL), "VAR_DIR": var}
        settings = Settings.read(values)
        upgrade(settings.database_url)
        with busy_office(settings) as office, served(office) as base, start_browser(environment()) as browser:
            upkeep.keep_log(office.office)
            with office.runtime.database.reads() as session:
                protocols = session.scalars(sa.select(Case.protocol).order_by(Case.id)).all()
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": 1280, "height": 800}, color_scheme=scheme, locale="en-GB"
                )
                page = context.new_page()
                log_in(page, base, "ada")
                take(page, base, "/desk/", folder / f"queue-{scheme}.png")
                take(page, base, f"/desk/cases/{protocols[2]}", folder / f"case-{scheme}.png")
                take(page, base, f"/desk/cases/{protocols[0]}/wrap-up", folder / f"wrap-up-{scheme}.png")
                take(page, base, "/desk/promises/1", folder / f"ledger-{scheme}.png")
                context.close()
                context = browser.new_context(
                    viewport={"width": 1280, "height": 800}, color_scheme=scheme, locale="en-GB"
                )
                page = context.new_page()
                log_in(page, base, "sue")
                take(page, base, "/floor/promises", folder / f"floor-{scheme}.png")
                take(page, base, "/floor/", folder / f"now-{scheme}.png")
                take(page, base, "/floor/calls?range=today&language=de", folder / f"call-log-{scheme}.png")
                take(page, base, "/floor/figures?range=today", folder / f"figures-{scheme}.png")
                context.close()
            context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en-GB")
            page = context.new_page()
            log_in(page, base, "ada")
            take(page, base, "/desk/", folder / "queue-on-a-telephone.png")
            context.close()


def log_in(page: Page, base: str, name: str) -> None:
    """Come in by the form, as people do."""
    page.goto(f"{base}/desk/login")
    page.get_by_label("E-mail").fill(f"{name}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/desk/")


def take(page: Page, base: str, path: str, file: Path) -> None:
    """One picture of what fits on the screen."""
    page.goto(base + path)
    page.screenshot(path=file)
    print(file)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
