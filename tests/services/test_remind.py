"""However many clock processes look at the same moment, each reminder and each forewarning is said once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from app.models.case import CaseEvent
from app.models.outbox import OutboxItem
from app.models.promise import Promise
from app.models.reminder import Forewarning, Reminder
from app.models.staff import Staff
from app.runtime import Runtime
from app.services.remind import plan_reminders, say_reminders
from app.services.repromise import AT_ONCE, forewarn
from app.services.set_desk import choose_ways
from tests.web.make import make_case, make_promise, make_staff

CLOCKS, PROMISES = 6, 8


@pytest.fixture
def promised(runtime: Runtime) -> Runtime:
    """Promises that nobody keeps, twenty minutes before their deadline; a supervisor with a telephone."""
    now = runtime.clock.now()
    with runtime.database.sessions.begin() as session:
        make_staff(session, "Sue", "supervisor", now, phone="+4915112345699")
        for number in range(PROMISES):
            case = make_case(session, runtime.vault, now, protocol=f"26000000{number:02d}")
            promise = make_promise(
                session, runtime.vault, case, now - timedelta(hours=4), due_at=now + timedelta(minutes=20),
                latest_start_at=now - timedelta(minutes=30), phone=f"+49151123450{number:02d}",
            )  # fmt: skip
            plan_reminders(session, promise, runtime.board.hotline_named(promise.hotline))
    return runtime


def at_once(work: Callable[[], int]) -> int:
    """The sum of what so many clocks find, all of which begin at the same moment."""
    together = Barrier(CLOCKS)

    def run() -> int:
        together.wait()
        return work()

    with ThreadPoolExecutor(CLOCKS) as clocks:
        return sum(each.result() for each in [clocks.submit(run) for _ in range(CLOCKS)])


def test_each_reminder_is_said_by_one_clock(promised: Runtime) -> None:
    said = at_once(lambda: say_reminders(promised.board, now=promised.clock.now()))

    with promised.database.reads() as session:
        kinds = session.scalars(sa.select(CaseEvent.kind).where(CaseEvent.kind.in_(("reminded", "escalated")))).all()
        texts = session.scalars(sa.select(OutboxItem.key)).all()
    assert said == 2 * PROMISES
    assert (kinds.count("reminded"), kinds.count("escalated")) == (PROMISES, PROMISES)
    assert len(texts) == len(set(texts))


def test_each_customer_is_forewarned_by_one_clock(promised: Runtime) -> None:
    told = at_once(lambda: forewarn(promised.board, now=promised.clock.now(), wall_now=promised.clock.now()))

    with promised.database.reads() as session:
        forewarned = session.scalars(sa.select(Forewarning.promise_id)).all()
        texts = session.scalars(sa.select(OutboxItem.key).where(OutboxItem.key.contains(":text.foreseen"))).all()
    assert told == PROMISES
    assert len(set(forewarned)) == len(forewarned) == len(texts) == PROMISES


def test_where_many_are_to_be_told_the_clock_stands_still_for_none_of_them_for_long(promised: Runtime) -> None:
    now = promised.clock.now()
    with promised.database.sessions.begin() as session:
        for number in range(AT_ONCE):
            case = make_case(session, promised.vault, now, protocol=f"27000000{number:02d}", key=f"more-{number}")
            make_promise(
                session, promised.vault, case, now - timedelta(hours=4), key=f"more-{number}",
                due_at=now + timedelta(minutes=25), phone=f"+49151123460{number:02d}",
            )  # fmt: skip
    told = [forewarn(promised.board, now=now, wall_now=now) for _ in range(3)]

    assert told == [AT_ONCE, PROMISES, 0]


def test_planning_again_plans_nothing_new(promised: Runtime) -> None:
    with promised.database.sessions.begin() as session:
        promise = session.scalars(sa.select(Promise)).first()
        assert promise is not None
        plan_reminders(session, promise, promised.board.hotline_named(promise.hotline))

    with promised.database.reads() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Reminder)) == 2 * PROMISES


def test_who_has_left_is_reminded_of_nothing(promised: Runtime) -> None:
    now = promised.clock.now()
    with promised.database.sessions.begin() as session:
        gone = make_staff(session, "Ada", "agent", now, phone="+493023125001", disabled_at=now)
        session.execute(sa.update(Promise).values(owner_id=gone.id))
    say_reminders(promised.board, now=now)

    with promised.database.reads() as session:
        sue = session.scalars(sa.select(Staff.id).where(Staff.name == "Sue")).one()
        assert {tuple(told) for told in session.scalars(sa.select(Reminder.told))} == {(sue,)}


@pytest.mark.parametrize(
    ("chosen", "by_mail", "expected"),
    [
        (None, False, {"text"}),
        (None, True, {"text", "letter"}),
        (["email"], True, {"letter"}),
        (["text"], True, {"text"}),
        (["email"], False, {"text"}),  # the office has no mail server: told by the other way
    ],
)
def test_a_supervisor_is_reminded_by_the_ways_they_chose(
    promised: Runtime, chosen: list[str] | None, by_mail: bool, expected: set[str]
) -> None:
    with promised.database.sessions.begin() as session:
        sue = session.scalars(sa.select(Staff).where(Staff.name == "Sue")).one()
        if chosen is not None:
            assert choose_ways(session, sue, chosen) == chosen
    say_reminders(promised.board, now=promised.clock.now(), by_mail=by_mail)

    with promised.database.reads() as session:
        kinds = session.scalars(sa.select(OutboxItem.kind)).all()
        letters = session.scalars(sa.select(OutboxItem).where(OutboxItem.kind == "letter")).all()
        assert set(kinds) == expected
        assert all(kinds.count(kind) in (PROMISES, 2 * PROMISES) for kind in expected)
        for each in letters[:1]:
            letter = promised.vault.open(each.payload, f"outbox:{each.key}")
            assert letter["to"] == "sue@office.example"
            assert letter["subject"].startswith("A promised call is pressing: by ")
            assert "/desk/cases/26000000" in letter["body"]
            assert "+4915112345000" not in str(letter)


def test_who_has_no_telephone_is_reminded_by_letter_whatever_they_chose(promised: Runtime) -> None:
    with promised.database.sessions.begin() as session:
        session.execute(sa.update(Staff).values(phone=None, desk={"ways": ["text"]}))
    say_reminders(promised.board, now=promised.clock.now(), by_mail=True)

    with promised.database.reads() as session:
        assert set(session.scalars(sa.select(OutboxItem.kind))) == {"letter"}
