from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.protocol import grouped, is_protocol, new_protocol, read_protocol

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
seven_digits = st.from_regex(r"[0-9]{7}", fullmatch=True)


def test_a_protocol_number_begins_with_the_year_and_has_ten_digits():
    assert new_protocol(NOW, "1234567") == "2612345679"


@pytest.mark.parametrize("wrong", ["", "123456", "12345678", "12345a7", "١٢٣٤٥٦٧"])
def test_what_is_not_seven_digits_makes_no_protocol_number(wrong):
    with pytest.raises(ValueError, match="expected 7 random digits"):
        new_protocol(NOW, wrong)


@given(seven_digits, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(digits, place, step):
    protocol = new_protocol(NOW, digits)
    slip = protocol[:place] + str((int(protocol[place]) + step) % 10) + protocol[place + 1 :]

    assert is_protocol(protocol)
    assert not is_protocol(slip)


def test_nearly_every_swap_of_neighbours_is_noticed():
    protocols = [new_protocol(NOW, f"{number * 7919 % 10_000_000:07d}") for number in range(1000)]
    swaps = [
        (protocol, protocol[:place] + protocol[place + 1] + protocol[place] + protocol[place + 2 :])
        for protocol in protocols
        for place in range(9)
        if protocol[place] != protocol[place + 1]
    ]

    missed = [swap for _, swap in swaps if is_protocol(swap)]

    assert len(missed) / len(swaps) < 0.03


@pytest.mark.parametrize("text", ["", "261234567", "26123456790", "2612345678", "26123456x9", "٢٦١٢٣٤٥٦٧٩"])
def test_other_texts_are_no_protocol_number(text):
    assert not is_protocol(text)


@pytest.mark.parametrize("typed", ["2612345679", "26 1234 5679", "26-1234-5679", "26.1234.5679#", " 2612345679 "])
def test_a_protocol_number_is_read_as_it_is_typed(typed):
    assert read_protocol(typed) == "2612345679"


def test_a_mistyped_protocol_number_is_not_read():
    assert read_protocol("26 1234 5678") is None


@given(seven_digits)
def test_a_printed_protocol_number_can_be_typed_in(digits):
    protocol = new_protocol(NOW, digits)

    assert read_protocol(grouped(protocol)) == protocol
