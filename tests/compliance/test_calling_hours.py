from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.compliance.calling_hours import lawful_spans, may_call_at, next_lawful
from app.compliance.whereabouts import Whereabouts, whereabouts
from app.domain.errors import LawUnknown
from app.domain.phone_number import PhoneNumber
from tests.domain.offices import ZONES, around, clock_changes, hotline

EARLIEST, LATEST = datetime(2020, 1, 1), datetime(2035, 12, 1)  # noqa: DTZ001 - the zone is given beside them
instants = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))
places = st.builds(
    Whereabouts,
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True).map(tuple),
    st.lists(st.sampled_from(["br-sac", "de", "eu", "us"]), min_size=1, max_size=2, unique=True).map(tuple),
    st.booleans(),
)


@pytest.mark.parametrize("zone", ZONES)
def test_nobody_is_called_outside_the_hours_around_any_clock_change(zone):
    where = Whereabouts((zone,), ("us",))

    wrong = [
        at
        for change in clock_changes(zone)
        for at in around(change, hours=30)
        if may_call_at(where, at).allowed is not (8 <= at.astimezone(ZoneInfo(zone)).hour < 21)
    ]

    assert wrong == []


@given(places, instants)
def test_the_next_lawful_moment_is_lawful_and_the_first(where, since):
    found = next_lawful(where, since)

    assert found is None or may_call_at(where, found).allowed
    assert found is None or found == since or not may_call_at(where, found - timedelta(microseconds=1)).allowed
    assert (found == since) is may_call_at(where, since).allowed


@given(places, instants, st.timedeltas(timedelta(0), timedelta(days=5)))
def test_a_moment_is_lawful_if_it_lies_in_a_lawful_span(where, since, later):
    at = since + later

    assert any(at in span for span in lawful_spans(where, since, days=8)) is may_call_at(where, at).allowed


@given(places, instants)
def test_what_is_lawful_is_inside_the_hours_of_every_zone(where, at):
    alone = [
        may_call_at(Whereabouts((zone,), (name,)), at).allowed for zone in where.zones for name in where.jurisdictions
    ]

    assert all(alone) or not may_call_at(where, at).allowed


def test_a_number_in_many_zones_is_called_when_it_is_day_in_all_of_them():
    australia = Whereabouts(("Australia/Perth", "Australia/Sydney"), ("us",))

    first = next_lawful(australia, datetime(2026, 3, 2, 12, tzinfo=UTC))

    assert first == datetime(2026, 3, 3, 0, tzinfo=UTC)  # eight in Perth, eleven in Sydney


def test_zones_without_a_common_hour_are_never_called():
    where = Whereabouts(("Asia/Tokyo", "America/Sao_Paulo"), ("eu",))

    assert next_lawful(where, datetime(2026, 3, 2, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    "where", [Whereabouts((), ("de",)), Whereabouts(("Europe/Berlin",), ()), Whereabouts(("Europe/Berlin",), ("xx",))]
)
def test_without_a_law_or_a_zone_there_is_no_lawful_moment(where):
    with pytest.raises(LawUnknown):
        next_lawful(where, datetime(2026, 3, 2, tzinfo=UTC))


def test_the_verdict_tells_the_local_time_the_hours_and_the_source():
    verdict = may_call_at(Whereabouts(("Europe/Berlin",), ("de",)), datetime(2026, 3, 2, 20, tzinfo=UTC))

    assert verdict.reason == "Monday 21:00 in Europe/Berlin, de: 08:00 to 20:00"
    assert verdict.citation.is_house_rule


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+4915112345678", Whereabouts(("Europe/Berlin",), ("de",))),
        ("+5511987654321", Whereabouts(("America/Sao_Paulo",), ("de", "br-sac"))),
        ("+881612345678", Whereabouts(("Europe/Berlin",), ("de",), is_zone_known=False)),
        (None, Whereabouts(("Europe/Berlin",), ("de",), is_zone_known=False)),
    ],
)
def test_a_customer_may_be_where_the_number_lies(number, expected):
    assert whereabouts(number and PhoneNumber(number), hotline()) == expected
