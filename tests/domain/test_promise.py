from __future__ import annotations

from itertools import product

import pytest

from app.domain.errors import WrongState
from app.domain.promise import (
    BREAK_CAUSES,
    ENDED,
    AttemptResult,
    BreakCause,
    PromiseStatus,
    check_move,
    counts_as_attempt,
    may_move,
)


@pytest.mark.parametrize("end", sorted(ENDED))
def test_an_open_promise_may_end_in_every_way(end):
    check_move(PromiseStatus.OPEN, end)


@pytest.mark.parametrize(("end", "other"), list(product(sorted(ENDED), sorted(PromiseStatus))))
def test_a_promise_ends_once(end, other):
    assert not may_move(end, other)
    with pytest.raises(WrongState, match=f"promise is {end}, expected open"):
        check_move(end, other)


def test_an_open_promise_is_not_opened_again():
    assert not may_move(PromiseStatus.OPEN, PromiseStatus.OPEN)


def test_there_are_seven_ends():
    assert {"kept", "kept_late", "moved", "discharged", "unreachable", "withdrawn", "broken"} == ENDED


def test_every_cause_of_a_broken_promise_is_explained():
    assert set(BREAK_CAUSES) == set(BreakCause)


def test_what_agents_and_network_do_costs_the_customer_no_attempt():
    free = {result for result in AttemptResult if not counts_as_attempt(result)}

    assert free == {"agent_declined", "agent_silent", "agent_unreachable", "network_refused", "canceled"}
