"""Promises are made, tried, kept, withdrawn and given up in any order, by the services themselves.

Whatever the order: no deadline is infeasible at the moment it is given, every promise has exactly one end, no number is
dialled twice at once, and nobody is dialled once a promise has ended.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.compliance.calling_hours import SAFETY, may_call_at
from app.compliance.whereabouts import read_whereabouts
from app.domain.competence import CASE_KINDS
from app.domain.complaint import ComplaintRecord
from app.domain.hotline import CallbackRules, Shift
from app.domain.phone_number import PhoneNumber
from app.domain.promise import ENDED, AttemptResult
from app.models.case import Case, CaseEvent
from app.models.engines import Database
from app.models.journal import end_promise
from app.models.promise import Attempt, Promise
from app.models.records import seal_record
from app.models.staff import Staff
from app.promising.load import OpenPromise, open_promise
from app.promising.proof import THIS, schedule_of
from app.runtime import Runtime
from app.services.break_promises import break_promises
from app.services.bridge_call import accept, confirm
from app.services.end_attempt import end_attempt
from app.services.start_attempts import TooFast, promise_intent
from app.services.write_promise import write_promise
from app.settings import Settings
from tests.domain.offices import hotline
from tests.promising.checker import faults

NOW = datetime(2026, 3, 27, 9, tzinfo=UTC)  # Friday; the clocks of Berlin change in the night to Sunday
MINUTE = timedelta(minutes=1)
NUMBERS = (*(f"+4915123450{number:03d}" for number in range(8)), "+351912345678")  # in Germany, and one in Portugal
CREW = (
    Shift(1, ("de",), skills=("complaint", "recall")),
    Shift(1, ("de", "en"), {day: ((time(12), time(17)),) for day in range(5)}),
)
OFFICE = hotline(staffing=CREW, callback=CallbackRules(lead=60 * MINUTE, handling=20 * MINUTE, attempts=2))
RESULTS = [AttemptResult.BUSY, AttemptResult.NO_ANSWER, AttemptResult.MACHINE, AttemptResult.FAILED]
_numbers = itertools.count(1)
customers = st.tuples(
    st.sampled_from(NUMBERS),
    st.sampled_from(CASE_KINDS),
    st.sampled_from(["de", "de", "en"]),
    st.sampled_from([False, False, True]),
    st.none() | st.integers(1, 100),
)


class Promises(RuleBasedStateMachine):
    """An office with two agents and nine customers; `fresh_url` gives it a database of its own."""

    fresh_url = staticmethod(str)
    runtime: Runtime

    @initialize()
    def open(self):
        self.database = Database(self.fresh_url(), pool_size=2)
        self.board = replace(self.runtime.board, database=self.database, hotline_named=lambda _name: OFFICE)
        self.vault, self.now, self.ends = self.board.vault, NOW, {}
        with self.database.sessions.begin() as session:
            for name, shift in zip(("ada", "ben"), CREW, strict=True):
                session.add(
                    Staff(
                        email=f"{name}@office.example", name=name, role="agent", phone="+493023125001",
                        languages=list(shift.languages), skills=list(shift.skills), available=True, created_at=NOW,
                    )
                )  # fmt: skip

    @rule(customers=st.lists(customers, min_size=1, max_size=6))
    def promises(self, customers):
        for customer in customers:
            self._promise(*customer)

    def _promise(self, number, kind, language, urgent, wish):
        wished = None if wish is None else self.now + wish * 60 * MINUTE
        with self.database.sessions.begin() as session:
            others = [self._owed(each) for each in session.scalars(sa.select(Promise).where(Promise.status == "open"))]
            made = write_promise(
                session, self.vault, self._case(session, kind, language), OFFICE, PhoneNumber(number),
                made_by=f"test:{next(_numbers)}", actor="ivr", language=language, now=self.now,
                urgent=urgent, wish=wished,
            )  # fmt: skip
            assert made.due_at <= made.legal_due_at
            assert made.at_risk is (made.plan is None)
            if made.plan is not None and not made.plan["late"]:
                owed = {each.id: each for each in others} | {THIS: self._owed(made)._replace(id=THIS)}
                assert faults(schedule_of(made.plan["schedule"]), owed, OFFICE, list(CREW), self.now) == []

    @rule(minutes=st.sampled_from([1, 5, 5, 20, 20, 60, 240, 24 * 60]))
    def time_passes(self, minutes):
        self.now += minutes * MINUTE

    @rule(worker=st.sampled_from(["one", "two"]))
    def tick(self, worker):
        with self.database.reads() as session:
            due = sa.select(Promise.id).where(Promise.status == "open", Promise.next_attempt_at <= self.now)
            ids = session.scalars(due).all()
        for each in ids:
            with contextlib.suppress(TooFast):  # one dial after the other: the next tick is soon enough
                promise_intent(
                    self.board, each, worker,
                    now=self.now, wall_now=self.now, lease=timedelta(seconds=30), per_second=1_000_000.0,
                )  # fmt: skip

    @rule(choice=st.integers(0, 5))
    def the_agent_accepts(self, choice):
        with self.database.sessions.begin() as session:
            attempt = self._under_way(session, choice, "intended")
            if attempt is not None:
                accept(session, self.vault, attempt, "1", now=self.now, wall_now=self.now)

    @rule(choice=st.integers(0, 5), result=st.sampled_from(["spoke", *RESULTS, AttemptResult.AGENT_SILENT]))
    def the_attempt_ends(self, choice, result):
        with self.database.sessions.begin() as session:
            attempt = self._under_way(session, choice)
            if attempt is None:
                return
            if result == "spoke" and attempt.stage == "dialled":
                confirm(session, self.vault, attempt, OFFICE, is_yes=True, now=self.now, wall_now=self.now)
            how = AttemptResult.NO_ANSWER if result == "spoke" else result
            end_attempt(
                session, self.vault, self.board.present.words, attempt, OFFICE, how, now=self.now, wall_now=self.now
            )

    @rule(choice=st.integers(0, 20))
    def the_customer_withdraws(self, choice):
        with self.database.sessions.begin() as session:
            every = session.scalars(sa.select(Promise).order_by(Promise.id)).all()
            if every:
                one = every[choice % len(every)]
                was_open = one.status == "open"
                assert end_promise(session, self.vault, one, "withdrawn", "customer", self.now) is was_open

    @rule()
    def what_is_long_overdue_is_given_up(self):
        break_promises(self.board, now=self.now)

    @invariant()
    def every_promise_has_exactly_one_end(self):
        with self.database.reads() as session:
            events = session.execute(sa.select(CaseEvent.case_id).where(CaseEvent.kind.in_([*ENDED])))
            told = Counter(events.scalars().all())
            for each in session.scalars(sa.select(Promise)):
                end = (each.status, each.ended_at, each.cause)
                assert (each.status == "open") is (each.ended_at is None)
                assert told[each.case_id] == (each.status != "open")
                assert self.ends.get(each.id, end) == end
                if each.status != "open":
                    self.ends[each.id] = end

    @invariant()
    def no_number_is_dialled_twice_at_once_nor_after_the_end_nor_against_the_law(self):
        with self.database.reads() as session:
            under_way = sa.select(Attempt.phone_index).where(Attempt.stage != "ended")
            assert max(Counter(session.scalars(under_way).all()).values(), default=0) <= 1
            for attempt, owed in session.execute(sa.select(Attempt, Promise).join(Attempt.promise)):
                rung = attempt.dialled_at
                assert rung is None or owed.ended_at is None or rung <= owed.ended_at
                where = read_whereabouts(owed.whereabouts)
                kind = {"kind": SAFETY} if owed.urgent else {}
                assert may_call_at(where, attempt.started_at, **kind).allowed

    def teardown(self):
        if hasattr(self, "database"):
            self.database.dispose()

    def _case(self, session, kind, language):
        number = next(_numbers)
        case = Case(
            key=f"k{number}", protocol=f"p{number}", kind=kind, status="received", channel="phone", language=language,
            hotline="haushalt", source="test", source_id=f"s{number}", received_at=self.now, changed_at=self.now,
            severity="normal",
        )  # fmt: skip
        seal_record(self.vault, case, ComplaintRecord())
        session.add(case)
        session.flush()
        return case

    def _owed(self, promise: Promise) -> OpenPromise:
        where = read_whereabouts(promise.whereabouts)
        at = max(promise.next_attempt_at, self.now)
        return open_promise(
            promise.id, promise.due_at, at, promise.language, where, promise.phone_index, promise.case.kind
        )

    def _under_way(self, session, choice, *stages):
        query = sa.select(Attempt).where(Attempt.stage.in_(stages) if stages else Attempt.stage != "ended")
        found = session.scalars(query.order_by(Attempt.id)).all()
        return found[choice % len(found)] if found else None


def _run(fresh_url, runtime, examples):
    machine = type("Promises", (Promises,), {"fresh_url": staticmethod(fresh_url), "runtime": runtime})
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=slow,
        ),
    )


@pytest.fixture
def office(environ, sqlite_url, clock):
    office = Runtime.build(Settings.read({**environ, "DATABASE_URL": sqlite_url}), clock=clock, wall=clock)
    yield office
    office.close()


@pytest.mark.sqlite
def test_promises_hold_in_any_order_on_sqlite(office, migrated_sqlite, tmp_path):
    _run(lambda: f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / f'{next(_numbers)}.db')}", office, 8)


@pytest.mark.postgres
def test_promises_hold_in_any_order_on_postgresql(office, postgres_server, migrated_postgres):
    _run(lambda: postgres_server.create(f"any_{os.getpid()}_{next(_numbers)}", template=migrated_postgres), office, 6)
