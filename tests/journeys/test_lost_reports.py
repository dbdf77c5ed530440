"""What the network forgets to tell is asked for, and nothing is counted twice (lessons 15)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from app.settings import Settings
from app.simulator.faults import Faults
from tests.journeys.cast import ADA, BEN, CEM, CORA, complain, complain_and_hang_up, press_all
from tests.journeys.stage import Stage, absent


@pytest.fixture
def office_with(settings: Settings) -> Iterator[Callable[..., Stage]]:
    """Opens an office on a network with faults."""
    with ExitStack() as stack:

        def open_office(**faults: float) -> Stage:
            office = Stage(settings, faults=Faults(**faults), seed=7)  # type: ignore[arg-type]  # numbers all
            stack.callback(office.close)
            return office

        yield open_office


def test_without_a_single_status_the_promise_is_kept_and_the_agent_is_free_again(
    office_with: Callable[..., Stage],
) -> None:
    """What our own documents tell is enough."""
    office = office_with(lose=1.0)
    office.hire("Ada", ADA)
    complain_and_hang_up(office)
    complain_and_hang_up(office, CEM)
    office.wait(minutes=30)

    assert [promise.status for promise in office.promises()] == ["kept", "kept"]
    assert {attempt.stage for attempt in office.attempts()} == {"ended"}


def test_an_agent_who_never_answered_is_noticed_without_any_report(office_with: Callable[..., Stage]) -> None:
    """The network is asked, and the next agent rung."""
    office = office_with(lose=1.0)
    office.hire("Ada", ADA, person=absent())
    office.hire("Ben", BEN)
    complain_and_hang_up(office)
    office.wait(minutes=30)

    assert office.promise().status == "kept"
    assert office.attempts()[0].result == "agent_silent"


def test_a_call_whose_end_nobody_told_is_settled_by_the_clock(office_with: Callable[..., Stage]) -> None:
    """T4, T9: with record and promise."""
    office = office_with(lose=1.0)
    press_all(office.call(CORA), "1", "2", "1", "#").hang_up()
    assert office.promises() == []
    office.wait(minutes=12)

    (call,) = office.calls()
    assert call.settled_at is not None
    assert office.promise().status == "open"
    assert len(office.texts_to(CORA)) == 1


def test_a_call_that_still_lasts_is_not_settled(office: Stage) -> None:
    """A long call is no lost call."""
    office.hire("Ada", ADA, person=absent())
    office.call(CORA).press("0")
    office.wait(minutes=12)

    assert office.calls()[0].settled_at is None


@pytest.mark.parametrize(
    "faults",
    [{"duplicate": 3}, {"reorder": True}, {"delay": 40.0}, {"lose": 0.5, "duplicate": 2, "reorder": True}],
    ids=["each four times", "overtaking one another", "late", "all of it"],
)
def test_reports_twice_late_or_out_of_order_change_nothing(office_with: Callable[..., Stage], faults) -> None:
    """Every delivery is kept once and moves things forward only."""
    office = office_with(**faults)
    office.hire("Ada", ADA)
    complain_and_hang_up(office)
    office.wait(minutes=20)

    assert (office.promise().status, office.promise().attempts_made) == ("kept", 1)
    assert len(office.rings_at(CORA)) == 1
    assert office.history().count("kept") == 1
    assert len(office.texts_to(CORA)) == 1


@pytest.mark.parametrize("fault", ["rest_timeout", "rest_error"])
def test_a_dial_without_an_answer_is_looked_for_and_never_repeated_blindly(
    office_with: Callable[..., Stage], fault: str
) -> None:
    """The call was placed, the answer got lost: nobody is rung twice for it."""
    office = office_with()
    complain_and_hang_up(office)
    office.wait(seconds=20)
    office.carrier.faults = Faults(**{fault: 1.0})
    office.hire("Ada", ADA)
    office.wait(minutes=10)

    assert office.promise().status == "kept"
    assert len(office.rings_at(ADA)) == 1
    assert len(office.rings_at(CORA)) == 1


def test_a_network_that_is_too_busy_to_dial_is_asked_again(office_with: Callable[..., Stage]) -> None:
    """429: nothing was placed, so the promise is simply due again."""
    office = office_with()
    office.hire("Ada", ADA)
    complain(office).hang_up()
    office.carrier.faults = Faults(rest_busy=1.0)
    office.wait(minutes=2)
    assert office.rings_at(ADA) == []

    office.carrier.faults = Faults()
    office.wait(minutes=15)

    assert office.promise().status == "kept"
