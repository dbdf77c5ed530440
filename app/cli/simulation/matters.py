"""What callers complain about: rows of a CFPB export, cut to what can be said on the telephone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from app.domain.cfpb import check_columns, read_complaint
from app.domain.complaint import ComplaintRecord
from app.domain.errors import Invalid
from app.domain.row_file import read_rows
from app.domain.rows import BadRow

SHIPPED: Final = Path(__file__).with_name("cfpb_complaints.jsonl")
CHARACTERS_A_SECOND: Final = 14  # of somebody who speaks
LONGEST_STORY_SECONDS: Final = 180
LONGEST_PRODUCT: Final = 120  # characters; nobody says more when asked for a few words


@dataclass(frozen=True, slots=True)
class Matter:
    """One complaint as its caller tells it."""

    source_id: str
    product: str
    story: str
    is_service: bool


def read_matters(file: BinaryIO, name: str, left_out: Callable[[str], None]) -> list[Matter]:
    """The complaints of an export in their order; rows that cannot be read are told to `left_out`.

    Raises:
        BadFile: if this is no CFPB export.
    """
    matters: list[Matter] = []
    for row in read_rows(file, name, check_columns):
        if isinstance(row, BadRow):
            left_out(f"{name}:{row.line}: {row.problem}")
            continue
        try:
            matters.append(_matter(read_complaint(row.cells)))
        except Invalid as fault:
            left_out(f"{name}:{row.line}: {fault}")
    return matters


def _matter(record: ComplaintRecord) -> Matter:
    told = record.matter
    story = told.narrative or ". ".join(part for part in (told.issue, told.sub_issue) if part) or "I have to complain"
    return Matter(
        source_id=record.source_id or "",
        product=speakable(told.sub_product or told.product or "your service", LONGEST_PRODUCT),
        story=speakable(story, LONGEST_STORY_SECONDS * CHARACTERS_A_SECOND),
        is_service=True,  # the CFPB's complaints are about financial services
    )


def speakable(text: str, most: int) -> str:
    """On one line, and cut at a word if it is longer than `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rpartition(" ")[0]
