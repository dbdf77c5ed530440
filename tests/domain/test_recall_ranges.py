"""Ranges of serial numbers: whatever is in one is found by equality, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.recall_identifiers import IdentifierKind, listed_numbers, mentioned
from app.domain.recall_ranges import blocks_around, range_blocks


@given(st.integers(0, 99_999), st.integers(0, 99_999), st.integers(0, 99_999))
def test_a_number_is_in_a_range_if_and_only_if_one_of_its_blocks_is(one, other, number):
    low, high = sorted((one, other))

    blocks = range_blocks(f"SN{low:05d}", f"SN{high:05d}")

    assert bool(set(blocks) & set(blocks_around(f"SN{number:05d}"))) == (low <= number <= high)


def test_a_range_of_ten_digits_has_few_blocks():
    assert len(range_blocks("0408044281", "4410052723")) < 90


@pytest.mark.parametrize(
    ("first", "last"),
    [("A100", "B200"), ("A9", "A10"), ("A200", "A100"), ("ABC", "ABD"), ("1" * 21, "2" * 21)],
    ids=["other letters", "other length", "backwards", "no digits", "too long"],
)
def test_what_are_no_two_ends_of_a_range_gives_none(first, last):
    assert range_blocks(first, last) == ()


@pytest.mark.parametrize("text", ["sn-0100 to SN 0250", "SN0100 – SN0250", "SN0100 bis SN0250", "SN0100 - SN0250"])
def test_a_listed_range_is_read_however_it_is_written(text):
    found = list(listed_numbers([f"{text}; SN0999"], IdentifierKind.SERIAL))

    normals = {one.normal for one in found}
    assert all(one.is_listed for one in found)
    assert normals & set(blocks_around("SN0199"))
    assert "SN0999" in normals
    assert not normals & set(blocks_around("SN0251"))


def test_a_range_that_a_text_mentions_is_found_and_is_no_more_than_mentioned():
    """Of the real recall 13293."""
    text = "date codes ranging from 02/13 to 05/13 and serial numbers 40033594 through 40074108"

    found = [one for one in mentioned(text) if one.normal in blocks_around("40050000")]

    assert [(one.kind, one.written, one.is_listed) for one in found] == [
        (IdentifierKind.SERIAL, "40033594 – 40074108", False)
    ]
