"""A login that is about to end says so in time, can be kept, and takes nothing that was typed (desk.md 40)."""

from __future__ import annotations

import re

import pytest

from app.services.logins import IDLE

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SECONDS = re.compile(r'data-seconds="(\d+)"')


@pytest.fixture
def wall(runtime):
    return runtime.wall


def test_a_look_at_the_clock_is_no_sign_of_life_and_a_click_is(ada, otto, wall):
    assert int(SECONDS.search(ada.get("/desk/").text)[1]) == IDLE.total_seconds()

    wall.advance(hours=1, minutes=59)
    assert ada.get("/desk/login/left").json["seconds"] == 60
    assert ada.get("/desk/login/left").json["seconds"] == 60
    assert ada.send("/desk/login/stay").json["seconds"] == IDLE.total_seconds()

    wall.advance(hours=2)
    assert ada.get("/desk/login/left").json == {"seconds": 0, "last": False, "token": None}
    assert otto.get("/desk/login/left").json["seconds"] == 0


def test_after_twelve_hours_no_click_keeps_it(ada, wall):
    for _ in range(11):
        wall.advance(hours=1)
        ada.get("/desk/")
    wall.advance(minutes=59)
    assert ada.get("/desk/login/left").json["last"]

    told = ada.send("/desk/login/stay").json
    assert (told["last"], told["seconds"]) == (True, 60)
