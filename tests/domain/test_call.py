from __future__ import annotations

from itertools import permutations, product

import pytest

from app.domain.call import TERMINAL, LegStatus, is_over, next_status

ORDER = [LegStatus.INITIATED, LegStatus.RINGING, LegStatus.IN_PROGRESS]


def _end_of(heard):
    status = None
    for new in heard:
        status = next_status(status, new)
    return status


@pytest.mark.parametrize("end", sorted(TERMINAL))
def test_webhooks_in_any_order_and_twice_give_the_same_end(end):
    ends = {_end_of(order) for order in permutations([*ORDER, end, end, LegStatus.RINGING])}

    assert ends == {end}


@pytest.mark.parametrize(("first", "second"), list(product(sorted(TERMINAL), repeat=2)))
def test_of_two_endings_the_first_one_holds(first, second):
    assert next_status(first, second) is first


def test_a_leg_never_moves_back():
    assert [next_status(LegStatus.IN_PROGRESS, old) for old in ORDER] == [LegStatus.IN_PROGRESS] * 3


def test_a_leg_of_which_nothing_was_heard_takes_what_comes():
    assert [next_status(None, status) for status in LegStatus] == list(LegStatus)


def test_only_an_ending_is_over():
    assert {status for status in LegStatus if is_over(status)} == TERMINAL
    assert not is_over(None)
