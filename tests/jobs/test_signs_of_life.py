from __future__ import annotations

import sqlite3
import threading
import time

from app.jobs.signs_of_life import SignsOfLife
from app.models.engines import Database


class Watch:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_tick_under_way_without_a_sign_hangs_and_one_that_rests_does_not():
    watch = Watch()
    life = SignsOfLife({"dial": 8.0, "check books": 120.0, "send": 8.0}, watch)
    life.begin("dial")
    life.begin("check books")
    watch.now += 9

    assert life.hanging() == "dial"
    assert life.silent_seconds() == 9
    assert life.pause_of("dial") == 0
    assert life.pause_of("send") == 9


def test_a_step_is_a_sign_of_life_and_long_work_may_be_silent_for_longer():
    watch = Watch()
    life = SignsOfLife({"dial": 8.0, "check books": 120.0}, watch)
    life.begin("dial")
    life.begin("check books")
    watch.now += 30
    life.sign("dial")

    assert life.hanging() is None
    assert life.silent_seconds() == 2


def test_what_has_come_to_its_end_is_not_silent():
    watch = Watch()
    life = SignsOfLife({"dial": 8.0}, watch)
    life.begin("dial")
    life.end("dial")
    watch.now += 30

    assert life.hanging() is None
    assert life.silent_seconds() == 0


def test_who_waits_until_another_process_lets_go_of_the_database_does_not_hang(sqlite_url):
    database, watch, has_written = Database(sqlite_url), Watch(), threading.Event()
    life = SignsOfLife({"dial": 8.0}, watch, waits=database.is_waited_for_by)
    holder = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")  # and is stopped now

    def dial():
        life.begin("dial")
        with database.sessions.begin() as session:
            session.connection()
            has_written.set()
            hangs_now.wait(20)

    hangs_now, ticking = threading.Event(), threading.Thread(target=dial)
    ticking.start()
    until = time.monotonic() + 5
    while not database.is_waited_for_by(ticking.ident) and time.monotonic() < until:
        time.sleep(0.01)
    watch.now += 60
    while_held = life.hanging()
    holder.rollback()
    holder.close()
    assert has_written.wait(20)
    watch.now += 9
    with_the_lock = life.hanging()
    hangs_now.set()
    ticking.join()
    database.dispose()

    assert while_held is None
    assert with_the_lock == "dial"
