"""An office with people at their browsers: a conversation to document, and two promises that are open."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Browser, Page
from sqlalchemy import orm

from app.cli import local_env
from app.cli.virtual_office import VirtualOffice
from app.domain.protocol import new_protocol
from app.migrations.upgrade import upgrade
from app.models.case import Case
from app.models.promise import Promise
from app.services.passwords import set_password
from app.settings import Settings
from tests.web.busy_office import PASSWORD, served
from tests.web.make import make_attempt, make_case, make_promise, make_staff
from tests.web.pictures import log_in

DRAWN = ("1234567", "7654321", "2222222")


@dataclass
class Room:
    """An office with people at their browsers."""

    office: VirtualOffice
    base: str
    people: dict[str, Page]
    faults: list[str]  # what any browser complained of
    protocols: list[str]

    def all_open(self, path: str, *names: str) -> list[Page]:
        """The same page before each of these people."""
        for name in names:
            self.people[name].goto(self.base + path)
        return [self.people[name] for name in names]

    def case(self, number: int) -> str:
        return f"/desk/cases/{self.protocols[number]}"

    def let_go(self) -> None:
        """Nobody holds any promise."""
        with self.office.runtime.database.sessions.begin() as session:
            session.execute(sa.update(Promise).values(owner_id=None))

    def promise_of(self, number: int) -> Promise:
        with self.office.runtime.database.reads() as session:
            query = sa.select(Promise).join(Case, Case.id == Promise.case_id).order_by(Promise.id.desc()).limit(1)
            return session.scalars(query.where(Case.protocol == self.protocols[number])).one()


@contextmanager
def open_room(var: Path, browser: Browser, *names: str) -> Iterator[Room]:
    """An office whose files are kept in `var`, with these people logged in, each in a browser of their own."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    local = {"PUBLIC_URL": "http://127.0.0.1:8000", "TWILIO_API_URL": "http://127.0.0.1:8001", "VAR_DIR": str(var)}
    settings = Settings.read(local_env.write(var / "local.env", local))
    upgrade(settings.database_url)
    office = VirtualOffice(settings, unproved=True)
    with office.runtime.database.sessions.begin() as session:
        protocols = people_and_matters(session, office)
    with served(office) as base:
        room = Room(office, base, {}, [], protocols)
        for name in names:
            room.people[name] = new_window(browser, room.faults)
            log_in(room.people[name], base, name)
        yield room
        for page in room.people.values():
            page.context.close()
    office.close()


def people_and_matters(session: orm.Session, office: VirtualOffice) -> list[str]:
    """Two agents, a supervisor, an administrator; a conversation to document, and two open promises: their cases."""
    now, vault = office.clock.now(), office.runtime.vault
    staff = [
        make_staff(session, "Ada", "agent", now, email="ada@example.org", phone="+493023125001"),
        make_staff(session, "Mira", "agent", now, email="mira@example.org", phone="+493023125003"),
        make_staff(session, "Sue", "supervisor", now, email="sue@example.org"),
        make_staff(session, "Max", "admin", now, email="max@example.org"),
    ]
    for each in staff:
        set_password(session, each, PASSWORD, wall_now=office.runtime.wall.now())
    protocols = [new_protocol(now, drawn) for drawn in DRAWN]
    for number, product in enumerate(("kettle", "a toaster", "Ein Staubsauger")):
        case = make_case(session, vault, now, {"matter.product": product}, protocol=protocols[number])
        promise = make_promise(session, vault, case, now, phone=f"+4930231250{50 + number}")
        if number == 0:
            promise.status = "kept"
            make_attempt(session, staff[0], promise, now)
    return protocols


def new_window(browser: Browser, faults: list[str]) -> Page:
    """A browser in which nobody is logged in yet; what it complains of is added to `faults`."""
    page = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return page
