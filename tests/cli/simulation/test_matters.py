"""What callers tell is what stands in the export, as far as it can be said."""

from __future__ import annotations

import io
import json

import pytest

from app.cli.simulation.matters import SHIPPED, read_matters, speakable

ROW = {
    "complaint_id": "1", "date_received": "2019-02-07", "product": "Mortgage", "issue": "Closing", "sub_issue": None,
    "complaint_what_happened": None, "date_sent_to_company": "2019-02-07",
}  # fmt: skip


def rows(*several: dict[str, object]) -> io.BytesIO:
    return io.BytesIO("\n".join(json.dumps(row) for row in several).encode())


def test_a_narrative_is_told_word_for_word() -> None:
    (matter,) = read_matters(rows({**ROW, "complaint_what_happened": "they called\n me XXXX times"}), "a", print)

    assert (matter.story, matter.product) == ("they called me XXXX times", "Mortgage")


def test_without_a_narrative_the_issue_is_told() -> None:
    (matter,) = read_matters(rows({**ROW, "sub_issue": "Late"}), "a", print)

    assert matter.story == "Closing. Late"


def test_a_row_that_cannot_be_read_is_told_and_left_out() -> None:
    told: list[str] = []

    matters = read_matters(rows(ROW, {**ROW, "complaint_id": "two"}), "a.jsonl", told.append)

    assert [matter.source_id for matter in matters] == ["1"]
    assert told[0].startswith("a.jsonl:2: ")


@pytest.mark.parametrize(("text", "cut"), [("a bc def", "a bc def"), ("a bc defg", "a bc"), ("a\n b", "a b")])
def test_what_is_too_long_ends_with_a_whole_word(text: str, cut: str) -> None:
    assert speakable(text, 8) == cut


def test_the_shipped_complaints_can_all_be_told() -> None:
    told: list[str] = []
    with SHIPPED.open("rb") as file:
        matters = read_matters(file, SHIPPED.name, told.append)

    assert told == []
    assert len(matters) == 21
    assert all(0 < len(matter.story) <= 2520 for matter in matters)
