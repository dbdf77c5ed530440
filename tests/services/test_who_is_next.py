"""The order of service: callers and promises, safety, slack, overload; and that nothing starves behind the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.hotline import QueueRules, RecallQueue
from app.models.call import Wait
from app.services.order_callers import Caller
from app.services.who_is_next import who_is_next
from tests.web.make import make_call, make_case, make_promise, make_staff

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class Floor:
    """An office of which only rows exist."""

    def __init__(self, runtime, clock) -> None:
        self.runtime, self.now = runtime, clock.now()
        self.number = 0

    def hire(self, *languages: str, **but) -> None:
        self.number += 1
        with self.runtime.database.sessions.begin() as session:
            make_staff(
                session, f"Agent{self.number}", "agent", self.now, available=True,
                phone=f"+49301234{self.number:04d}", languages=list(languages) or ["de"], **but,
            )  # fmt: skip

    def promise(self, due: int, *, made: int = -60, language: str = "de", **but) -> int:
        self.number += 1
        with self.runtime.database.sessions.begin() as session:
            case = make_case(session, self.runtime.vault, self.now, language=language, protocol=f"26{self.number:04d}")
            made_promise = make_promise(
                session, self.runtime.vault, case, self.now + made * MINUTE, phone=f"+49151{self.number:07d}",
                **{
                    "due_at": self.now + due * MINUTE, "latest_start_at": self.now + (due - 50) * MINUTE,
                    "next_attempt_at": self.now - MINUTE, **but,
                },
            )  # fmt: skip
            return made_promise.id

    def caller(self, name: str, joined: int, *, urgent: bool = False, language: str = "de", rung: bool = False) -> str:
        at = self.now + joined * MINUTE
        with self.runtime.database.sessions.begin() as session:
            make_call(session, self.runtime.vault, at, key=name, caller_index=name, rung_by=name if rung else None)
            session.add(
                Wait(call_key=name, hotline="haushalt", language=language, urgent=urgent, joined_at=at,
                     status="waiting", queue="q", own_queue="recall" if rung else None)
            )  # fmt: skip
        return name

    def recalls_go(self, where: str) -> None:
        """The hotline gives the queue of recalls this place among the others."""
        rules = QueueRules(recall=RecallQueue(goes=where))
        hotlines = {each.name: replace(each, queue=rules) for each in self.runtime.hotlines}
        board = replace(self.runtime.board, hotline_named=hotlines.__getitem__)
        self.runtime = replace(self.runtime, board=board)

    def order(self) -> list[object]:
        rank = who_is_next(self.runtime.board, now=self.now, wall_now=self.now)
        return [each.call_key if isinstance(each, Caller) else each.id for each in rank.order]

    def served(self, **how: int) -> list[object]:
        """Who is rung when everybody who is free is rung once."""
        taken: set[int] = set()
        rung: list[object] = []
        rank = who_is_next(self.runtime.board, now=self.now, wall_now=self.now, **how)
        for each in rank.one_after_the_other(taken):
            left = [person for person in rank.floor.ready if person.id not in taken]
            own = rank.floor.own(each.language, each.kind, left)
            taken.add((own or rank.floor.able(each.language, each.kind, left))[0].id)
            rung.append(each.call_key if isinstance(each, Caller) else each.id)
        return rung


@pytest.fixture
def floor(runtime, clock) -> Floor:
    return Floor(runtime, clock)


def test_least_slack_goes_first_and_safety_before_all(floor):
    floor.hire()
    relaxed, tight, safety = floor.promise(500), floor.promise(120), floor.promise(600, urgent=True)

    assert floor.order() == [safety, tight, relaxed]


def test_with_nobody_free_nothing_is_even_looked_at(floor):
    floor.hire(engaged_with="an attempt")
    floor.promise(60)

    assert floor.order() == []


def test_callbacks_do_not_overtake_who_waits(floor):
    floor.hire()
    promise = floor.promise(100)
    floor.caller("late", -1)
    floor.caller("early", -5)

    assert floor.order() == ["early", "late", promise]


def test_a_promise_at_its_last_moment_goes_before_a_caller_who_came_after_it_was_given(floor):
    floor.hire()
    last_moment = floor.promise(12, made=-60)
    floor.caller("before it was given", -90)
    floor.caller("after", -1)
    floor.caller("in danger", -1, urgent=True)

    assert floor.order() == ["in danger", "before it was given", last_moment, "after"]


def test_what_is_late_already_overtakes_nobody(floor):
    floor.hire()
    late = floor.promise(-5)
    floor.caller("caller", -1)

    assert floor.order() == ["caller", late]


def test_in_overload_the_promise_that_cannot_be_kept_gives_way_to_those_that_can(floor):
    floor.hire()
    hopeless = floor.promise(0)  # nobody could be spoken to any more
    first, second = floor.promise(5), floor.promise(12)

    assert floor.order() == [first, second, hopeless]


def test_what_breaks_unless_it_is_tried_now_goes_before_what_loses_one_of_several_attempts(floor):
    floor.hire()
    last_try = floor.promise(10, latest_start_at=floor.now - MINUTE)
    first_of_three = floor.promise(25, latest_start_at=floor.now - 25 * MINUTE)

    assert floor.order() == [last_try, first_of_three]


def test_in_overload_the_lawful_time_that_is_left_counts_and_not_the_deadline_alone(floor):
    """São Paulo may be called now and tomorrow for five minutes only, Berlin for three hours tomorrow."""
    floor.hire()
    floor.now += 7 * HOUR  # an hour before the hotline closes
    hopeless = floor.promise(0)
    due = {"berlin": 18 * 60, "brazil": 19 * 60 + 5}
    brazil = [
        floor.promise(
            due["brazil"], latest_start_at=floor.now + 30 * MINUTE, whereabouts="America/Sao_Paulo|br-sac,de|"
        )
        for _ in range(3)
    ]
    berlin = [floor.promise(due["berlin"], whereabouts="Europe/Berlin|de|") for _ in range(3)]

    assert floor.order() == [*brazil, *berlin, hopeless]


def test_in_overload_a_safety_matter_is_served_first_even_if_it_is_late(floor):
    floor.hire()
    first, hopeless = floor.promise(15), floor.promise(5, urgent=True)

    assert floor.order() == [hopeless, first]


def test_those_for_whom_nobody_is_free_do_not_starve_the_others(floor):
    floor.hire("de", engaged_with="an attempt")
    floor.hire("bs")
    for _ in range(8):
        floor.promise(60)
    bosnian = floor.promise(500, language="bs")

    assert floor.served(most=5) == [bosnian]


def test_never_more_are_rung_than_agents_are_free(floor):
    floor.hire()
    floor.hire()
    for due in (100, 200, 300):
        floor.promise(due)

    assert len(floor.served()) == 2


def test_people_for_recalls_serve_whom_a_campaign_rang_before_others_who_wait_longer(floor):
    """P11."""
    floor.hire(skills=["recall"])
    floor.hire(skills=["complaint"])
    floor.caller("ordinary", -30)
    floor.caller("rung", -1, rung=True)

    assert sorted(map(str, floor.served())) == ["ordinary", "rung"]
    assert floor.order() == ["rung", "ordinary", "rung"]


@pytest.mark.parametrize(
    ("goes", "order"),
    [("with", ["longest", "rung", "shortest"]), ("before", ["rung", "longest", "shortest"]),
     ("after", ["longest", "shortest", "rung"])],
)  # fmt: skip
def test_while_nobody_with_that_skill_is_on_duty_the_queue_of_recalls_goes_where_the_hotline_says(floor, goes, order):
    """P11."""
    floor.hire()
    floor.recalls_go(goes)
    for name, joined in (("longest", -9), ("rung", -5), ("shortest", -1)):
        floor.caller(name, joined, rung=name == "rung")

    assert floor.order() == order


def test_while_the_people_for_recalls_talk_others_help_once_nobody_else_is_to_be_served(floor):
    """P11."""
    floor.hire(skills=["recall"], engaged_with="an attempt")
    floor.hire()
    due = floor.promise(300)
    floor.caller("rung", -20, rung=True)
    floor.caller("ordinary", -1)

    assert floor.order() == ["ordinary", due, "rung"]


def test_no_promise_is_broken_for_whom_a_campaign_rang_however_long_they_wait(floor):
    """P11: a promise at its last moment overtakes them also if it was given later, and even with their own people."""
    floor.hire(skills=["recall", "complaint"])
    floor.caller("rung", -90, rung=True)
    last_moment = floor.promise(12, made=-60)

    assert floor.served() == [last_moment]


def test_who_is_in_danger_goes_before_the_queue_of_recalls(floor):
    floor.hire(skills=["recall"])
    floor.caller("rung", -5, rung=True)
    floor.caller("in danger", -1, urgent=True)

    assert floor.order()[0] == "in danger"
