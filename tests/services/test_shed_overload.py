"""Overload: whom the plan of calls has no place for, and how what customers were told counts in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.models.reminder import Forewarning
from app.services.shed_overload import Lengths, given_up
from tests.services.test_who_is_next import Floor

MINUTE = timedelta(minutes=1)


@pytest.fixture
def floor(runtime, clock) -> Floor:
    return Floor(runtime, clock)


def without_place(floor: Floor, waiting: int) -> set[int] | None:
    with floor.runtime.database.sessions() as session:
        lengths = Lengths.at(floor.runtime.board, session, floor.now)
        return given_up(session, lengths, waiting, now=floor.now, wall_now=floor.now)


def tell(floor: Floor, promise_id: int, minutes_ago: int) -> None:
    with floor.runtime.database.sessions.begin() as session:
        session.add(
            Forewarning(promise_id=promise_id, phone_index="-", foreseen_at=floor.now - minutes_ago * MINUTE,
                        cause="overload", offers=[])
        )  # fmt: skip


def test_while_somebody_is_free_for_everybody_or_nobody_is_there_nobody_is_given_up(floor):
    floor.promise(5)
    assert without_place(floor, waiting=1) is None  # nobody is there: others have to find that out
    floor.hire()

    assert without_place(floor, waiting=1) is None
    assert without_place(floor, waiting=0) is None


def test_time_is_kept_for_a_second_ring_and_who_was_told_and_did_not_agree_counts_first(floor):
    """Of four due in half an hour one agent can ring three for the first time by a quarter of an hour before it.

    A customer who was just told has not had time to answer, and is given up as before; who did not agree is not.
    """
    floor.hire()
    promises = [floor.promise(30, latest_start_at=floor.now + number * MINUTE) for number in range(4)]

    assert without_place(floor, waiting=4) == {promises[3]}
    tell(floor, promises[3], minutes_ago=5)
    assert without_place(floor, waiting=4) == {promises[3]}
    with floor.runtime.database.sessions.begin() as session:
        session.execute(sa.delete(Forewarning))
    tell(floor, promises[3], minutes_ago=25)
    assert without_place(floor, waiting=4) == {promises[2]}
