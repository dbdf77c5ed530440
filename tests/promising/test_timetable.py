from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.compliance.attempt_caps import may_ring_again
from app.compliance.whereabouts import Whereabouts
from app.domain.hotline import Shift
from app.domain.spans import Span
from app.promising.timetable import Team, timetable
from app.promising.workable import within_caps
from tests.domain.offices import ALWAYS, ZONES, hotline

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)  # Monday, ten in Berlin; the office opened at nine
HALF_HOUR = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)
ONE = Shift(1, ("de",))


def _table(shifts=(ONE,), now=NOW, slot=HALF_HOUR, days=1, office=None):
    return timetable(office or hotline(), shifts, now, slot, until=now + timedelta(days=days))


def _minutes(table):
    return [(start - NOW.timestamp()) / 60 for start in table.starts]


def test_slots_count_from_opening_and_the_one_that_has_begun_is_gone():
    assert _minutes(_table())[:3] == [0, 30, 60]
    assert _minutes(_table(now=NOW + MINUTE))[:3] == [30, 60, 90]
    assert _minutes(_table(slot=50 * MINUTE))[:2] == [40, 90]


def test_no_slot_reaches_past_closing_time():
    table = _table(slot=50 * MINUTE, days=4)

    assert {datetime.fromtimestamp(end, hotline().zone).time() for end in table.ends[-9:]} == {
        (datetime(2026, 3, 2, 9, 50, tzinfo=UTC) + number * 50 * MINUTE).time() for number in range(9)
    }


def test_whoever_asks_later_sees_the_same_slots():
    now, later = _table(days=3), _table(now=NOW + 95 * MINUTE, days=3)

    assert set(later.starts) >= {start for start in now.starts if start >= (NOW + 95 * MINUTE).timestamp()}


def test_who_is_there_for_a_part_of_a_slot_is_not_there():
    late = Shift(2, ("de",), {0: ((time(10, 10), time(11, 20)),)})

    table = _table([ONE, late])

    assert list(table.seats[:4]) == [1, 3, 1, 1]


def test_who_can_do_least_comes_first():
    narrow = Shift(1, ("de", "en"), skills=("recall",))
    table = _table([Shift(1, ("de", "en")), Shift(1, ("en",)), Shift(2, ("en", "de")), narrow])

    assert table.teams == [Team(("de", "en"), ("recall",)), Team(("en",)), Team(("de", "en"))]
    assert list(table.seats[:3]) == [1, 1, 3]


def test_the_teams_for_a_matter_speak_the_language_and_handle_the_kind():
    table = _table([Shift(1, ("de",), skills=("recall",)), Shift(1, ("en",)), Shift(1, ("de",), skills=("complaint",))])

    assert table.teams == [Team(("de",), ("complaint",)), Team(("de",), ("recall",)), Team(("en",))]
    assert (table.teams_for("de", "recall"), table.teams_for("en", "recall")) == ([1], [2])
    assert table.teams_for("de", "cancellation") == [0, 1]  # who speaks the language is better than nobody
    assert table.teams_for("bs", "complaint") == [0, 2]


def test_who_speaks_fewest_languages_comes_before_who_speaks_more():
    table = _table([Shift(1, ("de", "en")), Shift(1, ("en",)), Shift(2, ("en", "de"))])

    assert table.teams == [Team(("en",)), Team(("de", "en"))]
    assert list(table.seats[:2]) == [1, 3]
    assert (table.teams_for("de"), table.teams_for("en"), table.teams_for("bs")) == ([1], [0, 1], [0, 1])


def test_an_office_that_never_closes_has_slots_all_day_and_night():
    table = _table(office=hotline(opening=dict.fromkeys(range(7), ALWAYS)), days=2)

    assert {later - start for start, later in zip(table.starts, table.starts[1:], strict=False)} == {1800}


@given(
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=2, unique=True),
    st.sampled_from([("de",), ("us", "br-sac")]),
    st.lists(st.integers(-8 * 24 * 4, 5 * 24 * 4), max_size=12),
)
def test_within_the_caps_is_every_moment_at_which_the_rules_allow_a_ring(zones, laws, quarters):
    where = Whereabouts(tuple(zones), laws)
    rung_at = [NOW + number * 15 * MINUTE for number in quarters]
    span = Span(NOW, NOW + timedelta(days=4))

    left = list(within_caps([span], where, rung_at))

    for hours in range(96):
        at = NOW + timedelta(hours=hours, minutes=7)
        assert any(at in each for each in left) is may_ring_again(where, rung_at, at).allowed
