from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.compliance.calling_hours import may_call_at
from app.compliance.whereabouts import Whereabouts
from app.domain.business_hours import add_open_time, is_open
from app.domain.errors import LawUnknown
from app.domain.hotline import CallbackRules, Shift
from app.promising.load import Load, open_promise
from app.promising.solver import Wanted, first_deadline
from tests.domain.offices import ALWAYS, DAY, NIGHT, ZONES, around, clock_changes, hotline

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)  # Monday, ten in Berlin
BERLIN = Whereabouts(("Europe/Berlin",), ("de",))
INSTANT = timedelta(microseconds=1)
ONE = Shift(1, ("de", "en"))


def _at(day, hour, minute=0):
    """A moment of March 2026 by the clocks of Berlin."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


def _offer(**but):
    return first_deadline(
        Wanted(**({"now": NOW, "hotline": hotline(), "where": BERLIN, "load": Load((), [ONE])} | but))
    )


def _open(*dues, where=BERLIN, language="de", not_before=NOW, number=""):
    return [open_promise(id_, due, not_before, language, where, number) for id_, due in enumerate(dues, 1)]


@pytest.mark.parametrize(
    ("now", "but", "due"),
    [
        (_at(2, 10), {}, _at(2, 14)),
        (_at(2, 10, 1), {}, _at(2, 14, 15)),
        (_at(2, 13), {}, _at(2, 17)),
        (_at(2, 15), {}, _at(3, 11)),
        (_at(6, 15), {}, _at(9, 11)),
        (_at(7, 12), {}, _at(9, 13)),
        (_at(2, 10), {"urgent": True}, _at(2, 10, 45)),
        (_at(2, 16, 50), {"urgent": True}, _at(3, 9, 45)),
        (_at(2, 10), {"wish_not_before": _at(4, 15)}, _at(4, 16)),
        (_at(2, 10), {"wish_not_before": _at(4, 16, 30)}, _at(5, 9, 30)),
        (_at(2, 10), {"wish_not_before": _at(1, 10)}, _at(2, 14)),
    ],
    ids=["a morning", "rounded up", "by closing time", "over night", "over a weekend", "on a Saturday", "urgent",
         "urgent at closing time", "a wish", "a wish at closing time", "a wish in the past"],
)  # fmt: skip
def test_the_deadline_is_the_lead_away_in_opening_time(now, but, due):
    offer = _offer(now=now, **but)

    assert offer.due_at == due
    assert not offer.at_risk
    assert offer.wish_granted


def test_a_deadline_at_night_waits_for_the_lawful_hours_of_the_customer():
    office = hotline(opening=dict.fromkeys(range(7), ALWAYS))

    offer = _offer(now=_at(2, 18), hotline=office)

    assert offer.due_at == _at(
        3, 8, 15
    )  # the lead ended at ten at night; from eight in the morning on they may be called
    assert offer.not_before_at == _at(2, 18)


def test_a_customer_in_another_zone_is_called_in_the_hours_of_both():
    sao_paulo = Whereabouts(("America/Sao_Paulo",), ("de", "br-sac"))

    offer = _offer(where=sao_paulo)

    assert offer.not_before_at == _at(2, 13)
    assert offer.due_at == _at(2, 14)


def test_a_wish_beyond_the_limit_is_not_granted():
    offer = _offer(wish_not_before=_at(20, 10))

    assert offer.due_at == _at(2, 14)
    assert not offer.wish_granted
    assert not offer.at_risk


def test_the_staff_keeps_what_is_promised_before_a_new_promise_is_made():
    free = _offer(load=Load(_open(*[_at(2, 14)] * 20), [ONE]))
    busy = _offer(load=Load(_open(*[_at(2, 14)] * 21), [ONE]))

    assert free.due_at == _at(2, 14)  # 21 slots of 11 minutes lie between six past ten and two
    assert busy.due_at == _at(2, 14, 15)
    assert not busy.at_risk


def test_twice_the_staff_keeps_twice_the_promises():
    due = _offer(load=Load(_open(*[_at(2, 14)] * 41), [ONE, ONE])).due_at

    assert due == _at(2, 14)


def test_a_promise_is_not_made_at_the_cost_of_a_later_one():
    offer = _offer(load=Load(_open(*[_at(2, 15)] * 26), [ONE]))

    assert offer.due_at == _at(2, 15, 15)


def test_staff_that_comes_in_the_afternoon_keeps_promises_in_the_afternoon():
    offer = _offer(load=Load((), [Shift(1, ("de",), {1: ((time(14), time(16)),)})]))

    assert offer.due_at == _at(3, 14, 30)  # who comes at two begins with the slot from eight to 19 past


def test_who_does_not_speak_the_language_keeps_no_promise_in_it():
    english = Shift(1, ("en",), {3: DAY})

    assert _offer(load=Load((), [ONE, english]), language="en").due_at == _at(2, 14)
    assert _offer(load=Load((), [Shift(1, ("de",)), english]), language="en").due_at == _at(5, 9, 15)


def test_a_language_that_nobody_speaks_is_served_by_anybody():
    assert _offer(load=Load((), [Shift(1, ("de",))]), language="bs").due_at == _at(2, 14)


def test_others_make_room_for_a_customer_whom_only_one_agent_understands():
    shifts = [Shift(1, ("de",)), Shift(1, ("de", "bs"))]
    by_two = [open_promise(id_, _at(2, 14), NOW, "de", BERLIN) for id_ in range(1, 40)]

    offer = _offer(load=Load(by_two, shifts), language="bs")

    assert offer.due_at == _at(2, 14)
    assert (offer.proof.planned.team.languages, offer.proof.moved) == (("bs", "de"), 1)


def test_an_overdue_promise_takes_its_time_too():
    offer = _offer(load=Load(_open(*[_at(2, 9)] * 21), [ONE]))

    assert offer.due_at == _at(2, 14, 15)
    assert offer.proof.late == 21


def test_one_number_is_not_rung_for_two_promises_at_the_same_time():
    same = _open(_at(2, 10, 30), number="a")

    first = _offer(load=Load(same, [ONE, ONE]), number="b").proof.planned.starts_at
    after = _offer(load=Load(same, [ONE, ONE]), number="a").proof.planned.starts_at

    assert (first, after) == (_at(2, 10, 6), _at(2, 10, 17))


def test_a_number_that_was_rung_often_today_is_promised_tomorrow():
    rung_at = [NOW - timedelta(minutes=20 * number) for number in (1, 2, 3)]

    offer = _offer(rung_at=rung_at)

    assert offer.not_before_at == _at(3, 9)
    assert offer.due_at == _at(3, 10)  # the lead is over long before, but every attempt must have room


def test_without_staff_the_limit_is_promised_and_is_at_risk():
    offer = _offer(load=Load())

    assert offer.at_risk
    assert offer.proof is None
    assert offer.due_at == _at(9, 17)  # the last working quarter before the limit at midnight
    assert offer.legal_due_at == _at(9, 23, 59) + timedelta(seconds=59)


def test_a_limit_on_a_closed_day_is_kept_on_the_open_day_before():
    offer = _offer(now=_at(1, 12), load=Load())

    assert offer.due_at == _at(6, 17)


def test_a_hotline_that_never_opens_promises_the_limit_at_risk():
    offer = _offer(hotline=hotline(opening={}))

    assert offer.at_risk
    assert offer.due_at == _at(9, 23, 45)


def test_a_customer_who_may_never_be_called_is_promised_the_last_opening_at_risk():
    offer = _offer(where=Whereabouts(("Asia/Tokyo", "America/Sao_Paulo"), ("eu",)))

    assert offer.at_risk
    assert offer.due_at == _at(9, 17)
    assert not offer.verdicts[0].allowed


def test_a_limit_that_has_passed_leaves_the_first_working_moment_at_risk():
    offer = _offer(registered_at=NOW - timedelta(days=30))

    assert offer.at_risk
    assert offer.due_at == _at(2, 14)
    assert not offer.verdicts[1].allowed


def test_a_limit_that_has_passed_with_nobody_there_leaves_the_urgent_lead():
    offer = _offer(registered_at=NOW - timedelta(days=30), hotline=hotline(opening={}))

    assert offer.at_risk
    assert offer.due_at == _at(2, 10, 45)


def test_the_limit_counts_from_the_registration_of_the_matter():
    offer = _offer(registered_at=NOW - timedelta(days=3), load=Load())

    assert offer.legal_due_at == _at(6, 23, 59) + timedelta(seconds=59)
    assert offer.due_at == _at(6, 17)


def test_the_law_behind_the_limit_is_cited():
    offer = _offer(
        hotline=hotline(zone="America/Sao_Paulo", jurisdiction="br-sac", country="BR", subdivision="SP"),
        where=Whereabouts(("America/Sao_Paulo",), ("br-sac",)),
    )

    assert offer.legal_ref.text == "Decreto 11.034/2022, art. 13"
    assert all(verdict.allowed for verdict in offer.verdicts)


def test_a_limit_on_a_sunday_is_kept_and_told():
    offer = _offer(now=_at(1, 12))

    assert offer.verdicts[1].reason == "due by 2026-03-08, which is no working day"


def test_the_latest_start_leaves_time_for_every_attempt():
    offer = _offer()

    assert offer.latest_start_at == _at(2, 14) - timedelta(minutes=50, seconds=25)


def test_the_latest_start_is_counted_back_over_the_night():
    offer = _offer(now=_at(2, 13, 15))

    assert offer.due_at == _at(3, 9, 15)
    assert offer.latest_start_at == _at(2, 17) - timedelta(minutes=35, seconds=25)


def test_under_an_unknown_law_nothing_is_promised():
    with pytest.raises(LawUnknown):
        _offer(where=Whereabouts(("Europe/Berlin",), ("xx",)))


EARLIEST, LATEST = datetime(2020, 1, 1), datetime(2035, 12, 1)  # noqa: DTZ001 - the zone is given beside them
instants = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))
openings = st.sampled_from(
    [
        dict.fromkeys(range(5), DAY),
        dict.fromkeys(range(7), NIGHT),
        dict.fromkeys(range(7), ALWAYS),
        {2: ((time(7), time(9, 10)),)},
        {},
    ]
)
wants = st.builds(
    Wanted,
    now=instants,
    hotline=st.builds(
        hotline,
        zone=st.sampled_from(ZONES),
        opening=openings,
        callback=st.builds(CallbackRules, lead=st.timedeltas(timedelta(0), timedelta(hours=20))),
    ),
    where=st.builds(
        Whereabouts,
        st.lists(st.sampled_from(ZONES), min_size=1, max_size=2, unique=True).map(tuple),
        st.lists(st.sampled_from(["br-sac", "de", "eu", "us"]), min_size=1, max_size=2, unique=True).map(tuple),
        st.booleans(),
    ),
    urgent=st.booleans(),
    load=st.builds(Load, st.just(()), st.lists(st.just(ONE), max_size=3)),
)


@given(wants, st.none() | st.timedeltas(timedelta(days=-2), timedelta(days=12)))
def test_every_offer_is_lawful_open_in_the_future_and_within_the_limit(wanted, wish):
    wanted = Wanted(
        wanted.now,
        wanted.hotline,
        wanted.where,
        wanted.urgent,
        None if wish is None else wanted.now + wish,
        load=wanted.load,
    )

    offer = first_deadline(wanted)

    assert wanted.now < offer.due_at <= offer.legal_due_at
    assert wanted.now <= offer.not_before_at <= offer.due_at
    assert wanted.now <= offer.latest_start_at <= offer.due_at
    assert offer.due_at.minute % 15 == offer.due_at.second == offer.due_at.microsecond == 0
    assert offer.at_risk or is_open(wanted.hotline, offer.due_at - INSTANT)
    assert offer.at_risk or may_call_at(wanted.where, offer.due_at - INSTANT).allowed
    assert offer.at_risk or offer.verdicts[0].allowed
    assert (
        offer.at_risk
        or not wanted.wish_not_before
        or not offer.wish_granted
        or offer.not_before_at >= wanted.wish_not_before
    )


@given(wants)
def test_no_offer_is_sooner_than_the_lead(wanted):
    offer = first_deadline(wanted)
    rules = wanted.hotline.callback

    lead_over = add_open_time(wanted.hotline, wanted.now, rules.urgent_lead if wanted.urgent else rules.lead)

    assert offer.at_risk or offer.due_at >= lead_over


@pytest.mark.parametrize("zone", ZONES)
def test_offers_around_every_clock_change_are_open_and_lawful(zone):
    office = hotline(zone=zone, country="BV", subdivision=None, opening=dict.fromkeys(range(7), DAY))
    where = Whereabouts((zone,), ("us",))

    offers = [
        first_deadline(Wanted(now, office, where))
        for change in clock_changes(zone)
        for now in around(change, hours=24, step_minutes=180)
    ]

    assert all(is_open(office, offer.due_at - INSTANT) for offer in offers)
    assert all(may_call_at(where, offer.due_at - INSTANT).allowed for offer in offers)


EVENINGS = {day: ((time(17), time(20)),) for day in range(5)}
"""After the hotline has closed, somebody is there for urgent matters."""


def test_an_urgent_call_is_promised_for_the_hours_at_which_somebody_is_there_for_it():
    office = hotline(urgent_hours=EVENINGS)

    assert _offer(now=_at(2, 16, 50), hotline=office, urgent=True).due_at == _at(2, 17, 45)
    assert _offer(now=_at(2, 16, 50), hotline=office).due_at == _offer(now=_at(2, 16, 50)).due_at > _at(3, 9)
    assert _offer(now=_at(2, 10), hotline=office, urgent=True).due_at == _at(2, 10, 45)  # it is open, and sooner
    assert _offer(now=_at(6, 19, 50), hotline=office, urgent=True).due_at == _at(9, 9, 45)  # not before Monday


def test_in_urgent_hours_urgent_calls_have_a_plan_of_their_own_and_never_more_than_their_people_can_hold():
    """Fifty others who are owed a call take nobody's time there; four urgent ones of one person do."""
    office = hotline(urgent_hours=EVENINGS)
    others = _open(*[_at(3, 12)] * 50)

    def offer(number: int):
        urgent = _open(*[_at(2, 17, 45)] * number)
        load = Load([*others, *urgent], [ONE], urgent=urgent)
        return _offer(now=_at(2, 16, 50), hotline=office, urgent=True, load=load)

    assert [offer(number).due_at for number in (0, 3, 4)] == [_at(2, 17, 45), _at(2, 17, 45), _at(2, 18)]
    assert not offer(4).at_risk


def test_of_a_hotline_that_tells_its_shifts_only_those_who_are_there_then_count():
    by_day = Shift(3, ("de",))
    nobody = hotline(urgent_hours=EVENINGS, staffing=(by_day,))
    somebody = hotline(urgent_hours=EVENINGS, staffing=(by_day, Shift(1, ("de",), EVENINGS)))

    def due(office):
        return _offer(now=_at(2, 16, 50), hotline=office, urgent=True, load=Load((), office.staffing)).due_at

    assert (due(nobody), due(somebody)) == (_at(3, 9, 45), _at(2, 17, 45))
