"""The call log says what the tables say, whatever changes in them and in whichever order."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.domain.complaint import ComplaintRecord
from app.ivr.turn import Position
from app.models.call import Call, Wait
from app.models.call_log import LogChange, LoggedCall, MatterWord, word_index
from app.models.case import Case
from app.models.dependents import delete_with_dependents
from app.models.promise import Promise
from app.models.records import seal_record
from app.models.turns import NewTurn
from app.services.enter_calls import enter_calls
from tests.web.make import CUSTOMER, make_attempt, make_call, make_case, make_promise, make_recording, make_staff

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(runtime):
    return runtime.database, runtime.vault, runtime.clock.now()


def last_turn(runtime, call_key, node, wait="Gather", language="de"):
    position = Position("v1", node, language)
    turn = NewTurn(call_key, 0, runtime.clock.now(), position, {"how": "start"}, wait, "CA1", "<Response/>")
    assert runtime.board.turns.append(turn)


def logged(runtime):
    enter_calls(runtime.database, runtime.vault)
    with runtime.database.reads() as session:
        return session.scalars(sa.select(LoggedCall).order_by(LoggedCall.started_at, LoggedCall.call_key)).all()


def test_a_call_is_told_from_its_ring_to_the_end_of_its_promise(runtime, office):
    database, vault, now = office
    with database.sessions.begin() as session:
        ada = make_staff(session, "Ada", "agent", now)
        call = make_call(session, vault, now, settled_at=None, status="in-progress", seconds=None)
    last_turn(runtime, call.key, "complaint.phone", language="bs")
    (first,) = logged(runtime)
    assert (first.outcome, first.node, first.language, first.hung_up) == (
        "in_progress", "complaint.phone", "bs", False
    )  # fmt: skip

    with database.sessions.begin() as session:
        case = make_case(session, vault, now, call_key=call.key)
        promise = make_promise(session, vault, case, now, call_key=call.key)
        session.execute(sa.update(Call).values(settled_at=now, status="completed", seconds=61))
        make_recording(session, call, now)
    (second,) = logged(runtime)
    assert (second.outcome, second.kind, second.promise, second.is_recorded) == ("promised", "complaint", "open", True)
    assert (second.promise_due_at, second.staff_id, second.seconds) == (promise.due_at, None, 61)

    with database.sessions.begin() as session:
        make_attempt(session, ada, promise, now)
        session.execute(sa.update(Promise).values(status="kept_late"))
    (third,) = logged(runtime)
    assert (third.outcome, third.promise, third.staff_id, third.hung_up) == ("promised", "kept_late", ada.id, True)
    with database.reads() as session:
        assert session.scalars(sa.select(LogChange)).all() == []


@pytest.mark.parametrize(
    ("wait", "turn", "case", "outcome"),
    [
        ({"status": "bridged", "answered_at": 30, "ended_at": 90}, "Queue", False, "talked"),
        ({"status": "left", "ended_at": 40}, "Queue", False, "gave_up"),
        (None, "Gather", True, "opened"),
        (None, "Hangup", False, "told"),
        (None, "Gather", False, "hung_up"),
    ],
)
@one_database
def test_what_came_of_a_call(runtime, office, wait, turn, case, outcome):
    database, vault, now = office
    with database.sessions.begin() as session:
        call = make_call(session, vault, now)
        if case:
            make_case(session, vault, now, call_key=call.key)
        if wait:
            times = {name: now + timedelta(seconds=value) for name, value in wait.items() if name.endswith("_at")}
            values = {"hotline": "haushalt", "language": "de", "urgent": False, "queue": "q", "joined_at": now}
            session.add(Wait(call_key=call.key, **{**values, **wait, **times}))
    last_turn(runtime, call.key, "main.choose", turn)
    (row,) = logged(runtime)

    assert row.outcome == outcome
    assert row.hung_up is (outcome in ("gave_up", "opened", "hung_up"))
    assert row.waited_seconds == {"talked": 30, "gave_up": 40}.get(outcome)


@one_database
def test_a_second_call_within_seven_days_is_a_repetition_and_one_after_them_is_none(runtime, office):
    database, vault, now = office
    with database.sessions.begin() as session:
        for key, days in (("call-a", 0), ("call-b", 7), ("call-c", 15)):
            make_call(session, vault, now + timedelta(days=days), key=key)

    assert [row.is_repeat for row in logged(runtime)] == [False, True, False]


@one_database
def test_hundreds_of_changes_are_worked_off_and_nothing_is_left_when_the_clock_dies_in_between(runtime, office):
    database, vault, now = office
    with database.sessions.begin() as session:
        for number in range(130):
            make_call(session, vault, now, key=f"call-{number:03}")
    steps = iter([False])
    assert enter_calls(database, vault, lambda: next(steps)) == 100

    assert len(logged(runtime)) == 130


def test_words_are_found_as_fingerprints_and_go_with_what_the_record_no_longer_says(runtime, office):
    database, vault, now = office
    with database.sessions.begin() as session:
        call = make_call(session, vault, now)
        case = make_case(session, vault, now, {"matter.product": "Große KÜCHENMASCHINE"}, call_key=call.key)
    logged(runtime)

    def found(word):
        with database.reads() as session:
            row = session.get(MatterWord, (word_index(vault, word), case.id))
            return row and row.call_key

    assert found("kuchenmaschine") == call.key
    assert found("pfeift") is None  # the customer's own words stay sealed

    with database.sessions.begin() as session:
        seal_record(vault, session.get_one(Case, case.id), ComplaintRecord().with_facts({"matter.product": "Mixer"}))
    logged(runtime)
    assert (found("kuchenmaschine"), found("mixer")) == (None, call.key)


def test_a_call_that_is_removed_takes_its_row_along_and_one_that_was_erased_its_number(runtime, office):
    database, vault, now = office
    with database.sessions.begin() as session:
        make_call(session, vault, now, key="call-a")
        kept = make_call(session, vault, now, key="call-b")
        case = make_case(session, vault, now, call_key=kept.key)
        make_promise(session, vault, case, now, call_key=kept.key)
    assert {row.caller_index for row in logged(runtime)} == {vault.index(CUSTOMER)}

    with database.sessions.begin() as session:
        delete_with_dependents(session, Call.metadata.tables["calls"], ["call-a"])
        session.execute(sa.update(Call).values(caller_index=None))
    (row,) = logged(runtime)
    assert (row.call_key, row.caller_index, row.promise) == ("call-b", None, "open")

    with database.sessions.begin() as session:
        session.execute(sa.delete(Promise))
    (row,) = logged(runtime)
    assert (row.promise, row.outcome) == (None, "opened")
