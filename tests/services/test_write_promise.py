"""A promise is written down with the plan that keeps it, and no two promises count on the same agent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.domain.complaint import ComplaintRecord
from app.domain.hotline import CallbackRules, Shift
from app.domain.phone_number import PhoneNumber
from app.models.case import Case
from app.models.engines import Database
from app.models.handling import LONGEST_WRAP_UP, measured_seconds
from app.models.patience import HURRIED, patience
from app.models.promise import Attempt, Promise
from app.models.records import seal_record
from app.models.staff import Staff
from app.models.vault import Vault
from app.promising.handling import ENOUGH
from app.promising.load import open_promise
from app.promising.proof import THIS, schedule_of
from app.services.weigh_load import wait_to_promise, weigh_load, with_measured_handling
from app.services.write_promise import write_promise
from tests.domain.offices import hotline
from tests.promising.checker import faults

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)  # Monday, ten in Berlin
VAULT = Vault((("k1", bytes(range(32))),))
MINUTE = timedelta(minutes=1)
ONE = Shift(1, ("de", "en"))
OFFICE = hotline(staffing=(ONE,), callback=CallbackRules(lead=30 * MINUTE))


@pytest.fixture
def database(database_url):
    database = Database(database_url, pool_size=10)
    yield database
    database.dispose()


def _case(session, number, kind="complaint"):
    case = Case(
        key=f"k{number}", protocol=f"p{number}", kind=kind, status="received", channel="phone", language="de",
        hotline="haushalt", source="test", source_id=f"s{number}", received_at=NOW, changed_at=NOW, severity="normal",
    )  # fmt: skip
    seal_record(VAULT, case, ComplaintRecord())
    session.add(case)
    session.flush()
    return case


def _promise(session, number, office=OFFICE, now=NOW, kind="complaint", phone=None):
    return write_promise(
        session, VAULT, _case(session, number, kind), office, PhoneNumber(phone or f"+4915123450{number:03d}"),
        made_by=f"test:{number}", actor="ivr", language="de", now=now,
    )  # fmt: skip


def _agent(number, languages, *skills):
    return Staff(
        email=f"{number}@example.org", name="A", role="agent", phone=f"+4930123450{number:02d}", languages=languages,
        skills=list(skills), available=True, created_at=NOW,
    )  # fmt: skip


def _held(session, promise, agent, seconds, wrapped_up=None, number=0):
    """A conversation that a promise led to."""
    ended_at = NOW + timedelta(seconds=seconds)
    session.add(
        Attempt(
            key=f"a{promise.id}-{number}", promise_id=promise.id, staff_id=agent.id, phone_index=promise.phone_index,
            stage="ended", started_at=NOW, wall_at=NOW, dialled_at=NOW, bridged_at=NOW, ended_at=ended_at,
            wrapped_up_at=None if wrapped_up is None else ended_at + wrapped_up, result="connected", verdict={},
        )
    )  # fmt: skip
    session.flush()


def test_the_stored_schedule_holds_every_open_promise(database):
    with database.sessions.begin() as session:
        made = [_promise(session, number) for number in range(8)]
        load = weigh_load(session, OFFICE, now=NOW)

    last = made[-1]
    open_promises = {each.id: each for each in load.open}
    due = {each.id: each.due_at for each in made}
    assert {each: open_promises[each].due_at for each in open_promises} == due
    owed = {each.id: open_promise(each.id, each.due_at, NOW, "de", open_promises[each.id].where) for each in made}
    owed[THIS] = owed.pop(last.id)._replace(id=THIS)
    assert faults(schedule_of(last.plan["schedule"]), owed, OFFICE, [ONE], NOW) == []
    assert (last.plan["others"], last.plan["late"], last.plan["team"]) == (7, 0, ["de", "en"])


def test_each_promise_is_due_later_than_what_its_agent_has_to_do_before(database):
    with database.sessions.begin() as session:
        due = [_promise(session, number).due_at for number in range(6)]

    assert [at - NOW for at in due] == [minutes * MINUTE for minutes in (30, 30, 45, 60, 75, 75)]


def test_a_promise_without_a_plan_is_at_risk_and_has_no_proof(database):
    nobody = replace(OFFICE, staffing=(Shift(0, ("de",)),))

    with database.sessions.begin() as session:
        promise = _promise(session, 1, nobody)

    assert (promise.at_risk, promise.plan) == (True, None)
    with database.reads() as session:
        assert session.scalar(sa.select(Promise.id).where(Promise.plan.is_(None))) == promise.id


def test_without_staffing_the_people_with_telephones_count_by_their_languages(database):
    shared = replace(OFFICE, staffing=())
    with database.sessions.begin() as session:
        assert weigh_load(session, shared, now=NOW).shifts == (Shift(1, ("de", "en")),)
        session.add_all([_agent(1, ["en", "de"]), _agent(2, ["de", "en"]), _agent(3, ["bs"])])
        session.flush()
        shifts = weigh_load(session, shared, now=NOW).shifts

    assert sorted(shifts, key=lambda shift: shift.people) == [Shift(1, ("bs",)), Shift(2, ("de", "en"))]


def test_without_staffing_the_people_count_by_their_skills(database):
    shared = replace(OFFICE, staffing=())
    with database.sessions.begin() as session:
        session.add_all([_agent(1, ["de"], "recall", "complaint"), _agent(2, ["de"]), _agent(3, ["de"])])
        session.flush()

        shifts = weigh_load(session, shared, now=NOW).shifts

    assert set(shifts) == {Shift(1, ("de",), skills=("complaint", "recall")), Shift(2, ("de",))}


def test_a_matter_waits_for_the_agent_who_handles_its_kind(database):
    crew = (Shift(1, ("de",), skills=("recall",)), Shift(5, ("de",), skills=("complaint",)))
    office = replace(OFFICE, staffing=crew)

    with database.sessions.begin() as session:
        recalls = [_promise(session, number, office, kind="recall") for number in range(3)]
        complaint = _promise(session, 3, office)

    assert [each.due_at - NOW for each in recalls] == [minutes * MINUTE for minutes in (30, 30, 45)]
    assert complaint.due_at - NOW == 30 * MINUTE
    assert (recalls[0].plan["skills"], complaint.plan["skills"]) == (["recall"], ["complaint"])


def test_hotlines_that_share_their_people_count_each_others_promises(database):
    shared = replace(OFFICE, staffing=())
    with database.sessions.begin() as session:
        _promise(session, 1, replace(shared, name="other"))

        assert len(weigh_load(session, shared, now=NOW).open) == 1
        assert len(weigh_load(session, OFFICE, now=NOW).open) == 0


def test_the_handling_time_is_measured_for_each_kind_once_there_were_enough(database):
    with database.sessions.begin() as session:
        agent = _agent(1, ["de"])
        session.add(agent)
        complaint, recall = _promise(session, 1), _promise(session, 2, kind="recall")
        for number in range(ENOUGH):
            _held(session, complaint, agent, 100, 2 * MINUTE, number)
        for number in range(ENOUGH - 1):
            _held(session, recall, agent, 3000, None, number)
        later = NOW + MINUTE

        assert with_measured_handling(session, OFFICE, "complaint", now=NOW).callback.handling == 10 * MINUTE
        assert with_measured_handling(session, OFFICE, "complaint", now=later).callback.handling == 4 * MINUTE
        assert with_measured_handling(session, OFFICE, "recall", now=later).callback.handling == 10 * MINUTE
        assert weigh_load(session, OFFICE, now=later).slot == 10 * MINUTE + timedelta(seconds=25)


def test_what_is_documented_much_later_was_not_worked_on_all_the_time(database):
    with database.sessions.begin() as session:
        agent = _agent(1, ["de"])
        session.add(agent)
        _held(session, _promise(session, 1), agent, 60, timedelta(days=1))

        assert measured_seconds(session, "haushalt", now=NOW + MINUTE)["complaint"] == [
            60 + LONGEST_WRAP_UP.total_seconds()
        ]


def test_a_number_that_was_rung_often_today_is_promised_tomorrow(database):
    phone = "+4915123450777"
    with database.sessions.begin() as session:
        agent = _agent(1, ["de"])
        session.add(agent)
        first = _promise(session, 1, phone=phone)
        for number in range(3):
            _held(session, first, agent, 10, None, number)
        first.status = "kept"
        session.flush()

        again = _promise(session, 2, now=NOW + 30 * MINUTE, phone=phone)
        another = _promise(session, 3, now=NOW + 30 * MINUTE)

    assert (again.not_before_at.day, another.not_before_at.day) == (3, 2)


def test_two_who_ask_at_once_are_not_promised_the_same_agent(database):
    started = threading.Barrier(8)
    failures = []

    def ask(number):
        try:
            started.wait(10)
            with database.sessions.begin() as session:
                _promise(session, number)
        except Exception as failure:  # noqa: BLE001 - told below
            failures.append(failure)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failures == []
    with database.reads() as session:
        made = session.scalars(sa.select(Promise).order_by(Promise.due_at)).all()
        last = max(made, key=lambda promise: promise.plan["others"])
    assert sorted(promise.plan["others"] for promise in made) == list(range(8))
    assert not any(promise.plan["late"] for promise in made)
    rows = schedule_of(last.plan["schedule"])
    assert len({row.starts_at for row in rows}) == len(made)


@contextmanager
def somebody_promising_for_ever(database: Database) -> Iterator[None]:
    with database.sessions.begin() as session:
        wait_to_promise(session, OFFICE, now=NOW)
        yield


@pytest.mark.postgres
def test_who_waits_too_long_for_others_to_be_promised_something_is_promised_the_last_lawful_time(
    postgres_url: str,
) -> None:
    """Lessons 1: somebody is on the line, and shall hear a promise rather than that we are busy."""
    database = Database(postgres_url)
    before = patience.set(HURRIED)
    with somebody_promising_for_ever(database), database.sessions.begin() as session:
        promise = _promise(session, 1)
        due_at, at_risk, next_attempt_at = promise.due_at, promise.at_risk, promise.next_attempt_at
    with database.sessions.begin() as session:
        second = _promise(session, 2)
    patience.reset(before)
    database.dispose()

    assert at_risk
    assert due_at.date() == promise.legal_due_at.date()
    assert next_attempt_at == NOW  # it is tried as soon as somebody is free
    assert not second.at_risk
