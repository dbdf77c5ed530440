from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.compliance.whereabouts import Whereabouts, written
from app.promising.local_clock import told_zone, zone_told_for
from tests.domain.offices import hotline

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONDON = ("Europe/Guernsey", "Europe/Jersey", "Europe/London")


@pytest.mark.parametrize(
    ("zones", "is_known", "told"),
    [
        (("Europe/Berlin",), True, ""),
        (("Europe/Sarajevo",), True, ""),
        (("Europe/London",), True, "Europe/London"),
        (LONDON, True, "Europe/London"),
        (("America/Bahia", "America/Manaus"), True, "Europe/Berlin"),
        (("Europe/Berlin",), False, ""),
    ],
    ids=["the hotline's own", "another that shows the same", "another", "several that agree", "several", "a guess"],
)
def test_a_zone_is_named_where_clocks_differ(zones: tuple[str, ...], is_known: bool, told: str) -> None:
    where = Whereabouts(zones, ("de",), is_zone_known=is_known)

    assert told_zone(where, hotline(), NOW) == told
    assert zone_told_for(written(where), hotline(), NOW) == told


def test_zones_that_change_their_clocks_on_different_days_differ() -> None:
    """New York and Bogotá show the same in winter; on 8 March summer begins in New York."""
    where = Whereabouts(("America/New_York",), ("us",))

    assert told_zone(where, hotline(zone="America/Bogota", country="CO"), NOW) == "America/New_York"


def test_nothing_is_told_of_a_promise_whose_whereabouts_nobody_knows() -> None:
    assert zone_told_for(None, hotline(), NOW) == ""
