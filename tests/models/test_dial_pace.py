from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from app.models.dial_pace import pause_of, take_pace
from app.models.engines import Database

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def database(database_url):
    database = Database(database_url, pool_size=10)
    yield database
    database.dispose()


def taken(database, seconds: float, per_second: float = 2.0) -> bool:
    with database.sessions.begin() as session:
        return take_pace(session, wall_now=NINE + timedelta(seconds=seconds), per_second=per_second)


def test_nobody_dials_before_it_is_time(database):
    assert [taken(database, seconds) for seconds in (0, 0, 0.4, 0.5, 0.6, 1.0)] == [
        True,
        False,
        False,
        True,
        False,
        True,
    ]


def test_who_asks_how_long_to_wait_takes_no_turn(database):
    before = pause_of(database, wall_now=NINE)
    taken(database, 0)

    pauses = [pause_of(database, wall_now=NINE + timedelta(seconds=each)) for each in (0, 0.2, 0.5, 7, -60)]

    assert before == timedelta(0)
    assert pauses == [timedelta(seconds=each) for each in (0.5, 0.3, 0, 0, 0)]
    assert taken(database, 0.5)


def test_a_pause_is_not_made_up_for_by_a_burst(database):
    taken(database, 0)

    assert [taken(database, 60), taken(database, 60)] == [True, False]


def test_of_many_processes_at_one_moment_one_dials(database):
    taken(database, 0)
    won = []
    start = threading.Barrier(8)

    def hurry():
        start.wait()
        won.append(taken(database, 5))

    threads = [threading.Thread(target=hurry) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(won) == [False] * 7 + [True]


def test_a_machine_whose_clock_is_an_hour_fast_stops_nobody(database):
    assert taken(database, 3600)

    assert taken(database, 1)
    assert not taken(database, 1.2)


def test_what_is_rolled_back_was_not_dialled(database):
    taken(database, 0)
    with database.sessions() as session:
        take_pace(session, wall_now=NINE + timedelta(seconds=1), per_second=2)
        session.rollback()

    assert taken(database, 1)
