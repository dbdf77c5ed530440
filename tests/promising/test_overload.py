"""The order of calls in overload: what no order of service undercuts, and how near to it the plan comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.promising.overload import Call, Order, Places, in_common, order_of, united
from app.promising.shedding import Job, shed
from tests.promising.overload_bed import bound, late, with_equal_lengths, world

SLOT = 300.0
EVERY_HOUR = ((0.0, 1e6),)
SPLIT = ((0.0, 600.0), (10_000.0, 10_900.0))
"""Two slots now, and a quarter of an hour later on."""


def call(id_: int, last: float, hours: tuple[tuple[float, float], ...] = EVERY_HOUR, **but: object) -> Call:
    values = {"key": (last, id_), "seconds": SLOT, "teams": (0,), "safety": False, **but}
    return Call(id=id_, last=last, hours=hours, **values)  # type: ignore[arg-type]


def places(calls: Sequence[Call], agents: Sequence[int] = (1,), staffed: Sequence[tuple[float, float]] = EVERY_HOUR):
    return Places(staffed, agents, {each.hours: each.hours for each in calls})


def test_without_overload_the_order_is_that_of_the_keys():
    calls = [call(1, 9_000), call(2, 4_000), call(3, 6_000)]

    assert order_of(calls, places(calls)) == Order([2, 3, 1], [])


def test_a_night_is_no_time_before_a_deadline():
    """Five are due tomorrow at half past eight; what does not fit after eight must be done before six."""
    staffed = ((0.0, 900.0), (50_000.0, 60_000.0))
    tomorrow = [call(n, 50_600, key=(50_000.0, n)) for n in range(5)]
    this_evening = [call(n, 55_000, key=(1_000.0, n)) for n in range(5, 8)]

    order = order_of([*tomorrow, *this_evening], places([*tomorrow, *this_evening], staffed=staffed))

    assert not order.late
    assert len(set(order.kept[:3]) & {0, 1, 2, 3, 4}) >= 2


def test_who_may_be_called_for_little_time_only_goes_before_who_is_due_earlier_and_may_always_be_called():
    """Four slots suit those in the other zone; the fifth of them would be seen too late by deadlines alone."""
    abroad = [call(n, 10_890, SPLIT) for n in range(5)]
    here = [call(n, 9_000, key=(9_000.0, n)) for n in range(5, 10)]

    order = order_of([*here, *abroad], places([*here, *abroad]))

    assert not order.late
    assert set(order.kept[:2]) <= {0, 1, 2, 3, 4}


def test_who_may_not_be_called_yet_has_a_place_and_others_make_room():
    """One can be called now or much later, two within three slots; of those a fourth needs the last one."""
    now_or_later = call(1, 3_000, ((0.0, 300.0), (1_500.0, 3_300.0)), key=(0.0,))
    two = [call(2, 600, key=(1.0,)), call(3, 600, key=(2.0,))]
    not_yet = call(4, 600, key=(3.0,), first=600.0)

    assert order_of([now_or_later, *two], places([now_or_later, *two])).kept[0] == 1
    assert order_of([now_or_later, *two, not_yet], places([now_or_later, *two])) == Order([3, 2, 4, 1], [])


def test_a_safety_matter_is_kept_whoever_must_wait_for_it():
    calls = [call(1, 100), call(2, 200, key=(900.0, 2), safety=True)]

    assert order_of(calls, places(calls)) == Order([2], [1])


def test_the_longer_of_two_is_given_up():
    long, *short = call(1, 650, seconds=600.0), call(2, 700, seconds=60.0), call(3, 800, seconds=60.0)

    assert order_of([long, *short], places([long, *short], staffed=((0.0, 400.0),))).late == [1]


def test_who_only_some_can_serve_is_planned_with_them():
    calls = [call(1, 10), call(2, 10, teams=(0, 1))]

    assert order_of(calls, places(calls, agents=(1, 1))).late == []
    assert order_of(calls, places(calls, agents=(1, 0))).late == [2]


def fewest_late(calls: Sequence[Call], agents: int) -> int:
    """By trying every order: each takes the first slot in which an agent is left and the customer may be called."""
    best = len(calls)
    for order in permutations(calls):
        used: dict[int, int] = {}
        missed = 0
        for each in order:
            slots = (
                slot for slot in range(int(each.last // SLOT) + 1)
                if used.get(slot, 0) < agents and any(a <= slot * SLOT < b for a, b in each.hours)
            )  # fmt: skip
            slot = next(slots, None)
            missed += slot is None
            if slot is not None:
                used[slot] = used.get(slot, 0) + 1
        best = min(best, missed)
    return best


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 1800), st.sampled_from([EVERY_HOUR, SPLIT, ((300.0, 900.0),), ((600.0, 1500.0),)])),
        max_size=6,
    ),
    st.integers(1, 2),
)
def test_no_order_of_service_keeps_more(drawn, agents):
    calls = [call(n, last, hours) for n, (last, hours) in enumerate(drawn)]

    order = order_of(calls, places(calls, agents=(agents,)))

    assert sorted((*order.kept, *order.late)) == list(range(len(calls)))
    assert len(order.late) == fewest_late(calls, agents)


def test_hours_are_put_together_and_cut():
    assert united([(5, 7), (0, 2), (2, 3), (6, 6.5)]) == ((0, 3), (5, 7))
    assert in_common([(0, 3), (5, 9)], [(1, 6), (8, 20)]) == [(1, 3), (5, 6), (8, 9)]


ZONES = (0.0, 0.0, 5.0, -6.0)


def by_deadline_alone(calls: Sequence[Call], given: Places) -> Order:
    """As it was before the hours counted: Moore and Hodgson as if everybody could be called day and night."""
    now = given.staffed[0][0]
    jobs = [
        Job(each.id, at(max(now, each.first)), at(each.last + each.seconds), each.seconds)
        for each in calls
        if each.first <= now
    ]
    result = shed(jobs, given.agents[0], at(now))
    others = [each.id for each in calls if each.first > now]
    return Order(result.kept, [*result.late, *others])


def at(seconds: float) -> datetime:
    return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=seconds)


def test_with_too_few_people_at_most_a_twentieth_more_are_late_than_must_be():
    """Half of the work comes within an hour, and of the customers half are in other zones.

    All conversations take the same, and whoever is rung answers: what is left is the order of service alone.
    """
    least = happened = before = 0
    for seed, load in enumerate((1.5, 2.0)):
        crowd = with_equal_lengths(world(seed, agents=2, load=load, zones=ZONES, rush=True))
        least += bound(crowd)
        happened += late(crowd, order_of)
        before += late(crowd, by_deadline_alone)

    assert least > 150
    assert happened <= 1.05 * least
    assert before > 1.05 * least


def test_who_may_be_called_at_few_hours_is_not_seen_too_late():
    """One agent for the work of one and a half, half of the customers in other zones: a schedule that keeps all but
    a few exists, and the plan of the hours that are left loses at most half of what deadlines alone lose."""
    crowds = [with_equal_lengths(world(seed, agents=2, load=1.5, zones=ZONES)) for seed in range(2)]

    assert 2 * sum(late(crowd, order_of) for crowd in crowds) <= sum(late(crowd, by_deadline_alone) for crowd in crowds)


def test_who_was_told_and_did_not_agree_to_another_time_goes_before_who_can_still_be_asked():
    """Two slots for three, all alike but for what they were told."""
    calls = [call(1, 400), call(2, 400, key=(500.0, 2), told=True), call(3, 400, key=(400.0, 3))]

    assert order_of(calls, places(calls)).late == [3]
    assert order_of([each._replace(told=False) for each in calls], places(calls)).late == [2]
