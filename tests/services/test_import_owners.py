"""A register of buyers comes in, so that a recall finds them, on both databases."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.domain.errors import BadFile
from app.models.recall import OwnedIdentifier, OwnedProduct
from app.services.import_owners import import_owners

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROWS = (
    "Phone,Model,UPC,Serial,Product\n"
    "0151 12345678,hans-0002,0 35051 12033 9,,Stool\n"
    "withheld,HANS0002,,,Stool\n"
    "+49 151 12345679,,035051120338,,Stool\n"
    "+49 151 12345679,,,SN 00123,Stool\n"
)


def test_owners_come_in_once_and_bad_rows_are_told_by_number(runtime):
    """P8: telephone numbers are sealed; a wrong bar code is no number of a product."""
    bad = []

    def bring_in():
        with runtime.database.sessions.begin() as session:
            return import_owners(
                session,
                runtime.vault,
                io.BytesIO(ROWS.encode()),
                name="register",
                country="DE",
                now=NOW,
                on_bad_row=lambda number, problem: bad.append(number),
            )

    first, again = bring_in(), bring_in()

    assert (first.imported, first.unchanged, first.bad_rows) == (2, 0, 2)
    assert (again.imported, again.unchanged) == (0, 2)
    assert bad == [2, 3, 2, 3]
    with runtime.database.reads() as session:
        found = set(map(tuple, session.execute(sa.select(OwnedIdentifier.kind, OwnedIdentifier.normal))))
        phones = session.scalars(sa.select(OwnedProduct.phone)).all()
    assert found == {("model", "HANS0002"), ("gtin", "00035051120339"), ("serial", "SN00123")}
    assert not any(b"151" in phone for phone in phones)


def test_a_file_of_something_else_is_refused(runtime):
    with runtime.database.sessions.begin() as session, pytest.raises(BadFile, match="no owners"):
        import_owners(session, runtime.vault, io.BytesIO(b"a,b\n1,2\n"), name="x", country="DE", now=NOW)
