"""Bar codes: padded, judged, never refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.gtin import GtinCheck, check_digit, near_gtins, read_gtin, split_gtins


@pytest.mark.parametrize(
    ("text", "digits", "check"),
    [
        pytest.param("0 7789028735 4", "00077890287354", GtinCheck.VALID, id="blanks inside"),
        pytest.param("4006381333931", "04006381333931", GtinCheck.VALID, id="thirteen digits"),
        pytest.param("36000291452", "00036000291452", GtinCheck.VALID, id="leading zero lost"),
        pytest.param("036000291453", "00036000291453", GtinCheck.WRONG, id="check digit fails"),
        pytest.param("7384490413", "7384490413", GtinCheck.PARTIAL, id="ten digits"),
        pytest.param("35826", "35826", GtinCheck.PARTIAL, id="five digits"),
    ],
)
def test_a_dirty_number_is_padded_and_judged(text, digits, check):
    read = read_gtin(text)

    assert (read.digits, read.check) == (digits, check)


@pytest.mark.parametrize("text", ["", "  ", "HANS0002", "see label", "0360 and 0002"])
def test_other_text_is_no_number(text):
    assert read_gtin(text) is None


def test_a_list_in_one_string_is_split_but_blanks_in_a_number_are_not():
    together = split_gtins("035051120339 035051426011; 0 7789028735 4 and 4006381333931")

    assert [found.digits for found in together] == [
        "00035051120339",
        "00035051426011",
        "00077890287354",
        "04006381333931",
    ]


@given(st.text("0123456789", min_size=11, max_size=12), st.data())
def test_every_single_slip_of_a_valid_number_is_found_again(body, data):
    valid = body + check_digit(body)
    place = data.draw(st.integers(0, len(valid) - 1))
    missing = valid[:place] + valid[place + 1 :]

    assert valid.zfill(14) in near_gtins(missing)
