"""The printed table of the complaint record."""

from __future__ import annotations

from pathlib import Path

from app.domain.cfpb_columns import COLUMNS
from app.domain.complaint_table import cfpb_fields, markdown

PAGE = Path(__file__).parents[2] / "docs" / "complaint-record.md"


def test_the_printed_table_is_the_models():
    assert PAGE.read_text() == markdown(), "write it anew: scripts/hotline complaints scheme --markdown"


def test_every_column_of_the_cfpb_has_its_place_in_the_record():
    assert set(cfpb_fields()) == {column.field for column in COLUMNS}
