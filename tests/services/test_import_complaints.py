"""Complaints come in from files and go out again, on both databases."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.domain.cfpb import heading_of
from app.domain.errors import BadFile
from app.domain.protocol import is_protocol
from app.models.case import Case, CaseEvent
from app.models.engines import Database
from app.models.records import open_record, seal_record
from app.models.vault import Vault
from app.services.export_complaints import ExportForm, export_complaints
from app.services.import_complaints import import_complaints
from app.services.remove_content import permitted
from tests.cfpb_rows import generated_rows, real_rows

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
VAULT = Vault((("k1", bytes(range(32))),))
SIXTEEN = (
    "Date received", "Product", "Sub-product", "Issue", "Sub-issue", "Consumer complaint narrative",
    "Company public response", "Company", "State", "ZIP code", "Tags", "Submitted via", "Date sent to company",
    "Company response to consumer", "Timely response?", "Complaint ID",
)  # fmt: skip


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    yield database
    database.dispose()


def bring_in(session, content: str | bytes):
    content = content.encode() if isinstance(content, str) else content
    return import_complaints(session, VAULT, io.BytesIO(content), name="file", hotline="haushalt", now=NOW)


def written(session, form=ExportForm.JSON_LINES, **how):
    out = io.StringIO(newline="")
    export_complaints(session, VAULT, out, form=form, **how)
    return out.getvalue()


def as_lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def as_csv(rows, columns):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({heading_of(name): cell for name, cell in row.items()} for row in rows)
    return out.getvalue()


def test_real_complaints_come_in_once_and_go_out_as_they_came(database):
    rows = real_rows()
    with database.sessions.begin() as session:
        first = bring_in(session, as_lines(rows))
    with database.sessions.begin() as session:
        again = bring_in(session, as_lines(rows))
        out = written(session)
        cases = session.scalars(sa.select(Case)).all()

    assert (first.imported, first.unchanged, first.left_out) == (len(rows), 0, [])
    assert (again.imported, again.unchanged, again.left_out) == (0, len(rows), [])
    assert [list(json.loads(line).items()) for line in out.splitlines()] == [list(row.items()) for row in rows]
    assert all(is_protocol(case.protocol) and case.source == "cfpb" and case.kind == "complaint" for case in cases)


def test_a_real_complaint_becomes_a_case_with_its_columns(database):
    with database.sessions.begin() as session:
        bring_in(session, as_lines(real_rows()))
        row = next(row for row in real_rows() if row["company_response"] == "Closed with monetary relief")
        case = session.scalars(sa.select(Case).where(Case.source_id == row["complaint_id"])).one()
        record = open_record(VAULT, case)
        events = session.scalars(sa.select(CaseEvent.kind).where(CaseEvent.case_id == case.id)).all()

    assert (case.status, case.outcome, case.language) == ("closed", "monetary", "en")
    assert (case.hotline, case.closed_at, events) == ("haushalt", NOW, ["received"])
    assert record.receipt.protocol == case.protocol
    assert case.completeness == record.completeness() > 0


def test_the_sixteen_column_export_comes_back_cell_for_cell(database):
    content = as_csv(real_rows(), SIXTEEN)
    with database.sessions.begin() as session:
        report = bring_in(session, content)
        out = written(session, ExportForm.CSV)

    assert (report.imported, report.left_out) == (len(real_rows()), [])
    assert out == content


def test_lines_through_csv_and_back_are_the_same_lines(database):
    with database.sessions.begin() as session:
        bring_in(session, as_lines(real_rows()))
        table = written(session, ExportForm.CSV)
        with permitted(session):
            session.execute(sa.delete(CaseEvent))
            session.execute(sa.delete(Case))
        bring_in(session, table)

        assert [json.loads(line) for line in written(session).splitlines()] == real_rows()


@hypothesis_settings(max_examples=25)
@given(st.lists(generated_rows(), min_size=1, max_size=5, unique_by=lambda row: row["complaint_id"]))
def test_rows_of_every_shape_come_back_as_lines(database, rows):
    with database.sessions() as session:
        report = bring_in(session, as_lines(rows))
        out = [list(json.loads(line).items()) for line in written(session).splitlines()]
        session.rollback()

    assert report.imported == len(rows) or report.left_out
    assert out == [list(row.items()) for row in rows]


@hypothesis_settings(max_examples=25)
@given(generated_rows(texts_only=True))
def test_rows_of_every_shape_come_back_as_csv(database, row):
    content = as_csv([row], [heading_of(name) for name in row])
    with database.sessions() as session:
        bring_in(session, content)
        out = written(session, ExportForm.CSV)
        session.rollback()

    assert out == content


BAD_ROWS = (
    "Complaint ID,Date received,Product,Consumer complaint narrative\r\n"
    '1,2019-02-07,Mortgage,"two\r\nlines"\r\n'
    ",2019-02-07,Mortgage,no number\r\n"
    "x3,2019-02-07,Mortgage,number that is none\r\n"
    "4,,Mortgage,no day\r\n"
    "5,2019-02-30,Mortgage,day that is none\r\n"
    "6,2019-02-07,Mortgage\r\n"
    "7,2019-02-07,Mortgage,one,too many\r\n"
    '8,2019-02-07,Mortgage,"stray quote\r\n'
    "9,2019-02-07,Mortgage,good\r\n"
)


def test_bad_rows_are_told_by_line_and_left_out_whole(database):
    with database.sessions.begin() as session:
        report = bring_in(session, BAD_ROWS.encode() + b"10,2019-02-07,Mortgage,\xff\r\n")
        here = set(session.scalars(sa.select(Case.source_id)))

    assert report.imported == 2
    assert here == {"1", "9"}
    assert [line for line, _ in report.left_out] == [4, 5, 6, 7, 8, 9, 10, 12]


def test_a_row_that_is_in_the_file_twice_is_imported_once_and_told(database):
    rows = [real_rows()[0], {**real_rows()[0], "product": "Another"}]
    with database.sessions.begin() as session:
        report = bring_in(session, as_lines(rows))

    assert (report.imported, report.unchanged) == (1, 1)
    assert report.remarks == [(2, f"complaint {rows[0]['complaint_id']} is here and reads otherwise; kept")]


def test_what_was_done_here_is_not_undone_by_importing_again(database):
    with database.sessions.begin() as session:
        bring_in(session, as_lines(real_rows()[:1]))
        case = session.scalars(sa.select(Case)).one()
        seal_record(VAULT, case, open_record(VAULT, case).with_facts({"outcome.root_cause": "a cable"}))
        bring_in(session, as_lines(real_rows()[:1]))

        assert open_record(VAULT, case).outcome.root_cause == "a cable"


def test_our_own_complaints_exported_and_imported_again_are_known(database):
    with database.sessions.begin() as session:
        bring_in(session, as_lines(real_rows()[:1]))
        case = session.scalars(sa.select(Case)).one()
        case.source, case.source_id = "call", "call-key:complaint"
        ours = open_record(VAULT, case).with_facts({"source": None, "source_id": None, "source_columns": ()})
        seal_record(VAULT, case, ours)
        report = bring_in(session, written(session))

        assert (report.imported, report.unchanged) == (0, 1)


def test_a_file_of_something_else_changes_nothing(database):
    with database.sessions.begin() as session:
        with pytest.raises(BadFile, match=r"^file:2: no CFPB complaints"):
            bring_in(session, '\n{"recall_number": "13262"}\n')
        assert session.scalar(sa.select(sa.func.count(Case.id))) == 0


def test_a_batch_is_whole_before_the_next_begins(database):
    rows = [{**real_rows()[0], "complaint_id": str(number)} for number in range(1, 1_202)]
    seen = []
    with database.sessions() as session:

        def after_batch():
            session.commit()
            seen.append(session.scalar(sa.select(sa.func.count(Case.id))))
            session.commit()

        import_complaints(
            session, VAULT, io.BytesIO(as_lines(rows).encode()), name="f", hotline="h", now=NOW, after_batch=after_batch
        )

    assert seen == [500, 1000, 1201]


def test_a_spreadsheet_gets_no_formula_from_a_safe_export(database):
    row = {**real_rows()[0], "product": "=HYPERLINK(1)", "company": "+49301234"}
    with database.sessions.begin() as session:
        bring_in(session, as_lines([row]))
        raw, safe = written(session, ExportForm.CSV), written(session, ExportForm.CSV, safe=True)

    assert ",=HYPERLINK(1)," in raw
    assert ",'=HYPERLINK(1)," in safe
    assert ",'+49301234," in safe
