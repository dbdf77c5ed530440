"""Times as the reader's clock shows them, with the customer's or the office's beside."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.models.staff import Staff
from tests.web.make import make_case

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("zone", "seen"),
    [
        ("America/Sao_Paulo", "today 06:00 (10:00 Berlin)"),
        ("Pacific/Auckland", "today 22:00 (10:00 Berlin)"),
        ("Europe/Vienna", "today 10:00<"),
        ("", "today 10:00<"),
        ("Mars/Olympus", "today 10:00<"),
    ],
)
def test_a_time_stands_by_the_readers_clock_with_the_offices_beside(ada, session, runtime, zone, seen):
    make_case(session, runtime.vault, runtime.clock.now())
    session.commit()

    ada.send("/desk/settings", zone=zone)

    assert seen in ada.get("/desk/cases").text


def test_a_time_that_falls_on_another_day_names_both(ada, session, runtime):
    make_case(session, runtime.vault, runtime.clock.now() - timedelta(hours=8))
    session.commit()

    ada.send("/desk/settings", zone="America/Sao_Paulo")

    assert "yesterday 22:00 (today 02:00 Berlin)" in ada.get("/desk/cases").text


def test_who_chooses_a_zone_keeps_it_and_what_was_chosen_before(ada, session, staff):
    ada.send("/desk/settings", zone="Pacific/Auckland", keys="yes")
    page = ada.get("/desk/settings").text

    kept = session.scalar(sa.select(Staff.desk).where(Staff.id == staff["Ada"].id))
    assert "<option selected>Pacific/Auckland</option>" in page
    assert (kept["zone"], kept["keys"]) == ("Pacific/Auckland", True)
