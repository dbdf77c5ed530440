from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from app.compliance.whereabouts import Whereabouts
from app.domain.hotline import Hotline, Shift
from app.domain.spans import Span
from app.promising.load import Load, open_promise
from app.promising.solver import Wanted, first_deadline
from app.promising.wish import day_meant, days_to_choose, nearest_offer, span_meant
from tests.domain.offices import hotline

ZONE = ZoneInfo("Europe/Berlin")
BERLIN = Whereabouts(("Europe/Berlin",), ("de",))
ONE = Shift(1, ("de",))
MONDAY = date(2026, 3, 2)
LATE = hotline(opening=dict.fromkeys(range(5), ((time(9), time(18)),)))


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def _wanted(now: datetime, office: Hotline = LATE) -> Wanted:
    return Wanted(now=now, hotline=office, where=BERLIN, load=Load((), [ONE]))


def _nearest(now: datetime, day: int, part: str, office: Hotline = LATE) -> tuple[datetime, datetime, bool] | None:
    wished = span_meant(date(2026, 3, day), part, ZONE)
    found = nearest_offer(_wanted(now, office), wished, ZONE)
    return (found[0].not_before_at, found[0].due_at, found[1]) if found else None


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("today", date(2026, 3, 2)),
        ("tomorrow", date(2026, 3, 3)),
        ("tuesday", date(2026, 3, 3)),
        ("monday", date(2026, 3, 9)),
        ("sunday", date(2026, 3, 8)),
        ("2026-03-05", date(2026, 3, 5)),
        ("soon", None),
    ],
)
def test_a_day_is_told_by_many_words(word: str, day: date | None) -> None:
    assert day_meant(word, MONDAY) == day


def test_tomorrow_after_five_is_promised_between_five_and_closing_time() -> None:
    assert _nearest(_at(2, 10), 3, "evening") == (_at(3, 17), _at(3, 18), True)


def test_a_whole_day_is_promised_by_its_closing_time() -> None:
    assert _nearest(_at(2, 10), 3, "any") == (_at(3, 9), _at(3, 18), True)


def test_a_part_of_today_that_has_begun_is_promised_from_now_on() -> None:
    assert _nearest(_at(2, 12, 30), 2, "afternoon") == (_at(2, 12, 30), _at(2, 17), True)


@pytest.mark.parametrize(
    ("now", "day", "part", "nearest"),
    [
        (_at(2, 10), 2, "morning", (_at(2, 12), _at(2, 17), False)),  # the lead ends at two
        (_at(2, 10), 7, "morning", (_at(6, 17), _at(6, 18), False)),  # a Saturday: Friday evening
        (_at(2, 10), 8, "evening", (_at(9, 9), _at(9, 12), False)),  # a Sunday: Monday morning
        (_at(2, 10), 30, "morning", (_at(9, 17), _at(9, 18), False)),
    ],
    ids=["too soon", "closed", "closed for long", "past the limit"],
)
def test_a_wish_that_cannot_be_granted_gets_the_nearest_time(
    now: datetime, day: int, part: str, nearest: tuple[datetime, datetime, bool]
) -> None:
    assert _nearest(now, day, part) == nearest


def test_a_wish_is_never_granted_past_the_legal_limit() -> None:
    brazil = Whereabouts(("Europe/Berlin",), ("br-sac",))
    wanted = Wanted(now=_at(2, 10), hotline=LATE, where=brazil, load=Load((), [ONE]))

    found = nearest_offer(wanted, span_meant(date(2026, 3, 20), "morning", ZONE), ZONE)

    assert found is not None
    offer, is_granted = found
    assert (is_granted, offer.due_at) == (False, _at(9, 18))
    assert offer.due_at <= offer.legal_due_at


def test_a_span_without_a_plan_is_not_granted() -> None:
    """Between five and six one agent has five conversations."""
    span = Span(_at(3, 17), _at(3, 18))

    def is_granted(promised: int) -> bool:
        others = [open_promise(each, span.end, span.start, "de", BERLIN) for each in range(1, promised + 1)]
        load = Load(others, [ONE])
        wanted = Wanted(_at(2, 10), LATE, BERLIN, load=load, wish_not_before=span.start, wish_until=span.end)
        return first_deadline(wanted).wish_granted

    assert is_granted(4)
    assert not is_granted(5)


def test_the_days_to_choose_are_those_on_which_we_can_call() -> None:
    found = days_to_choose(LATE, BERLIN, _at(2, 10), _at(2, 10))

    assert [day.day for day in found] == [4, 5, 6, 9]


def test_after_five_is_local_time_also_on_the_day_the_clocks_change() -> None:
    before, on = (span_meant(date(2026, 3, day), "evening", ZONE) for day in (28, 29))

    assert (before.start.hour, on.start.hour) == (16, 15)
