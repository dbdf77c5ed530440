from __future__ import annotations

from app.jobs.signs_of_life import SignsOfLife


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
