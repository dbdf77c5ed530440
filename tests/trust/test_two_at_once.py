"""Two changes to one matter in the same second: neither stands in the other's way for ever (PostgreSQL).

SQLite's units of work follow one another; PostgreSQL's lock row by row, and two that take the same rows in different
orders stand still until one of them is thrown out.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Event, Thread, current_thread
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.clock import FakeClock
from app.domain.disposition import Disposition
from app.domain.errors import Conflict
from app.domain.promise import AttemptResult, BreakCause
from app.ivr.turn import Known, Position
from app.models.case import Case
from app.models.promise import Attempt, Promise
from app.models.staff import Staff
from app.runtime import Runtime
from app.services.bridge_call import accept, find_attempt
from app.services.end_attempt import break_promise, end_attempt
from app.services.move_promise import move_promise
from app.services.office import CallAtHand, Details
from app.services.promise_callback import withdraw_promise
from app.services.wrap_up import Documented, wrap_up
from app.settings import Settings
from tests.journeys.cast import CORA, TELL_ALL, press_all
from tests.journeys.stage import Stage
from tests.trust.lock_order import locked_by
from tests.web.make import PROTOCOLS, make_attempt, make_call, make_case, make_promise, make_staff

LONG_ENOUGH = 0.7  # seconds in which the other one gets to its first lock, if it can


class Office:
    """One matter with a promise, an attempt under way and an agent, and all who may touch them at once."""

    def __init__(self, runtime: Runtime) -> None:
        self.rt, self.now = runtime, runtime.clock.now()
        with runtime.database.sessions.begin() as session:
            ada = make_staff(session, "Ada", "agent", self.now, phone="+493012345671")
            make_call(session, runtime.vault, self.now)
            case = make_case(session, runtime.vault, self.now, call_key="call-1")
            promise = make_promise(session, runtime.vault, case, self.now, call_key="call-1")
            make_attempt(
                session, ada, promise, self.now, stage="placed", ended_at=None, dialled_at=None, result=None,
                seconds=None, network_id="CA1",
            )  # fmt: skip
        self.hotline = runtime.board.hotline_named("haushalt")

    def _call(self, session: Any) -> CallAtHand:
        known = {"protocol": PROTOCOLS[0], "hotline": "haushalt", "caller": "+493023125042", "caller_callable": "yes"}
        position = Position(self.rt.board.present.flows.version, "matter.told", "de", known=known)
        rt = self.rt
        return CallAtHand(
            session, rt.vault, rt.board.present.words, self.hotline, "call-2", "CA2", 3, position, self.now, self.now
        )

    def customer_moves(self, session: Any) -> None:
        move_promise(self._call(session), {"day": "tomorrow", "part": ""})

    def customer_withdraws(self, session: Any) -> None:
        withdraw_promise(self._call(session), {})

    def agent_documents(self, session: Any) -> None:
        attempt, words = session.scalars(sa.select(Attempt)).one(), self.rt.board.present.words
        again = Documented(Disposition.CALL_AGAIN, call_at=self.now + timedelta(days=1))
        case, ada = session.scalars(sa.select(Case)).one(), session.scalars(sa.select(Staff)).one()
        wrap_up(session, self.rt.vault, words, case, self.hotline, ada, again, attempt=attempt, now=self.now)

    def agent_accepts(self, session: Any) -> None:
        attempt = find_attempt(session, "attempt-Ada")
        assert attempt is not None
        accept(session, self.rt.vault, attempt, "1", now=self.now, wall_now=self.now)

    def leg_ends(self, session: Any) -> None:
        attempt, rt = find_attempt(session, "attempt-Ada"), self.rt
        assert attempt is not None
        words, result = rt.board.present.words, AttemptResult.AGENT_SILENT
        end_attempt(session, rt.vault, words, attempt, self.hotline, result, now=self.now, wall_now=self.now)

    def deadline_passes(self, session: Any) -> None:
        promise, words = session.get_one(Promise, 1), self.rt.board.present.words
        break_promise(session, self.rt.vault, words, promise, self.hotline, BreakCause.NO_AGENT, self.now)


@pytest.fixture
def on_postgres(environ: dict[str, str], postgres_url: str) -> Settings:
    return Settings.read({**environ, "DATABASE_URL": postgres_url})


@pytest.fixture
def office(on_postgres: Settings) -> Iterator[Office]:
    clock = FakeClock()
    runtime = Runtime.build(on_postgres, clock=clock, wall=clock)
    yield Office(runtime)
    runtime.close()


def at_once(office: Office, *deeds: Callable[[Any], None]) -> list[BaseException]:
    """Each does its deed in a transaction and thread of its own, and waits after its first lock for the others'."""
    engine, meeting = office.rt.database.engine, Barrier(len(deeds))
    met: set[str] = set()
    failed: list[BaseException] = []

    def meet(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        name = current_thread().name
        if locked_by(statement) is not None and name not in met:
            met.add(name)
            with contextlib.suppress(BrokenBarrierError):
                meeting.wait(LONG_ENOUGH)

    def run(deed: Callable[[Any], None]) -> None:
        try:
            with office.rt.database.sessions.begin() as session:
                deed(session)
        except Conflict:
            pass  # a good answer: the other one was faster
        except BaseException as error:  # noqa: BLE001 - it is told by the test
            failed.append(error)

    sa.event.listen(engine, "after_cursor_execute", meet)
    threads = [Thread(target=run, args=(deed,), name=str(place)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return failed


PAIRS = [
    ("customer_moves", "agent_documents"),
    ("customer_withdraws", "agent_accepts"),
    ("agent_documents", "leg_ends"),
    ("deadline_passes", "agent_documents"),
]


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_two_who_touch_one_matter_in_the_same_second_both_come_to_an_end(office: Office, pair: tuple[str, str]) -> None:
    failed = at_once(office, *(getattr(office, name) for name in pair))

    with office.rt.database.reads() as session:
        opened = session.scalars(sa.select(Promise.id).where(Promise.status == "open")).all()
    assert failed == []
    assert len(opened) <= 1


def test_a_turn_that_the_database_throws_out_is_taken_again_and_the_caller_hears_nothing_of_it(
    on_postgres: Settings,
) -> None:
    stage, ours, theirs = Stage(on_postgres), 1, 2
    board, sessions = stage.runtime.board, stage.runtime.database.sessions
    lock = sa.text("SELECT pg_advisory_xact_lock(:what)")
    asked: list[str] = []
    has_begun = Event()

    def other() -> None:
        with sessions.begin() as session:
            session.execute(lock, {"what": theirs})
            has_begun.set()
            time.sleep(0.3)  # the turn waits by now; so it is the first who asks why, and is thrown out
            session.execute(lock, {"what": ours})

    def meet(call: CallAtHand, details: Details) -> Known:
        asked.append(call.call_key)
        call.session.execute(lock, {"what": ours})
        if len(asked) == 1:
            Thread(target=other).start()
            has_begun.wait(5)
        call.session.execute(lock, {"what": theirs})
        return board.answers["promise"](call, details)

    stage.app.extensions["rueckruf"] = replace(
        stage.runtime, board=replace(board, answers={**board.answers, "promise": meet})
    )
    call = press_all(stage.call(CORA), *TELL_ALL)
    promises, apology = stage.promises(), stage.prompt("de", "apology")
    stage.close()

    assert len(asked) == 2
    assert [promise.status for promise in promises] == ["open"]
    assert apology not in " ".join(call.heard)
