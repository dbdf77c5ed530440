"""CFPB complaints for tests: the real ones at hand, and made-up ones of every shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from app.domain import cfpb_words as words
from app.domain.cfpb_columns import COLUMNS

ROOT = Path(__file__).parent
SHARED = ROOT.parents[1] / "shared" / "data"

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
_HARD = st.sampled_from(
    ['"', '""', ",", "\r\n", "\n", "\r", "=1+1", "+49", "XX/XX/XXXX {$1200.00}", "300XX", " ", "N/A", "null"]
)
_DAYS = st.one_of(st.dates().map(str), st.just("2/7/19"), st.just("2019-02-07T12:00:00-05:00"))
_LISTS = {
    "submitted_via": words.CHANNELS,
    "consumer_consent_provided": words.CONSENTS,
    "company_response": words.RESPONSES,
    "timely": words.YES_NO,
    "consumer_disputed": words.YES_NO,
    "tags": ["Servicemember", "Older American", "Older American, Servicemember", "Servicemember,Older American"],
}


def data_file(name: str) -> Path:
    """The larger file beside the project if it is there, else the few rows that the project has."""
    return SHARED / name if (SHARED / name).exists() else ROOT / "data" / name


def real_rows() -> list[dict[str, Any]]:
    """Real complaints."""
    return [json.loads(line) for line in data_file("cfpb_complaints.jsonl").read_text().splitlines()]


@st.composite
def generated_rows(draw: st.DrawFn, *, texts_only: bool = False) -> dict[str, Any]:
    """A row with some of the columns in any order, unknown columns, known and unknown words, texts of every sort.

    Args:
        texts_only: only what CSV can hold: texts that are not empty, or nothing.
    """
    cell = st.one_of(st.none(), TEXT.filter(bool) if texts_only else TEXT, _HARD)
    row: dict[str, Any] = {}
    for column in draw(st.permutations(COLUMNS)):
        if column.field == "complaint_id":
            row[column.field] = str(draw(st.integers(1, 10**9)))
        elif column.field != "product" and draw(st.integers(0, 9)) == 0:
            continue
        elif column.field.startswith("date_"):
            row[column.field] = draw(_DAYS)
        else:
            known = st.sampled_from(list(_LISTS.get(column.field, ["x"])))
            row[column.field] = draw(st.one_of(known, cell))
    extra = st.text("abcdefgh ", min_size=1, max_size=8).map(lambda name: "x" + name.strip())
    other = cell if texts_only else st.one_of(cell, st.integers(), st.booleans(), st.lists(TEXT, max_size=2))
    row.update(draw(st.dictionaries(extra, other, max_size=3)))
    return row
