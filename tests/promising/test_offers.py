"""No deadline is spoken that cannot be kept, the earliest is the earliest, and who was promised a call keeps it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.compliance.attempt_caps import may_ring_again
from app.compliance.calling_hours import may_call_at
from app.compliance.whereabouts import Whereabouts
from app.domain.hotline import CallbackRules, Shift
from app.promising.load import Load, open_promise
from app.promising.proof import THIS, schedule_of
from app.promising.solver import Wanted, first_deadline
from tests.domain.offices import DAY, ZONES, around, clock_changes, hotline
from tests.promising.checker import INSTANT, faults, first_deadline_of_all

MINUTE = timedelta(minutes=1)
QUARTER = 15 * MINUTE
NOW = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Europe/Berlin"))
BERLIN = Whereabouts(("Europe/Berlin",), ("de",))
LISBON = Whereabouts(("Europe/Lisbon",), ("de",))
NEW_YORK = Whereabouts(("America/New_York",), ("de", "us"))
TWO_HOURS = dict.fromkeys(range(7), ((time(10), time(12)),))

# Four slots of half an hour on each of the next days: small enough to try everything.
SMALL = hotline(
    opening=TWO_HOURS,
    callback=CallbackRules(lead=MINUTE, urgent_lead=MINUTE, attempts=1, handling=29 * MINUTE + timedelta(seconds=35)),
)
SLOT = 30 * MINUTE
places = st.sampled_from([BERLIN, BERLIN, BERLIN, Whereabouts(("Asia/Tokyo", "Europe/Berlin"), ("de",)), LISBON])
languages = st.sampled_from(["de", "de", "en", "bs"])
kinds = st.sampled_from(["", "complaint", "complaint", "recall", "information"])
quarters = st.integers(0, 14).map(lambda number: NOW + number * QUARTER)
crews = st.lists(
    st.builds(
        Shift,
        st.integers(1, 2),
        st.sampled_from([("de",), ("en",), ("de", "en"), ("bs", "de")]),
        st.sampled_from([None, None, dict.fromkeys(range(7), ((time(11), time(12)),))]),
        st.sampled_from([(), (), ("complaint",), ("complaint", "recall"), ("cancellation",)]),
    ),
    min_size=1,
    max_size=3,
)


@st.composite
def promises(draw, most=5):
    found = []
    for number in range(1, draw(st.integers(0, most)) + 1):
        not_before = draw(st.sampled_from([NOW, NOW, NOW + 60 * MINUTE, NOW + 90 * MINUTE]))
        due_at = not_before + draw(st.integers(2, 10)) * QUARTER
        found.append(open_promise(number, due_at, not_before, draw(languages), draw(places), kind=draw(kinds)))
    return found


def _wanted(shifts, open_promises, language="de", where=BERLIN, wish=None, now=NOW, office=SMALL, **but):
    load = Load(open_promises, shifts)
    return Wanted(now, office, where, language=language, wish_not_before=wish, load=load, **but)


def _owed(offer, wanted):
    """The promise that an offer makes."""
    since = wanted.wish_not_before if wanted.wish_not_before and offer.wish_granted else wanted.now
    language = wanted.language or wanted.hotline.main_language
    return open_promise(THIS, offer.due_at, since, language, wanted.where, wanted.number, wanted.kind)


def _faults(offer, wanted):
    owed = {each.id: each for each in (*wanted.load.open, _owed(offer, wanted))}
    schedule = schedule_of(offer.proof.values()["schedule"])
    return faults(schedule, owed, wanted.hotline, list(wanted.load.shifts), wanted.now)


@settings(max_examples=300)
@given(crews, promises(), languages, kinds, places, st.none() | quarters)
def test_the_earliest_deadline_is_the_one_that_trying_everything_finds(shifts, others, language, kind, where, wish):
    shifts = [*shifts, Shift(1, ("bs", "de", "en"), {1: ((time(10), time(11)),)})]
    wanted = _wanted(shifts, others, language, where, wish, kind=kind)
    since = max(wish or NOW, NOW)
    candidates = [
        at
        for day in range(3)
        for number in range(9)
        if (at := NOW + timedelta(days=day) + number * QUARTER) >= since + SLOT
        and may_call_at(where, at - INSTANT).allowed
        and (number or may_call_at(where, at).allowed)
        and number
    ]
    new = open_promise(THIS, NOW, since, language, where, kind=kind)

    offer = first_deadline(wanted)

    best = first_deadline_of_all(new, others, SMALL, shifts, NOW, SLOT, candidates)
    if offer.proof is None or offer.proof.late:
        assert best is None
    elif offer.due_at <= NOW + timedelta(days=2, hours=2):
        assert offer.due_at == best
        assert _faults(offer, wanted) == []


@settings(max_examples=60)
@given(crews, st.lists(st.tuples(languages, kinds, places, st.none() | quarters), max_size=14))
def test_a_promise_more_never_makes_an_earlier_one_impossible(shifts, customers):
    shifts = [*shifts, Shift(1, ("bs", "de", "en"))]
    open_promises = []
    for number, (language, kind, where, wish) in enumerate(customers, 1):
        wanted = _wanted(shifts, list(open_promises), language, where, wish, kind=kind)
        offer = first_deadline(wanted)
        if offer.proof is None:
            continue
        assert offer.proof.late == 0
        assert _faults(offer, wanted) == []
        open_promises.append(_owed(offer, wanted)._replace(id=number))


@settings(max_examples=60)
@given(crews, st.lists(st.tuples(languages, st.integers(0, 70)), max_size=20))
def test_while_the_plan_is_followed_every_promise_can_be_kept_whenever_the_next_is_made(shifts, customers):
    shifts = [*shifts, Shift(1, ("bs", "de", "en"))]
    open_promises, schedule, now = [], [], NOW
    for number, (language, minutes) in enumerate(customers, 1):
        now += minutes * MINUTE
        called = {row.promise_id for row in schedule if row.starts_at < now}
        open_promises = [each for each in open_promises if each.id not in called]
        wanted = _wanted(shifts, list(open_promises), language, now=now)
        offer = first_deadline(wanted)
        assert offer.proof is None or offer.proof.late == 0
        if offer.proof is not None:
            assert _faults(offer, wanted) == []
            open_promises.append(_owed(offer, wanted)._replace(id=number))
            rows = schedule_of(offer.proof.schedule)
            schedule = [replace(row, promise_id=row.promise_id or number) for row in rows]


@settings(max_examples=80)
@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 11, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(ZONES),
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=2, unique=True),
    st.sampled_from([("de",), ("us",), ("br-sac", "de"), ("eu", "us")]),
    st.integers(0, 6),
    st.lists(st.integers(0, 8 * 24), max_size=6),
    st.none() | st.integers(-10, 100),
)
def test_every_plan_is_lawful_in_every_zone_and_within_wish_caps_and_limit(now, zone, theirs, laws, busy, rung, wish):
    office = hotline(zone=zone, opening=dict.fromkeys(range(7), ((time(7), time(21)),)))
    where = Whereabouts(tuple(theirs), laws)
    due_at = now + timedelta(hours=10)
    others = [open_promise(number, due_at, now, "de", where) for number in range(1, busy)]
    rung_at = [now - timedelta(hours=hours) for hours in rung]
    not_before = None if wish is None else now + timedelta(hours=wish)
    wanted = _wanted(
        [Shift(1, ("de",))], others, where=where, wish=not_before, now=now, office=office, rung_at=rung_at, number="n"
    )

    offer = first_deadline(wanted)

    assert offer.due_at <= offer.legal_due_at
    if offer.proof is not None:
        mine = offer.proof.planned
        assert may_call_at(where, mine.starts_at).allowed
        assert may_call_at(where, mine.ends_at - INSTANT).allowed
        assert may_ring_again(where, rung_at, mine.starts_at).allowed
        assert mine.ends_at <= offer.due_at
        assert not_before is None or not offer.wish_granted or mine.starts_at >= not_before


@pytest.mark.parametrize("zone", ZONES)
def test_plans_around_every_clock_change_hold(zone):
    office = hotline(zone=zone, country="BV", subdivision=None, opening=dict.fromkeys(range(7), DAY))
    where = Whereabouts((zone,), ("us",))
    for change in clock_changes(zone):
        for now in around(change, hours=20, step_minutes=300):
            others = [open_promise(number, now + timedelta(days=1), now, "de", where) for number in (1, 2, 3)]
            wanted = _wanted([Shift(1, ("de", "en"))], others, where=where, now=now, office=office)
            offer = first_deadline(wanted)
            found = [] if offer.proof is None else _faults(offer, wanted)
            assert offer.proof is None or offer.proof.late or found == []
