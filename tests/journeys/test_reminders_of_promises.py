"""Nobody learns of a promise when it is too late: owner, then supervisor, while it can still be kept (T11, T15)."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.models.promise import Promise
from app.models.reminder import Reminder
from app.models.staff import Staff
from app.promising.reminders import Level
from app.services.remind import say_reminders
from app.services.rescue import assign_and_ring
from tests.journeys.cast import ADA, BEN, CORA, complain_and_hang_up
from tests.journeys.stage import Stage

SUE = "+4915112345699"


def reminders(office: Stage) -> dict[str, Reminder]:
    """The reminders of the only promise."""
    with office.runtime.database.reads() as session:
        return {each.level: each for each in session.scalars(sa.select(Reminder).order_by(Reminder.id))}


def supervise(office: Stage, name: str = "Sue", phone: str = SUE) -> int:
    """Employ a supervisor with a mobile telephone, who takes no calls."""
    staff_id = office.hire(name, phone, "de", available=False)
    with office.runtime.database.sessions.begin() as session:
        session.execute(sa.update(Staff).where(Staff.id == staff_id).values(role="supervisor"))
    return staff_id


def when_due(office: Stage, level: Level) -> datetime:
    """When this level is to be reminded."""
    return reminders(office)[level.value].due_at


def test_the_owner_is_reminded_at_half_and_the_supervisor_at_a_quarter_of_the_slack(office: Stage) -> None:
    """Each at their moment, and not before."""
    sue = supervise(office)
    ada = office.hire("Ada", ADA, available=False)
    complain_and_hang_up(office)
    with office.runtime.database.sessions.begin() as session:
        session.get_one(Promise, office.promise().id).owner_id = ada
    promise = office.promise()
    room = promise.latest_start_at - promise.made_at

    office.wait_until(promise.made_at + room * 0.49)
    assert [each.said_at for each in reminders(office).values()] == [None, None]
    office.wait_until(promise.made_at + room * 0.51)
    assert reminders(office)["owner"].told == [ada]
    assert reminders(office)["supervisor"].said_at is None
    office.wait_until(promise.made_at + room * 0.76)
    assert reminders(office)["supervisor"].told == [sue]
    assert [kind for kind in office.history() if kind in ("reminded", "escalated")] == ["reminded", "escalated"]


def test_a_promise_that_nobody_owns_is_everybodys_who_is_there_and_speaks_the_language(office: Stage) -> None:
    """Those who are away, or speak another language, are left alone."""
    supervise(office)
    ada = office.hire("Ada", ADA, "de", available=False)
    office.hire("Ben", BEN, "en", available=False)
    complain_and_hang_up(office)
    with office.runtime.database.sessions.begin() as session:
        session.execute(
            sa.update(Staff).where(Staff.role == "agent").values(available=True, engaged_with="another conversation")
        )
    office.wait_until(when_due(office, Level.OWNER))
    office.wait(seconds=5)

    assert reminders(office)["owner"].told == [ada]


def test_an_escalation_names_who_can_still_save_it_and_reaches_the_supervisors_telephone(office: Stage) -> None:
    """A case number, a time and names; nothing of the customer."""
    supervise(office)
    complain_and_hang_up(office)
    office.wait_until(when_due(office, Level.SUPERVISOR) - timedelta(minutes=1))
    with office.runtime.database.sessions.begin() as session:
        session.execute(sa.update(Promise).values(next_attempt_at=office.promise().due_at))
    office.hire("Ada", ADA)
    office.wait(minutes=2)

    (text,) = [text for text in office.texts_to(SUE) if "Drei Viertel" in text]
    assert "Ada" in text
    assert CORA not in text


def test_of_many_clock_processes_one_says_each_reminder(office: Stage) -> None:
    """Exactly once per promise and level, however many look."""
    supervise(office)
    complain_and_hang_up(office)
    office.clock.set(when_due(office, Level.SUPERVISOR))
    said = [say_reminders(office.runtime.board, now=office.clock.now()) for _ in range(5)]

    assert said == [2, 0, 0, 0, 0]
    assert [kind for kind in office.history() if kind in ("reminded", "escalated")] == ["reminded", "escalated"]


def test_a_kept_promise_reminds_nobody(office: Stage) -> None:
    """What has ended needs no word."""
    supervise(office)
    office.hire("Ada", ADA)
    complain_and_hang_up(office)
    office.wait(hours=5)

    assert office.promise().status == "kept"
    assert [each.said_at for each in reminders(office).values()] == [None, None]
    assert office.texts_to(SUE) == []


def test_one_click_of_the_supervisor_rings_the_agent_and_then_the_customer_at_once(office: Stage) -> None:
    """Although the next try was far away, and somebody else had been free for longer."""
    sue = supervise(office)
    complain_and_hang_up(office)
    promise = office.promise()
    with office.runtime.database.sessions.begin() as session:
        session.execute(sa.update(Promise).values(next_attempt_at=promise.due_at))
    ada, ben = office.hire("Ada", ADA), office.hire("Ben", BEN)
    office.wait_until(when_due(office, Level.SUPERVISOR))
    with office.runtime.database.sessions.begin() as session:
        agent, by = session.get_one(Staff, ben), session.get_one(Staff, sue)
        assign_and_ring(session, office.runtime.vault, promise.id, agent, by, now=office.clock.now())
    clicked_at = office.clock.now()
    office.wait(minutes=2)

    (attempt,) = office.attempts()
    assert attempt.staff_id == ben != ada
    assert attempt.started_at - clicked_at < timedelta(seconds=2)
    assert office.promise().status == "kept"
    assert "rescued" in office.history()
