"""An office on a clock that jumps sees everything that falls due, no later than one that ticks through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest

from app.cli.throwaway import throwaway_office
from app.cli.virtual_office import VirtualOffice, utc
from app.simulator.people import Person, Pickup

CUSTOMER = "+4915112345678"


@pytest.fixture
def office() -> Iterator[VirtualOffice]:
    """At night, with one agent."""
    with throwaway_office(utc("2026-03-02 21:00"), seed=1) as office:
        office.hire("Ada", "+493023125001")
        yield office


def complain_and_hang_up(office: VirtualOffice) -> None:
    line = office.call(CUSTOMER)
    line.press("1")
    line.hang_up()
    office.run(minutes=5)


def test_a_promise_that_falls_due_in_the_morning_is_tried_within_a_second(office: VirtualOffice) -> None:
    complain_and_hang_up(office)
    (promise,) = office.promises()

    office.sleep_until(promise.not_before_at + timedelta(seconds=2))

    rung = [leg for leg in office.carrier.calls if leg.direction == "outbound-api"]
    assert len(rung) == 1
    assert rung[0].created_at - promise.not_before_at <= timedelta(seconds=1)


def test_a_customer_who_is_away_is_tried_again_when_the_spacing_is_over(office: VirtualOffice) -> None:
    office.carrier.introduce(CUSTOMER, Person(pickup=Pickup.IGNORE))
    complain_and_hang_up(office)

    office.run(days=1)

    (promise,) = office.promises()
    rung = [leg.created_at for leg in office.carrier.calls if leg.to == CUSTOMER]
    assert promise.status == "unreachable"
    assert len(rung) == 3
    assert all(timedelta(minutes=20) <= later - earlier < timedelta(minutes=22) for earlier, later in pairwise(rung))


def test_the_same_seed_gives_the_same_protocol_numbers() -> None:
    texts = []
    for _ in range(2):
        with throwaway_office(utc("2026-03-02 21:00"), seed=7) as office:
            complain_and_hang_up(office)
            texts.append([text.body for text in office.carrier.texts])

    assert texts[0] == texts[1]
    assert len(texts[0]) == 1
