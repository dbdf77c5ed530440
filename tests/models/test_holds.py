from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from app.models.holds import LEASE, hold, let_go, release_dial, renew, take_for_ringing
from app.models.promise import Promise, claim
from app.runtime import Runtime
from app.settings import Settings
from tests.journeys.cast import CORA, complain_and_hang_up
from tests.journeys.stage import Stage

WORKER = timedelta(seconds=30)


@pytest.fixture
def promised(settings: Settings):
    """An office with one open promise to Cora."""
    office = Stage(settings)
    complain_and_hang_up(office)
    yield office
    office.close()


def _claimed_by(runtime: Runtime) -> str | None:
    with runtime.database.reads() as session:
        return session.scalar(sa.select(Promise.claimed_by))


def test_a_hold_takes_the_promise_from_whoever_is_about_to_dial_until_it_is_let_go(promised: Stage) -> None:
    runtime, now = promised.runtime, promised.clock.now()
    with runtime.database.sessions.begin() as session:
        assert claim(session, 1, worker="clock", wall_now=now, until=now + WORKER)
        hold(session, "key", case_id=None, phone_index=runtime.vault.index(CORA), wall_now=now)
        assert not take_for_ringing(session, 1, wall_now=now)
        release_dial(session, 1)
        assert not claim(session, 1, worker="clock", wall_now=now, until=now + WORKER)
        let_go(session, "another")
    assert _claimed_by(runtime) == "call:key"

    with runtime.database.sessions.begin() as session:
        let_go(session, "key")
        assert take_for_ringing(session, 1, wall_now=now)
        assert claim(session, 1, worker="clock", wall_now=now, until=now + WORKER)


def test_a_hold_of_which_nothing_is_heard_lapses_and_a_renewed_one_does_not(promised: Stage) -> None:
    runtime, now = promised.runtime, promised.clock.now()
    with runtime.database.sessions.begin() as session:
        hold(session, "key", case_id=1, phone_index=None, wall_now=now)
        renew(session, "key", wall_now=now + LEASE)
        assert not take_for_ringing(session, 1, wall_now=now + LEASE * 1.5)
        assert take_for_ringing(session, 1, wall_now=now + LEASE * 2.5)


def test_of_a_ring_and_a_hold_at_the_same_moment_the_later_sees_the_earlier(promised: Stage) -> None:
    """Two transactions on one row: nobody is rung after the hold has been written down."""
    runtime, now = promised.runtime, promised.clock.now()
    start, order = Barrier(2), []

    def ring() -> None:
        start.wait()
        with runtime.database.sessions.begin() as session:
            if take_for_ringing(session, 1, wall_now=now):
                order.append("rings")

    def wait() -> None:
        start.wait()
        with runtime.database.sessions.begin() as session:
            hold(session, "key", case_id=1, phone_index=None, wall_now=now)
            order.append("holds")

    threads = [Thread(target=ring), Thread(target=wait)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert order in (["rings", "holds"], ["holds"])
    assert _claimed_by(runtime) == "call:key"
