"""An office on a Monday morning: real calls through the local phone network, and people who look at the desk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa
from werkzeug.serving import make_server

from app.cli.virtual_office import VirtualOffice
from app.models.case import Case
from app.models.promise import Promise
from app.models.staff import Staff
from app.services.logins import begin_login
from app.services.passwords import set_password
from app.settings import Settings

PASSWORD = "a very quiet kettle"
KLARA, OLIVER, AMRA, CEM, BIA = "+493023125042", "+442079460123", "+38733555123", "+4917612345678", "+5511961234567"


@contextmanager
def busy_office(settings: Settings) -> Iterator[VirtualOffice]:
    """An office in which one conversation waits to be documented, and several promises are open."""
    office = VirtualOffice(settings)
    try:
        _hire(office)
        _complain(office, KLARA, "Ein Wasserkocher", "Er pfeift seit Dienstag wunderschön, aber er kocht nicht mehr.")
        office.run(minutes=20)
        _send_agents_away(office)
        _complain(office, OLIVER, "a toaster", "I bought one toaster and was charged for two.", english=True)
        office.run(minutes=25)
        _complain(office, CEM, "Ein Staubsauger", "Er bläst, anstatt zu saugen; der Staub ist jetzt an der Decke.")
        office.run(minutes=40)
        _complain(office, AMRA, "Ein Mixer", "Der Deckel flog ab und hat meine Hand verletzt.", is_hurt=True)
        office.run(minutes=5)
        _make_one_late(office)
        yield office
    finally:
        office.close()


def token_of(office: VirtualOffice, name: str) -> str:
    """A login of somebody."""
    with office.runtime.database.sessions.begin() as session:
        person = session.scalars(sa.select(Staff).where(Staff.name == name)).one()
        return begin_login(session, person, wall_now=office.runtime.wall.now())


@contextmanager
def served(office: VirtualOffice) -> Iterator[str]:
    """The office's pages at a loopback address."""
    server = make_server("127.0.0.1", 0, office.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _hire(office: VirtualOffice) -> None:
    office.hire("Ada", "+493023125001", "en", "de")
    office.hire("Mira", "+493023125003", "de", "bs", available=False)
    office.hire("Sue", "+493023125004", "en", available=False)
    with office.runtime.database.sessions.begin() as session:
        session.execute(sa.update(Staff).where(Staff.name == "Sue").values(role="supervisor", phone=None))
        for person in session.scalars(sa.select(Staff)):
            set_password(session, person, PASSWORD, wall_now=office.runtime.wall.now())


def _complain(
    office: VirtualOffice, number: str, product: str, story: str, *, english: bool = False, is_hurt: bool = False
) -> None:
    call = office.call(number)
    if english and "omplaint" not in call.last_heard:
        call.press("6")
    call.press("1").press("1").press("1").say(product).press("1")
    call.say(story).press("#")
    call.press("1" if is_hurt else "2")
    for key in ("1", "1", "1"):
        if not call.leg.over:
            call.press(key)
    call.hang_up()


def _send_agents_away(office: VirtualOffice) -> None:
    with office.runtime.database.sessions.begin() as session:
        session.execute(sa.update(Staff).values(available=False))


def _make_one_late(office: VirtualOffice) -> None:
    """Nobody was there for the first of the open promises."""
    now = office.clock.now()
    with office.runtime.database.sessions.begin() as session:
        first = session.scalars(
            sa.select(Promise)
            .join(Case)
            .where(Promise.status == "open", Case.severity == "normal")
            .order_by(Promise.id)
        ).first()
        assert first is not None
        first.due_at, first.latest_start_at = now - timedelta(minutes=12), now - timedelta(minutes=50)
